// The way of an image, left to right: what waits, the gate, the steps, the device.

import { bytes, count, duration, h, percent, rate } from "./dom.js";

const STEP_OF_LIMIT = { slice: "slice", encode: "encode", generate: "caption", score: "judge" };

const LIMITS = {
  source: "The job keeps up: it waits for pictures.",
  slice: "The decoding threads limit.",
  encode: "The device limits, with encoding.",
  score: "The device limits, with scoring.",
  generate: "The device limits, with generating text.",
  memory: "The memory budget limits.",
  "in-flight": "Pictures in flight limit: something later is slow.",
};

/** Renders the stream's state. */
export function flowOf(state) {
  if (state.jobs.length === 0) {
    return [h("p", { class: "absent" }, state.absent ?? "No job of Sluice is running yet.")];
  }
  return [...state.jobs.map(channel), ...Object.entries(state.devices ?? {}).map(device)];
}

function channel(job) {
  return h(
    "div",
    { class: "channel" },
    h("h3", {}, job.name, " ", h("span", { class: "limit", "data-limit": job.bottleneck }, LIMITS[job.bottleneck] ?? "")),
    h(
      "ol",
      {},
      node("Kafka", false, `${count(job.pending)} waiting`, `${rate(job.rate)} / s read`),
      gate(job),
      job.steps.map((step) => stepNode(step, job)),
    ),
  );
}

function gate(job) {
  const level = job.inFlight / Math.max(1, job.inFlight + job.credits);
  const limits = job.bottleneck === "memory" || job.bottleneck === "in-flight";
  const element = node(
    "Gate",
    limits,
    job.credits > 0 ? `open, ${count(job.credits)} credits` : "closed",
    `${count(job.inFlight)} in flight`,
  );
  element.classList.add("gate");
  element.style.setProperty("--level", level);
  element.prepend(
    h(
      "div",
      {
        class: "basin",
        role: "meter",
        "aria-label": "Gate's level",
        "aria-valuemin": 0,
        "aria-valuemax": 100,
        "aria-valuenow": Math.round(100 * level),
      },
      h("div", { class: "water" }),
    ),
  );
  return element;
}

function stepNode(step, job) {
  const limits = STEP_OF_LIMIT[job.bottleneck] === step.name;
  return node(step.name, limits, `${rate(step.rate)} / s`, `${count(step.inFlight)} in, ${duration(step.waitMicros)} wait`);
}

function node(name, limits, ...lines) {
  return h(
    "li",
    { class: limits ? "node limits" : "node" },
    h("strong", {}, name),
    lines.map((line) => h("span", {}, line)),
    limits ? h("em", {}, "limits now") : null,
  );
}

function device([name, values]) {
  const facts = [
    ["load", percent(Math.min(1, values.load ?? 0))],
    ["memory", `${bytes(values.ledgerUsedBytes ?? 0)} of ${bytes(values.ledgerBudgetBytes ?? 0)}`],
    ["batch fill", percent(values.encodeBatchFill ?? 0)],
    ["tokens", `${rate(values.generatedTokensPerSecond ?? 0)} / s`],
    ["1,000 images", `${count(values.deviceSecondsPerThousandImages ?? 0)} s`],
  ];
  return h(
    "dl",
    { class: "device" },
    h("dt", { class: "name" }, `Device ${name}`),
    facts.map(([fact, value]) => h("div", {}, h("dt", {}, fact), h("dd", {}, value))),
  );
}
