// A text of a row, rendered or as it is written; a very long one is begun, and says so.
import {count, el} from "./dom.js";
import {markdown} from "./markdown.js";
import {written} from "./spans.js";
import {state} from "./state.js";

const BEGIN = 20_000; // characters that are drawn at once

/** @param name which text of the row it is, where parts of it may be labelled; @param spans that are */
export function textOf(text, props = {}, name = "", spans = []) {
  const node = el("div", props);
  const draw = shown => {
    const begun = text.slice(0, shown);
    node.replaceChildren(state.raw ? written(begun, name, spans) : markdown(begun));
    if (shown < text.length) {
      node.append(
        el(
          "p",
          {class: "actions"},
          el("span", {class: "soft", text: `${count(shown)} of ${count(text.length)} characters are shown`}),
          el("button", {type: "button", text: "Show more", on: {click: () => draw(shown * 5)}}),
        ),
      );
    }
  };
  draw(BEGIN);
  return node;
}

export const part = (title, name, children, aside) =>
  el("section", {class: "part " + name}, el("h3", {}, title, aside ?? ""), children);

/** Turns of a conversation. */
export const turnsOf = turns =>
  turns.map(({role, content, reasoning}) =>
    el(
      "div",
      {class: "turn " + role},
      el("h4", {text: role}),
      reasoning ? textOf(reasoning, {class: "reasoning"}) : "",
      textOf(typeof content === "string" ? content : JSON.stringify(content, null, 1)),
    ),
  );

/** Fields with their values; what lies deeper is written as JSON. */
export const pairs = fields =>
  el(
    "dl",
    {class: "pairs"},
    Object.entries(fields)
      .filter(([, value]) => value !== undefined && value !== "")
      .flatMap(([name, value]) => [
        el("dt", {text: name.replaceAll("_", " ")}),
        el("dd", {text: typeof value === "object" ? JSON.stringify(value) : String(value)}),
      ]),
  );

/** A part that is drawn when it is opened; `fill` gives its nodes, at once or later. */
export function more(title, aside, fill, opened = false) {
  const inside = el("div", {class: "inside"});
  let filled = false;
  const node = el(
    "details",
    {class: "more", open: opened, on: {toggle: () => show()}},
    el("summary", {}, title, aside ? el("span", {class: "soft", text: aside}) : ""),
    inside,
  );
  async function show() {
    if (!node.open || filled) return;
    filled = true;
    try {
      inside.replaceChildren(...[await fill()].flat());
    } catch (problem) {
      filled = false;
      inside.replaceChildren(el("p", {role: "alert", text: problem.message}));
    }
  }
  if (opened) show();
  return node;
}
