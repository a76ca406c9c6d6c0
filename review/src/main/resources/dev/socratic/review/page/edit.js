// Editing a row's reasoning and answer, with what differs and what the checks say as one writes. No key loses a draft.
import {$, announce, button, el, quietly, words} from "./dom.js";
import {api} from "./api.js";
import {desk, serially} from "./desk.js";
import {inline} from "./diff.js";
import {post} from "./decide.js";

const drafts = new Map();
let editing = "";

export const isEditing = id => editing === id;

/** Begins, or goes on, editing the row that is read. */
export function edit() {
  if (!desk.row || desk.row.answer === undefined) {
    announce("This row has no answer to edit");
    return;
  }
  editing = desk.row.id;
  desk.draw();
  $("sheet").querySelector("textarea")?.focus();
}

function leave() {
  editing = "";
  desk.draw();
  $("sheet").focus();
}

export function editor(row) {
  const before = {reasoning: row.reasoning ?? "", answer: row.answer ?? ""};
  const draft = drafts.get(row.id) ?? {
    ...before,
    ...(row.edited?.reasoning !== undefined && {reasoning: row.edited.reasoning}),
    ...(row.edited?.answer !== undefined && {answer: row.edited.answer}),
  };
  drafts.set(row.id, draft);
  const said = el("div", {role: "status", class: "facts line-up"});
  const verify = quietly(async () => {
    try {
      said.replaceChildren(verdict(await api.verify(row.id, changes(before, draft))));
    } catch (problem) {
      said.replaceChildren(el("span", {class: "chip wrong", text: problem.message}));
    }
  });
  const field = (name, title) => {
    const seen = el("div");
    const show = () => seen.replaceChildren(inline(before[name], draft[name]));
    const area = el("textarea", {
      id: "edit-" + name,
      spellcheck: "true",
      on: {
        input: () => {
          draft[name] = area.value;
          show();
          verify();
        },
      },
    });
    area.value = draft[name];
    show();
    return [
      el("h4", {}, el("label", {for: "edit-" + name, text: title})),
      area,
      el("h4", {text: "What differs"}),
      seen,
    ];
  };
  verify();
  return el(
    "section",
    {
      class: "part editing",
      "aria-label": "Edit the row",
      on: {
        keydown: event => {
          if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
            event.preventDefault();
            save(row, before, draft);
          }
          if (event.key === "Escape") {
            event.preventDefault();
            event.stopPropagation();
            leave();
            announce("The draft is kept; e goes on with it");
          }
        },
      },
    },
    row.reasoning !== undefined ? field("reasoning", "Reasoning") : [],
    field("answer", "Answer"),
    said,
  );
}

/** What stands in the place of the decisions while one writes. */
export function editButtons(row) {
  const before = {reasoning: row.reasoning ?? "", answer: row.answer ?? ""};
  return [
    button("Save", () => save(row, before, drafts.get(row.id)), {class: "main"}, "Control+Enter"),
    button("Keep as draft", leave, {}, "Escape"),
    el("button", {
      type: "button",
      class: "quiet",
      text: "Discard the draft",
      on: {
        click: () => {
          drafts.delete(row.id);
          leave();
        },
      },
    }),
    row.edited
      ? el("button", {type: "button", class: "quiet", text: "Take the edit back", on: {click: () => withdraw(row)}})
      : "",
  ].filter(Boolean);
}

const changes = (before, draft) =>
  Object.fromEntries(Object.entries(draft).filter(([name, text]) => text !== before[name]));

const verdict = ({final_answer: final, gold, passed, verdicts = []}) =>
  el(
    "span",
    {},
    final !== undefined ? el("span", {class: "chip"}, "final answer ", el("b", {text: final})) : "",
    " ",
    gold !== undefined ? el("span", {class: "chip"}, "right answer ", el("b", {text: gold})) : "",
    " ",
    passed === undefined || !verdicts.length
      ? el("span", {class: "chip", text: "no check applies"})
      : el("span", {
          class: "chip " + (passed ? "right" : "wrong"),
          text: passed
            ? "✓ passes every check"
            : "✗ fails " +
              verdicts
                .filter(one => !one.passed)
                .map(one => words(one.check))
                .join(", "),
        }),
  );

function save(row, before, draft) {
  serially(async () => {
    const edited = changes(before, draft);
    if (!Object.keys(edited).length) {
      drafts.delete(row.id);
      leave();
      return;
    }
    await post({ids: [row.id], edit: edited}, "Edited");
    drafts.delete(row.id);
    leave();
  });
}

const withdraw = row =>
  serially(async () => {
    await post({ids: [row.id], edit: {}}, "As it was:");
    drafts.delete(row.id);
    leave();
  });

addEventListener("beforeunload", event => {
  if (editing) event.preventDefault();
});
