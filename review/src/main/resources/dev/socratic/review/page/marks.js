// What a row is and what was decided of it, in words: never by colour alone.
import {el, words} from "./dom.js";

export const DECISIONS = {accept: "accepted", reject: "rejected", later: "later"};

export const statusOf = row =>
  el("span", {class: "state " + row.status, text: row.status + (row.reason ? " · " + words(row.reason) : "")});

/** Decision, flag, conflict, edit and labels, each a small mark. */
export function marksOf(row) {
  const made = [];
  const mark = (kind, text) => made.push(el("span", {class: "verdict " + kind, text}));
  if (row.conflict) mark("conflict", "conflict");
  else if (row.decision) mark(row.decision, DECISIONS[row.decision] ?? row.decision);
  if (row.flagged) mark("flag", "flagged");
  if (row.edited) mark("edited", "edited");
  for (const label of row.labels ?? []) mark("label", label);
  return made;
}

/** One sentence of the row for those who listen. */
export function spoken(row) {
  return [
    row.status,
    row.reason ? words(row.reason) : "",
    row.conflict ? "conflict" : (DECISIONS[row.decision] ?? "undecided"),
    row.flagged ? "flagged" : "",
    row.question,
  ]
    .filter(Boolean)
    .join(", ");
}
