// The row that is read, whole.
import {$, count, el, figure, plural, words} from "./dom.js";
import {api} from "./api.js";
import {mine} from "./decide.js";
import {desk, open} from "./desk.js";
import {editor, isEditing} from "./edit.js";
import {beside, checks, why} from "./evidence.js";
import {DECISIONS, marksOf, statusOf} from "./marks.js";
import {inline} from "./diff.js";
import {likes, samples} from "./samples.js";
import {state} from "./state.js";
import {more, pairs, part, textOf, turnsOf} from "./texts.js";

/** Draws the row, or what went wrong with it. */
export function draw(problem) {
  const sheet = $("sheet");
  if (problem || !desk.row) {
    sheet.replaceChildren(
      el("p", {
        class: "empty",
        text:
          problem?.message ??
          (desk.rows?.total === 0
            ? "No row matches. Take a filter away, or search for other words."
            : "Choose a row, with the mouse or with j and k."),
      }),
    );
    return;
  }
  const row = desk.row;
  sheet.replaceChildren(meta(row), ...why(row, open), ...texts(row), ...behind(row));
  sheet.scrollTop = 0;
}

function meta({summary, id}) {
  const {place = {}, teacher, length, words: n} = summary;
  return el(
    "div",
    {class: "meta"},
    statusOf(summary),
    marksOf(summary),
    teacher ? el("span", {text: teacher}) : "",
    length !== undefined
      ? el("span", {class: "n", text: `${count(length)} characters, ${plural(n ?? 0, "word")}`})
      : "",
    place.file ? el("span", {text: `${place.file}:${place.line}`}) : "",
    el("span", {class: "id", text: id}),
  );
}

function texts(row) {
  if (isEditing(row.id)) return [question(row), editor(row)];
  const made = [];
  const {edited} = row;
  const long = row.turns?.filter(turn => turn.role !== "system").length > 2;
  if (row.turns?.some(turn => turn.role === "system") || long)
    made.push(
      part(
        long ? "Dialogue" : "System prompt",
        "dialogue",
        turnsOf(long ? row.turns : row.turns.filter(turn => turn.role === "system")),
      ),
    );
  if (!long) made.push(question(row));
  if (row.text && !row.question) made.push(part("Text", "plain", textOf(row.text)));
  if (row.chosen)
    made.push(
      part("Preferred", "chosen", turnsOf(row.chosen)),
      part("Rejected", "rejected", turnsOf(row.rejected ?? [])),
    );
  if (row.reasoning) made.push(part("Reasoning", "reasoning", changed(row, "reasoning")));
  if (row.answer && (!long || edited))
    made.push(
      part(
        "Answer",
        "answer",
        changed(row, "answer"),
        edited ? el("span", {class: "soft", text: `edited by ${edited.reviewer}`}) : "",
      ),
    );
  made.push(finals(row));
  return made.filter(Boolean);
}

const question = row =>
  row.question ? part("Question", "question", textOf(row.question, {}, "question", mine().spans)) : undefined;

function changed(row, name) {
  const after = row.edited?.[name];
  return after === undefined || after === row[name]
    ? textOf(row[name], {}, name, mine().spans)
    : inline(row[name], after);
}

function finals({final_answer: final, gold, edited}) {
  const given = edited?.verification?.final_answer ?? final;
  if (given === undefined && gold === undefined) return undefined;
  const same = given !== undefined && gold !== undefined && given === gold;
  return el(
    "p",
    {class: "facts line-up"},
    given !== undefined
      ? el("span", {class: "chip" + (same ? " right" : "")}, "final answer ", el("b", {text: given}))
      : "",
    gold !== undefined ? el("span", {class: "chip"}, "right answer ", el("b", {text: gold})) : "",
    edited?.verification
      ? el("span", {
          class: "chip " + (edited.verification.passed ? "right" : "wrong"),
          text: edited.verification.passed ? "✓ verified after the edit" : "✗ fails after the edit",
        })
      : "",
  );
}

