// Events in, page out.

import { detailOf, outcome } from "./card.js";
import { count, h } from "./dom.js";
import { Feed } from "./feed.js";
import { flowOf } from "./flow.js";

/** As many as the server remembers. */
const MOST_CARDS = 5000;

/** Which cards each filter shows, in the order of the buttons. */
const FILTERS = {
  Answered: (card) => outcome(card) !== "passing",
  Allowed: (card) => outcome(card) === "allow",
  "To review": (card) => outcome(card) === "review",
  Blocked: (card) => outcome(card) === "block",
  Rejected: (card) => card.rejections.length > 0,
  "On its way": (card) => outcome(card) === "passing",
};

const byId = (id) => document.getElementById(id);
const cards = new Map();

/** By number: the order in which pictures got their first answer, as far as this page saw. */
const answered = new Map();

let order = [];
let fresh = 0;
let forgotten = 0;
let held = false;
let filter = "Answered";
let words = "";

const feed = new Feed(byId("feed"), open);

function matches(card) {
  return FILTERS[filter](card) && (!words || searched(card).includes(words));
}

function searched(card) {
  return [card.eventId, card.contentId, card.caption?.text, ...card.rejections.map((r) => r.message)].join(" ").toLowerCase();
}

/** The newest answers first; while the reader is further down, or holds, new ones wait. */
function refresh(takeFresh) {
  if (takeFresh) {
    order = [...cards.keys()].sort((a, b) => (answered.get(b) ?? 0) - (answered.get(a) ?? 0) || b - a);
    fresh = 0;
  }
  const shown = order.map((number) => cards.get(number)).filter((card) => card && matches(card));
  feed.show(shown);
  byId("empty").hidden = shown.length > 0;
  byId("empty").textContent = cards.size > 0 ? "No picture fits at the moment." : "Nothing yet. Pictures appear here with their first answer.";
  byId("newer").hidden = fresh === 0;
  byId("newer").textContent = `Show ${count(fresh)} new`;
}

function onCards(event) {
  const { cards: changed, counts } = JSON.parse(event.data);
  for (const card of changed) {
    cards.set(card.number, card);
    if (outcome(card) !== "passing" && !answered.has(card.number)) {
      answered.set(card.number, answered.size + forgotten + 1);
      fresh++;
    }
  }
  forget();
  showCounts(counts);
  refresh(!held && atTop());
}

/** Cards come in the order of their numbers, so the first keys are the oldest. */
function forget() {
  for (const number of cards.keys()) {
    if (cards.size <= MOST_CARDS) {
      return;
    }
    cards.delete(number);
    forgotten += answered.delete(number) ? 1 : 0;
  }
}

function atTop() {
  return byId("feed").getBoundingClientRect().top > 0;
}

function showCounts(counts) {
  const shown = [
    ["pictures", counts.pictures],
    ["captions", counts.captions],
    ["allowed", counts.ALLOW],
    ["to review", counts.REVIEW],
    ["blocked", counts.BLOCK],
    ["rejections", counts.rejections],
  ];
  byId("counts").replaceChildren(
    ...shown.map(([name, value]) => h("div", {}, h("dt", {}, name), h("dd", {}, count(value ?? 0)))),
  );
}

function open(card) {
  const dialog = byId("detail");
  dialog.replaceChildren(...detailOf(card, () => dialog.close()));
  dialog.showModal();
}

function connected(state, text) {
  const connection = byId("connection");
  if (connection.dataset.state !== state) {
    connection.dataset.state = state;
    connection.textContent = text;
  }
}

for (const name of Object.keys(FILTERS)) {
  const input = h("input", { type: "radio", name: "filter", value: name, checked: name === filter });
  input.addEventListener("change", () => {
    filter = name;
    refresh(!held);
  });
  byId("filters").append(h("label", {}, input, h("span", {}, name)));
}
byId("search").addEventListener("input", (event) => {
  words = event.target.value.trim().toLowerCase();
  refresh(!held);
});
byId("pause").addEventListener("click", (event) => {
  held = !held;
  event.currentTarget.setAttribute("aria-pressed", held);
  refresh(!held);
});
byId("newer").addEventListener("click", () => {
  scrollTo({ top: 0 });
  refresh(true);
});
byId("detail").addEventListener("click", (event) => {
  if (event.target === event.currentTarget) {
    event.currentTarget.close();
  }
});

showCounts({});
const events = new EventSource("/events");
events.addEventListener("open", () => connected("live", "live"));
events.addEventListener("error", () => connected("lost", "connection lost, trying again"));
events.addEventListener("cards", onCards);
events.addEventListener("state", (event) => byId("flow").replaceChildren(...flowOf(JSON.parse(event.data))));
