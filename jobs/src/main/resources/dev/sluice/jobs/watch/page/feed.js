// The feed: thousands of cards, of which only those near the view are in the document.

import { cardOf } from "./card.js";

const NARROWEST_COLUMN = 270;
const GAP = 16;
const ROWS_AROUND = 2;

export class Feed {
  #root;
  #onOpen;
  #cards = [];
  #shown = new Map();
  #columns = 1;
  #scheduled = false;

  constructor(root, onOpen) {
    this.#root = root;
    this.#onOpen = onOpen;
    addEventListener("scroll", () => this.#schedule(), { passive: true });
    new ResizeObserver(() => this.#schedule()).observe(root);
    root.addEventListener("keydown", (event) => this.#move(event));
  }

  /** Shows these cards, in this order. */
  show(cards) {
    this.#cards = cards;
    this.#schedule();
  }

  #schedule() {
    if (!this.#scheduled) {
      this.#scheduled = true;
      requestAnimationFrame(() => {
        this.#scheduled = false;
        this.#render();
      });
    }
  }

  #render() {
    const width = this.#root.clientWidth;
    this.#columns = Math.max(1, Math.floor((width + GAP) / (NARROWEST_COLUMN + GAP)));
    const rowHeight = parseFloat(getComputedStyle(this.#root).getPropertyValue("--card-height")) + GAP;
    const rows = Math.ceil(this.#cards.length / this.#columns);
    this.#root.style.height = `${Math.max(0, rows * rowHeight - GAP)}px`;
    this.#root.style.setProperty("--columns", this.#columns);

    const above = -this.#root.getBoundingClientRect().top;
    const first = Math.max(0, Math.floor(above / rowHeight) - ROWS_AROUND) * this.#columns;
    const end = (Math.ceil((above + innerHeight) / rowHeight) + ROWS_AROUND) * this.#columns;
    const wanted = new Set();
    let before = null;
    for (let i = first; i < Math.min(end, this.#cards.length); i++) {
      const element = this.#element(this.#cards[i]);
      wanted.add(this.#cards[i].number);
      this.#place(element, i, rowHeight);
      const next = before ? before.nextSibling : this.#root.firstChild;
      if (element !== next) {
        this.#root.insertBefore(element, next);
      }
      before = element;
    }
    for (const [number, { element }] of this.#shown) {
      if (!wanted.has(number)) {
        element.remove();
        this.#shown.delete(number);
      }
    }
  }

  /** The card's element; made anew only where the card has changed, keeping the focus. */
  #element(card) {
    const old = this.#shown.get(card.number);
    if (old?.card === card) {
      return old.element;
    }
    const element = cardOf(card, this.#onOpen);
    if (old) {
      const focused = old.element.contains(document.activeElement);
      old.element.replaceWith(element);
      if (focused) {
        element.querySelector("button").focus({ preventScroll: true });
      }
    }
    this.#shown.set(card.number, { card, element });
    return element;
  }

  #place(element, index, rowHeight) {
    element.style.setProperty("--column", index % this.#columns);
    element.style.top = `${Math.floor(index / this.#columns) * rowHeight}px`;
    element.setAttribute("aria-posinset", index + 1);
    element.setAttribute("aria-setsize", this.#cards.length);
  }

  /** Page Up and Page Down go from picture to picture, as in every feed. */
  #move(event) {
    const step = { PageDown: 1, PageUp: -1 }[event.key];
    const here = event.target.closest("article");
    const next = step && here && (step > 0 ? here.nextElementSibling : here.previousElementSibling);
    if (next) {
      event.preventDefault();
      next.querySelector("button").focus();
    }
  }
}
