// What stands within a line of Markdown: code, formulas, emphasis, links. One pass; a mark without its partner is text.
import {el} from "./dom.js";
import {formula} from "./math.js";

const NESTED = 6;
const SPECIAL = /[`$\\*_~[!<h\n]/g;

/** @returns nodes */
export function inlines(text, depth = 0) {
  const made = [];
  const missing = new Set(); // closing marks that do not come any more: asked for once, so that time stays linear
  let plain = "";
  const add = node => {
    if (plain) made.push(document.createTextNode(plain));
    plain = "";
    made.push(node);
  };
  for (let at = 0; at < text.length;) {
    SPECIAL.lastIndex = at;
    const next = SPECIAL.exec(text);
    if (!next) {
      plain += text.slice(at);
      break;
    }
    plain += text.slice(at, next.index);
    at = next.index;
    const found = depth < NESTED ? special(text, at, missing, depth) : undefined;
    if (found) {
      if (found.plain !== undefined) plain += found.plain;
      else add(found.node);
      at = found.end;
    } else plain += text[at++];
  }
  if (plain) made.push(document.createTextNode(plain));
  return made;
}

function until(text, mark, from, missing) {
  if (missing.has(mark)) return -1;
  const at = text.indexOf(mark, from);
  if (at < 0) missing.add(mark);
  return at;
}

function special(text, at, missing, depth) {
  switch (text[at]) {
    case "`":
      return code(text, at, missing);
    case "$":
      return dollars(text, at, missing);
    case "\\":
      return escaped(text, at, missing);
    case "*":
    case "_":
    case "~":
      return emphasis(text, at, missing, depth);
    case "[":
      return link(text, at, depth);
    case "!":
      return text[at + 1] === "[" ? image(text, at) : undefined;
    case "<":
      return calculation(text, at);
    case "h":
      return address(text, at);
    default:
      return {node: el("br"), end: at + 1};
  }
}

function code(text, at, missing) {
  const mark = /^`+/.exec(text.slice(at, at + 20))[0];
  const close = until(text, mark, at + mark.length, missing);
  return close < 0
    ? undefined
    : {node: el("code", {text: text.slice(at + mark.length, close)}), end: close + mark.length};
}

// Money is no formula: the opening sign touches what follows, the closing one what stands before it, and no digit comes
// behind (the rule of Pandoc); besides, "$5 and $6" has a blank before its second sign.
function dollars(text, at, missing) {
  const double = text.startsWith("$$", at);
  const mark = double ? "$$" : "$";
  const begin = at + mark.length;
  const close = until(text, mark, begin, missing);
  if (close <= begin) return undefined;
  const source = text.slice(begin, close);
  const behind = text[close + mark.length] ?? "";
  if (!double && (/^\s|\s$|\n\s*\n/.test(source) || /\d/.test(behind))) return undefined;
  return {node: formula(source, double, text.slice(at, close + mark.length)), end: close + mark.length};
}

function escaped(text, at, missing) {
  const next = text[at + 1] ?? "";
  if (next === "(" || next === "[") {
    const mark = next === "(" ? "\\)" : "\\]";
    const close = until(text, mark, at + 2, missing);
    if (close > 0)
      return {node: formula(text.slice(at + 2, close), next === "[", text.slice(at, close + 2)), end: close + 2};
  }
  if (text.startsWith("\\boxed{", at)) {
    const close = braces(text, at + 6);
    if (close > 0) return {node: formula(text.slice(at, close), false, text.slice(at, close)), end: close};
  }
  return /[`*_~[\]!$#>|]/.test(next) ? {plain: next, end: at + 2} : undefined;
}

function braces(text, at) {
  let depth = 0;
  for (let i = at; i < Math.min(text.length, at + 500); i++) {
    if (text[i] === "{") depth++;
    else if (text[i] === "}" && --depth === 0) return i + 1;
  }
  return -1;
}

const TAGS = {"**": "strong", __: "strong", "*": "em", _: "em", "~~": "del"};

function emphasis(text, at, missing, depth) {
  const sign = text[at];
  const mark = text[at + 1] === sign ? sign + sign : sign;
  if (!TAGS[mark] || /\s|^$/.test(text[at + mark.length] ?? "")) return undefined;
  if (sign === "_" && /[\p{L}\p{N}]/u.test(text[at - 1] ?? " ")) return undefined;
  let close = at + mark.length;
  do {
    close = until(text, mark, close + 1, missing);
    if (close < 0) return undefined;
  } while (
    close - at < 2_000 &&
    (/\s/.test(text[close - 1]) ||
      (sign === "_" && /[\p{L}\p{N}]/u.test(text[close + mark.length] ?? " ")) ||
      (mark.length === 1 && text[close + 1] === sign))
  );
  while (mark.length === 2 && text[close + 2] === sign) close++; // "**a *b***": the last two are the outer mark
  const inside = text.slice(at + mark.length, close);
  if (close - at >= 2_000 || inside.includes("\n\n")) return undefined;
  return {node: el(TAGS[mark], {}, inlines(inside, depth + 1)), end: close + mark.length};
}

/** @returns the address where it is one that may be followed, else undefined */
export function safe(address) {
  try {
    const url = new URL(address);
    return ["http:", "https:", "mailto:"].includes(url.protocol) ? url.href : undefined;
  } catch {
    return undefined;
  }
}

const LINK = /^\[([^[\]]{1,500})\]\(([^()\s]{1,2000}(?:\([^()\s]{0,200}\))?)(?:\s+"[^"]{0,500}")?\)/;

function link(text, at, depth) {
  const found = LINK.exec(text.slice(at, at + 3_200));
  const href = found && safe(found[2]);
  if (!href) return undefined;
  return {
    node: el(
      "a",
      {href, target: "_blank", rel: "noopener noreferrer nofollow", title: href},
      inlines(found[1], depth + 1),
    ),
    end: at + found[0].length,
  };
}

function image(text, at) {
  const found = LINK.exec("[" + text.slice(at + 2, at + 3_200).replace(/^\]/, " ]"));
  if (!found) return undefined;
  return {
    node: el("span", {class: "image", text: `image: ${found[1].trim() || "without a text"} (${found[2]})`}),
    end: at + 1 + found[0].length - (text[at + 2] === "]" ? 1 : 0),
  };
}

// GSM8K's own marks, <<16-3=13>>, small.
function calculation(text, at) {
  const found = /^<<[^<>\n]{1,80}>>/.exec(text.slice(at, at + 90));
  return found ? {node: el("span", {class: "calculation", text: found[0]}), end: at + found[0].length} : undefined;
}

function address(text, at) {
  const found = /^https?:\/\/[^\s<>"'`)\]}]{3,500}/.exec(text.slice(at, at + 520));
  const href = found && safe(found[0].replace(/[.,;:!?]+$/, ""));
  if (!href) return undefined;
  const shown = found[0].replace(/[.,;:!?]+$/, "");
  return {
    node: el("a", {href, target: "_blank", rel: "noopener noreferrer nofollow", text: shown}),
    end: at + shown.length,
  };
}
