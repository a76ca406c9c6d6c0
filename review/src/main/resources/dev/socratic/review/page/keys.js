// The keys, in one table: what is heard, what the help lists.
import {$, KEY_NAMES, el} from "./dom.js";
import {panel} from "./panel.js";
import {preference} from "./state.js";

/** [keys, what they do, action] by group; filled by the page. */
export const keymap = [];

/** Single keys can be switched off, for those who speak their commands (WCAG 2.1.4). */
export const single = {
  get on() {
    return preference.get("keys", "on") === "on";
  },
  set on(value) {
    preference.set("keys", value ? "on" : "off");
  },
};

const WRITES = new Set(["text", "search", "number", "email", "password", ""]);

// While one writes, keys are letters: Backspace is never an undo there.
function writes(node) {
  return (
    node.isContentEditable ||
    node.tagName === "TEXTAREA" ||
    node.tagName === "SELECT" ||
    (node.tagName === "INPUT" && WRITES.has(node.getAttribute("type") ?? ""))
  );
}

// Space and Enter press the button that has the focus, arrows move within what has it.
function isTaken(event) {
  const node = event.target;
  const {tagName} = node;
  if ([" ", "Enter"].includes(event.key) && ["BUTTON", "SUMMARY", "A", "INPUT"].includes(tagName)) return true;
  return event.key.startsWith("Arrow") && (tagName === "INPUT" || node.closest(".bars, #sheet, .wide"));
}

export function listen() {
  document.addEventListener("keydown", event => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (writes(event.target) || panel.open || isTaken(event)) return;
    if (!single.on && event.key !== "?") return;
    const digit = /^Digit([1-9])$/.exec(event.code)?.[1];
    for (const {keys, act} of keymap) {
      if (keys.includes(event.key)) {
        event.preventDefault();
        if (!event.repeat || keys.includes("j") || keys.includes("k")) act();
        return;
      }
      if (digit && keys.includes(event.shiftKey ? "Shift+digit" : "digit")) {
        event.preventDefault();
        if (!event.repeat) act(Number(digit));
        return;
      }
    }
  });
}

const shown = key => ({digit: "1–9", "Shift+digit": "⇧ 1–9"})[key] ?? KEY_NAMES[key] ?? key;

/** The keys as the help shows them. */
export function listed() {
  const groups = [...new Set(keymap.map(one => one.group))];
  return el(
    "div",
    {class: "helps"},
    groups.map(group =>
      el(
        "section",
        {},
        el("h3", {text: group}),
        el(
          "dl",
          {},
          keymap
            .filter(one => one.group === group)
            .flatMap(({keys, does}) => [
              el(
                "dt",
                {},
                keys.map(key => el("kbd", {text: shown(key)})),
              ),
              el("dd", {text: does}),
            ]),
        ),
      ),
    ),
  );
}

export function switcher() {
  const box = el("input", {
    type: "checkbox",
    on: {
      change: () => {
        single.on = box.checked;
      },
    },
  });
  box.checked = single.on;
  return el(
    "label",
    {class: "setting"},
    box,
    el("span", {text: "Single keys decide and move (off: only the buttons do)"}),
  );
}

export const focusSearch = () => {
  $("q").focus();
  $("q").select();
};
