// Elements are made here and nowhere else: text is always text, never markup.

const SVG = "http://www.w3.org/2000/svg";

/** An element with attributes and children; strings become text, nothing is left out. */
export function h(tag, attributes = {}, ...children) {
  return fill(document.createElement(tag), attributes, children);
}

export function svg(tag, attributes = {}, ...children) {
  return fill(document.createElementNS(SVG, tag), attributes, children);
}

function fill(element, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) {
      element.addEventListener(name.slice(2), value);
    } else if (value !== null && value !== undefined && value !== false) {
      element.setAttribute(name, value === true ? "" : value);
    }
  }
  element.append(...children.flat().filter((child) => child !== null && child !== undefined));
  return element;
}

const whole = new Intl.NumberFormat("en");
const tenth = new Intl.NumberFormat("en", { maximumFractionDigits: 1 });

export const count = (value) => whole.format(Math.round(value));
export const rate = (value) => tenth.format(value);
export const percent = (value) => `${Math.round(100 * value)} %`;

export function bytes(value) {
  const units = ["B", "KiB", "MiB", "GiB", "TiB"];
  let unit = 0;
  while (value >= 1024 && unit < units.length - 1) {
    value /= 1024;
    unit++;
  }
  return `${tenth.format(value)} ${units[unit]}`;
}

export function duration(micros) {
  return micros < 1000
    ? `${count(micros)} µs`
    : micros < 1e6
      ? `${tenth.format(micros / 1e3)} ms`
      : `${tenth.format(micros / 1e6)} s`;
}