/** What stands behind the row, each part closed until one asks. */
function behind(row) {
  const made = [];
  const {teacher, prompt, sampling, usage, verdicts, scores, decisions, lineage, edits} = row;
  if (desk.corpus.has_samples !== false && (row.question_id ?? row.summary.question_id))
    made.push(
      more(
        "Samples of this question",
        "agreeing answers together",
        async () => samples(await api.samples(row.id), row, open),
        state.samples,
      ),
    );
  made.push(more("Rows like this one", "", async () => likes(await api.near(row.id), open)));
  if (prompt?.messages || prompt?.template)
    made.push(
      more("Prompt as sent", prompt.template ? `${prompt.template} ${prompt.version ?? ""}` : "", () => [
        ...turnsOf(prompt.messages ?? []),
        prompt.hash ? pairs({hash: prompt.hash}) : "",
      ]),
    );
  if (sampling || usage || teacher)
    made.push(
      more("Teacher, sampling, cost", cost(usage), () => [
        pairs({
          ...(typeof teacher === "string"
            ? {teacher}
            : teacher && (({name, ...rest}) => ({teacher: name, ...rest}))(teacher)),
          ...sampling,
          ...usage,
          ...(row.finish_reason && {finish_reason: row.finish_reason}),
          ...(row.created && {created: row.created}),
        }),
      ]),
    );
  if (verdicts?.length) made.push(more("Checks", plural(verdicts.length, "check"), () => [checks(verdicts)]));
  if (scores && Object.keys(scores).length)
    made.push(
      more("Scores", plural(Object.keys(scores).length, "figure"), () => [
        pairs(Object.fromEntries(Object.entries(scores).map(([name, value]) => [name, figure(value)]))),
      ]),
    );
  if (edits?.length)
    made.push(
      more("Edited by steps", plural(edits.length, "edit"), () =>
        edits
          .map(edit => [el("h4", {text: `${words(edit.step)}: ${words(edit.reason)}`}), pairs(edit.evidence ?? {})])
          .flat(),
      ),
    );
  if (decisions?.length)
    made.push(more("Decisions", plural(decisions.length, "decision"), () => [history(decisions)]));
  if (lineage) made.push(more("Lineage", "from the question to the training", () => lined(lineage)));
  made.push(
    more("The row's JSON", row.cut?.raw ? `${count(row.cut.raw)} bytes` : "", async () => [
      el("pre", {
        class: "json",
        tabindex: "0",
        "aria-label": "JSON",
        text: JSON.stringify(row.raw ?? (await api.raw(row.id)), null, 2),
      }),
    ]),
  );
  return made;
}

const cost = usage =>
  usage
    ? [
        usage.completion_tokens !== undefined ? plural(usage.completion_tokens, "token") : "",
        usage.cost_usd !== undefined ? `$${usage.cost_usd}` : "",
      ]
        .filter(Boolean)
        .join(", ")
    : "";

const history = decisions =>
  el(
    "ul",
    {class: "history"},
    decisions.map(made =>
      el(
        "li",
        {class: made.undone ? "undone" : undefined},
        el("b", {text: made.reviewer}),
        " ",
        [
          DECISIONS[made.decision] ?? made.decision,
          made.flag ? "flagged" : "",
          made.edit ? "edited" : "",
          ...(made.labels ?? []),
          made.spans?.length ? plural(made.spans.length, "labelled part") : "",
          made.rating ? `${made.rating} of ${desk.corpus.ratings ?? 5}` : "",
          made.note ? `“${made.note}”` : "",
        ]
          .filter(Boolean)
          .join(", "),
        el("span", {class: "soft", text: ` ${new Date(made.at).toLocaleString()}${made.undone ? ", undone" : ""}`}),
      ),
    ),
  );

function lined({question: asked, gone_for_it: gone = [], training = [], students = []}) {
  return [
    asked ? pairs(asked) : "",
    gone.length
      ? el(
          "p",
          {},
          plural(gone.length, "row"),
          " went for this one: ",
          gone.flatMap(({id, reason}) => [
            el("button", {
              type: "button",
              class: "quiet",
              text: `${id} (${words(reason)})`,
              on: {click: () => open(id)},
            }),
          ]),
        )
      : "",
    ...training.map(trained => pairs(trained)),
    ...students.map(answer => pairs(answer)),
    !gone.length && !training.length && !students.length
      ? el("p", {class: "soft", text: "No training of this run has seen it yet."})
      : "",
  ];
}

/** What was read of a row beside another one, on its own. */
export const compare = (row, other) => beside(row, other, open);
