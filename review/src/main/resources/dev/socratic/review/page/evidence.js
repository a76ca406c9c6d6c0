// Why a row went, with what a person needs to check it: the other row beside it, what was measured, what was extracted.
import {el, figure, words} from "./dom.js";
import {sides} from "./diff.js";
import {part} from "./texts.js";

const LONGEST = 6_000; // characters that are compared beside each other

/** What each reason says, where its name alone does not. */
const SENTENCES = {
  near_duplicate: "Says almost the same as a row that stays.",
  exact_duplicate: "Is the same text as a row that stays.",
  evaluation_ngram: "Shares a run of words with a benchmark's question: training on it would spoil the evaluation.",
  evaluation_retrieval: "Asks what a benchmark's question asks: training on it would spoil the evaluation.",
  contradicts_gold: "Ends in another answer than the right one.",
  contradicts_itself: "Reasoning and answer end in two answers.",
  wrong_arithmetic: "A calculation in it is wrong.",
  unfinished: "Stops before its end.",
};
const AS = {
  kept_id: "The row that stays",
  duplicate_of: "The row that stays",
  evaluation: "The benchmark's question",
  evaluation_id: "The benchmark's question",
};

/** @param open told the id of another row that one wants to see */
export function why(row, open) {
  const made = [];
  if (row.drop) made.push(dropped(row, open));
  const failed = (row.verdicts ?? []).filter(verdict => !verdict.passed);
  if (failed.length)
    made.push(el("section", {class: "why part"}, el("h3", {text: "Failed a check"}), failed.map(verdictOf)));
  if (!row.drop && row.summary.status === "broken")
    made.push(
      el("section", {class: "why part"}, el("h3", {text: "Not a row"}), el("p", {text: row.summary.reason ?? ""})),
    );
  return made;
}

const verdictOf = ({check, detail, extracted, gold}) =>
  el(
    "p",
    {},
    el("b", {text: words(check)}),
    detail ? ": " + detail : "",
    extracted !== undefined ? ` (extracted ${extracted}${gold !== undefined ? `, right is ${gold}` : ""})` : "",
  );

function dropped({drop, others = [], ...row}, open) {
  const shown = Object.entries(drop.evidence ?? {}).filter(
    ([name, value]) =>
      !others.some(other => other.as === name) &&
      !(typeof value === "string" && others.some(other => other.question === value)),
  );
  return el(
    "section",
    {class: "why part"},
    el("h3", {text: `Dropped: ${words(drop.reason)}`}),
    SENTENCES[drop.reason] ? el("p", {text: SENTENCES[drop.reason]}) : "",
    el(
      "dl",
      {},
      el("dt", {text: "step"}),
      el("dd", {text: words(drop.step)}),
      shown.flatMap(([name, value]) => [
        el("dt", {text: words(name)}),
        el("dd", {text: typeof value === "object" ? JSON.stringify(value) : figure(value)}),
      ]),
    ),
    others.filter(other => other.found !== false || !other.as?.endsWith("question_id")).map(other => beside(row, other, open)),
  );
}

/** Two rows in two columns, each word that only one of them has marked. */
export function beside(row, other, open) {
  const title = AS[other.as] ?? words(other.as ?? "the other row");
  const isBenchmark = (other.as ?? "").startsWith("evaluation") || other.source !== undefined;
  const head = el(
    "h4",
    {},
    title + " ",
    other.source ? el("span", {class: "soft", text: other.source + " "}) : "",
    other.id && other.found !== false && !isBenchmark
      ? el("button", {
          type: "button",
          class: "quiet",
          text: other.id,
          title: "Show this row",
          on: {click: () => open(other.id)},
        })
      : other.id
        ? el("span", {class: "soft", text: other.id})
        : "",
  );
  if (other.found === false && !other.question) {
    return el(
      "div",
      {class: "beside"},
      el("p", {class: "cut"}, head, "It is not among the rows that were opened here."),
    );
  }
  const node = el("div", {class: "beside"}, el("h4", {text: "This row"}), head);
  const compare = (mine = "", theirs = "") => node.append(...sides(mine.slice(0, LONGEST), theirs.slice(0, LONGEST)));
  compare(row.question ?? row.text, other.question ?? other.text);
  if (row.answer && other.answer) compare(row.answer, other.answer);
  if (Math.max(row.question?.length ?? 0, row.answer?.length ?? 0, other.answer?.length ?? 0) > LONGEST) {
    node.append(el("p", {class: "soft cut", text: `The first ${LONGEST} characters of each are compared.`}));
  }
  return node;
}

/** Checks that held and checks that failed, as one table. */
export const checks = verdicts =>
  part(
    "",
    "",
    el(
      "div",
      {class: "wide"},
      el(
        "table",
        {},
        el(
          "tbody",
          {},
          verdicts.map(({check, passed, detail}) =>
            el(
              "tr",
              {},
              el("td", {text: passed ? "✓ passed" : "✗ failed"}),
              el("td", {text: words(check)}),
              el("td", {text: detail ?? ""}),
            ),
          ),
        ),
      ),
    ),
  );
