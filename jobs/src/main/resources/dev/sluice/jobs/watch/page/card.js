// One picture: in the feed, and in full.

import { count, duration, h, svg } from "./dom.js";

const LABELS_IN_FEED = 2;

/** What became of a picture, as one word for the filters and one for the reader. */
export function outcome(card) {
  if (card.verdict) {
    return card.verdict.decision.toLowerCase();
  }
  return card.rejections.length > 0 ? "rejected" : card.caption ? "captioned" : "passing";
}

const WORDS = {
  allow: "Allowed",
  review: "To review",
  block: "Blocked",
  error: "Error",
  rejected: "Rejected",
  captioned: "Captioned",
  passing: "On its way",
};

/** A picture in the feed; opens in full. */
export function cardOf(card, onOpen) {
  const id = `card-${card.number}`;
  return h(
    "article",
    { class: "card", "aria-labelledby": id, "data-outcome": outcome(card), "data-number": card.number },
    picture(card),
    h(
      "div",
      { class: "words" },
      h(
        "h3",
        { id },
        h("button", { type: "button", class: "open", onclick: () => onOpen(card) }, nameOf(card)),
      ),
      badge(card),
      text(card),
      labels(card, LABELS_IN_FEED),
    ),
  );
}

/** A picture in full, for the dialog. */
export function detailOf(card, onClose) {
  return [
    h(
      "header",
      {},
      h("h2", { id: "detail-title" }, nameOf(card)),
      badge(card),
      h("button", { type: "button", class: "close", "aria-label": "Close", onclick: onClose }, "×"),
    ),
    picture(card),
    text(card),
    labels(card, Infinity),
    facts(card),
  ].filter(Boolean);
}

function nameOf(card) {
  return card.contentId ? `${card.contentId} · ${card.eventId}` : card.eventId;
}

function badge(card) {
  const what = outcome(card);
  return h("p", { class: "badge", "data-outcome": what }, WORDS[what]);
}

function picture(card) {
  if (!card.preview) {
    return h("div", { class: "picture none" }, h("span", {}, "no preview"));
  }
  const image = h("img", {
    src: `/previews/${encodeURIComponent(card.eventId)}`,
    alt: card.caption ? card.caption.text : `picture ${card.eventId}`,
    loading: "lazy",
    decoding: "async",
  });
  const fit = h("div", { class: "fit" }, image, card.plan ? slices(card.plan) : null);
  image.addEventListener("load", () => {
    fit.style.setProperty("--ratio", image.naturalWidth / image.naturalHeight);
  });
  return h("div", { class: "picture" }, fit);
}

/** The slice grid as it lies over the picture. */
function slices({ columns, rows }) {
  if (columns * rows < 2) {
    return null;
  }
  const lines = [];
  for (let column = 1; column < columns; column++) {
    lines.push(line(column / columns, 0, column / columns, 1));
  }
  for (let row = 1; row < rows; row++) {
    lines.push(line(0, row / rows, 1, row / rows));
  }
  return svg(
    "svg",
    {
      class: "slices",
      viewBox: "0 0 1 1",
      preserveAspectRatio: "none",
      role: "img",
      "aria-label": `cut into ${columns} by ${rows} slices`,
    },
    lines,
  );
}

function line(x1, y1, x2, y2) {
  const ends = { x1, y1, x2, y2 };
  return svg("g", {}, svg("line", { class: "under", ...ends }), svg("line", { class: "over", ...ends }));
}

function text(card) {
  if (card.rejections.length > 0) {
    const { category, message, stage } = card.rejections[card.rejections.length - 1];
    return h(
      "p",
      { class: "reason" },
      h("strong", {}, `${category.replaceAll("_", " ").toLowerCase()}, at ${stage.toLowerCase()}: `),
      message,
    );
  }
  return card.caption ? h("p", { class: "caption" }, card.caption.text) : null;
}

function labels(card, most) {
  if (!card.verdict) {
    return null;
  }
  const shown = [...card.verdict.labels].sort((a, b) => b.score - a.score).slice(0, most);
  return h("ul", { class: "labels" }, shown.map(label));
}

function label({ code, score, threshold }) {
  const over = score >= threshold;
  const track = h("span", { class: "track", "aria-hidden": "true" }, h("span", { class: "fill" }), h("span", { class: "tick" }));
  track.style.setProperty("--score", score);
  track.style.setProperty("--threshold", threshold);
  return h(
    "li",
    { class: over ? "over" : null },
    h("span", { class: "code" }, code),
    track,
    h("span", { class: "score" }, `${score.toFixed(2)} `, h("span", { class: "threshold" }, `of ${threshold.toFixed(2)}`)),
  );
}

function facts(card) {
  const facts = [
    ["Event time", new Date(card.eventTime).toLocaleString()],
    card.tenantId && ["Tenant", card.tenantId],
    card.plan && ["Picture", `${card.plan.width} × ${card.plan.height} pixels`],
    card.plan && ["Slices", card.plan.columns ? `${card.plan.columns} × ${card.plan.rows} and an overview` : "overview alone"],
    card.plan && ["Visual tokens", count(card.plan.visualTokens)],
    card.caption && ["Caption", `${card.caption.tokens} tokens, ${card.caption.finishReason.toLowerCase()}`],
    card.verdict && ["Policy", card.verdict.policy],
    card.verdict && card.verdict.rationale && ["Rationale", card.verdict.rationale],
    card.model && ["Model", card.model],
    card.micros && ["Own work", Object.entries(card.micros).map(([step, micros]) => `${step} ${duration(micros)}`).join(", ")],
  ];
  return h(
    "dl",
    { class: "facts" },
    facts.filter(Boolean).map(([name, value]) => h("div", {}, h("dt", {}, name), h("dd", {}, value))),
  );
}
