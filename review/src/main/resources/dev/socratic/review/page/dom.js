// Elements are built, never parsed: a text of a row enters the page as a text node or not at all.

export const $ = id => document.getElementById(id);

/** A new element. `props`: `class`, `text`, `on` (listeners by event), `data`, `style` (by property), attributes. */
export function el(tag, props = {}, ...children) {
  return fill(document.createElement(tag), props, children);
}

const SVG = "http://www.w3.org/2000/svg";

export function svg(tag, props = {}, ...children) {
  return fill(document.createElementNS(SVG, tag), props, children);
}

function fill(node, props, children) {
  for (const [name, value] of Object.entries(props)) {
    if (value === undefined || value === false) continue;
    if (name === "class") node.setAttribute("class", value);
    else if (name === "text") node.textContent = value;
    else if (name === "on") for (const [event, heard] of Object.entries(value)) node.addEventListener(event, heard);
    else if (name === "data") Object.assign(node.dataset, value);
    else if (name === "style") for (const [key, to] of Object.entries(value)) node.style.setProperty(key, to);
    else node.setAttribute(name, value === true ? "" : value);
  }
  node.append(...children.flat().filter(child => child !== undefined && child !== ""));
  return node;
}

/** A button that says what its key is. */
export function button(text, onClick, props = {}, key = "") {
  return el(
    "button",
    {type: "button", on: {click: onClick}, "aria-keyshortcuts": key || undefined, ...props},
    el("span", {text}),
    key ? el("kbd", {text: KEY_NAMES[key] ?? key, "aria-hidden": "true"}) : "",
  );
}

export const KEY_NAMES = {
  " ": "space",
  Space: "space",
  Backspace: "⌫",
  ArrowDown: "↓",
  ArrowUp: "↑",
  Enter: "↵",
  Escape: "esc",
  "Control+Enter": "ctrl ↵",
};

/** Says it to screen readers, without moving the focus. The same words twice are two messages. */
export function announce(text) {
  const region = $("live");
  region.textContent = "";
  requestAnimationFrame(() => {
    region.textContent = text;
  });
}

const WHOLE = new Intl.NumberFormat("en");
export const count = n => WHOLE.format(n);
export const plural = (n, one, many = one + "s") => `${count(n)} ${n === 1 ? one : many}`;

/** A figure at three places that count; whole numbers stay whole. */
export function figure(value) {
  if (typeof value !== "number") return String(value);
  if (Number.isInteger(value)) return count(value);
  return Math.abs(value) >= 1e-3 && Math.abs(value) < 1e6
    ? String(Number(value.toPrecision(3)))
    : value.toExponential(2);
}

/** snake_case as words. */
export const words = name => String(name).replaceAll("_", " ");

/** Does the work when it was not asked for again for so long (milliseconds). */
export function quietly(work, wait = 180) {
  let timer = 0;
  return (...given) => {
    clearTimeout(timer);
    timer = setTimeout(() => work(...given), wait);
  };
}
