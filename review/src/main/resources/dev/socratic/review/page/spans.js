// Labels on a part of a text. Places are counted in the text as it is written, so they are marked there.
import {el} from "./dom.js";

/** The text as it is written, what is labelled marked. @param name of the text: question, reasoning, answer */
export function written(text, name, spans = []) {
  const here = spans
    .filter(span => span.in === name && span.from < span.to && span.to <= text.length)
    .sort((a, b) => a.from - b.from);
  const pieces = [];
  let at = 0;
  for (const {from, to, label} of here) {
    if (from < at) continue; // overlaps the one before, which is shown
    pieces.push(
      text.slice(at, from),
      el(
        "mark",
        {class: "span", title: label},
        text.slice(from, to),
        el("sup", {data: {label}, "aria-label": label}),
      ),
    );
    at = to;
  }
  return el("div", {class: "text written", data: name ? {in: name} : {}}, pieces.filter(Boolean), text.slice(at));
}

/** The part of a text that is selected: `in`, `from`, `to`; undefined where none is, or no text as it is written. */
export function selected() {
  const selection = getSelection();
  if (!selection.rangeCount || selection.isCollapsed) return undefined;
  const range = selection.getRangeAt(0);
  const home =
    range.commonAncestorContainer.parentElement?.closest("[data-in]") ??
    range.commonAncestorContainer.closest?.("[data-in]");
  if (!home) return undefined;
  const before = document.createRange();
  before.setStart(home, 0);
  before.setEnd(range.startContainer, range.startOffset);
  const from = before.toString().length;
  return {in: home.dataset.in, from, to: from + range.toString().length};
}

/** The spans with this one put on, or taken off where it was. */
export function toggledSpan(spans, span) {
  const same = one => one.in === span.in && one.from === span.from && one.to === span.to && one.label === span.label;
  return spans.some(same) ? spans.filter(one => !same(one)) : [...spans, span];
}
