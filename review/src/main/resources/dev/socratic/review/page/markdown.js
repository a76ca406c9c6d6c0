// Markdown of rows as elements. HTML in it stays text, images are named but not fetched, links show where they lead.
import {el} from "./dom.js";
import {inlines} from "./inline.js";
import {formula} from "./math.js";

const DEPTH = 12; // of quotes and lists in each other; deeper ones are text
const DISPLAY = [
  ["$$", "$$"],
  ["\\[", "\\]"],
];
const ENVIRONMENT =
  /^\\begin\{((?:align|equation|gather|cases|matrix|[bpvBV]matrix|array|aligned|gathered|split)\*?)\}/;
const RULE = /^ {0,3}([-*_])(?:[ \t]*\1){2,}[ \t]*$/;
const HEADING = /^ {0,3}(#{1,6})[ \t]+(.*)$/;
const FENCE = /^ {0,3}(`{3,}|~{3,})[ \t]*([^`]*)$/;
const ITEM = /^( {0,3})([-*+]|\d{1,9}[.)])([ \t]+)(.*)$/;
const TABLE = /^ {0,3}\|?[ \t]*:?-+:?[ \t]*(?:\|[ \t]*:?-+:?[ \t]*)*\|?[ \t]*$/;

/** @returns a `div` of what the text says */
export function markdown(text) {
  return el("div", {class: "text rendered"}, blocks(text.split("\n"), 0));
}

function blocks(lines, depth) {
  const made = [];
  let open = [];
  const flush = () => {
    if (open.length) made.push(el("p", {}, paragraph(open)));
    open = [];
  };
  for (let at = 0; at < lines.length;) {
    const [next, node] = depth < DEPTH ? block(lines, at, depth, open.length > 0) : [at];
    if (next > at) {
      flush();
      if (node) made.push(node);
      at = next;
    } else if (lines[at].trim() === "") {
      flush();
      at++;
    } else open.push(lines[at++]);
  }
  flush();
  return made;
}

const paragraph = lines => inlines(lines.map(line => line.trimEnd()).join("\n"));

/** @returns [line behind the block, its element], or the line it was asked about where no block begins */
function block(lines, at, depth, within) {
  const line = lines[at];
  let found;
  if ((found = FENCE.exec(line))) return fenced(lines, at, found);
  if ((found = HEADING.exec(line))) {
    return [
      at + 1,
      el(
        "p",
        {class: "heading h" + found[1].length, role: "heading", "aria-level": Math.min(6, found[1].length + 3)},
        inlines(found[2].replace(/[ \t]+#+[ \t]*$/, "")),
      ),
    ];
  }
  if (RULE.test(line)) return [at + 1, el("hr")];
  if (/^ {0,3}>/.test(line)) return quoted(lines, at, depth);
  if ((found = ITEM.exec(line)) && (!within || found[4])) return listed(lines, at, depth, found);
  const display = displayed(lines, at);
  if (display) return display;
  if (
    line.includes("|") &&
    at + 1 < lines.length &&
    lines[at + 1].includes("-") &&
    TABLE.test(lines[at + 1]) &&
    cells(line).length === cells(lines[at + 1]).length
  )
    return tabled(lines, at);
  return [at];
}

function fenced(lines, at, [, fence, language]) {
  let end = at + 1;
  while (end < lines.length && !(lines[end].trim().startsWith(fence) && !lines[end].trim().replaceAll(fence[0], "")))
    end++;
  return [
    end + 1,
    el(
      "pre",
      {
        tabindex: "0",
        "aria-label": (language.trim() || "plain") + " code",
        data: language.trim() ? {language: language.trim().slice(0, 20)} : {},
      },
      el("code", {text: lines.slice(at + 1, end).join("\n")}),
    ),
  ];
}

function quoted(lines, at, depth) {
  let end = at;
  while (end < lines.length && /^ {0,3}>/.test(lines[end])) end++;
  return [
    end,
    el(
      "blockquote",
      {},
      blocks(
        lines.slice(at, end).map(line => line.replace(/^ {0,3}> ?/, "")),
        depth + 1,
      ),
    ),
  ];
}

function listed(lines, at, depth, first) {
  const ordered = /\d/.test(first[2]);
  const items = [];
  let end = at;
  for (
    let found;
    end < lines.length &&
    (found = ITEM.exec(lines[end])) &&
    /\d/.test(found[2]) === ordered &&
    !RULE.test(lines[end]);
  ) {
    const indent = found[1].length + found[2].length + 1;
    const own = [found[4]];
    for (end++; end < lines.length; end++) {
      const inner = lines[end].match(/^ */)[0].length;
      if (lines[end].trim() === "") {
        const next = lines[end + 1] ?? "";
        if (next.match(/^ */)[0].length < 2 || next.trim() === "") break;
      } else if (inner < 2 && (ITEM.test(lines[end]) || HEADING.test(lines[end]) || FENCE.test(lines[end]))) break;
      own.push(lines[end].slice(Math.min(indent, inner)));
    }
    const made = blocks(own, depth + 1);
    const tight =
      made[0]?.tagName === "P" &&
      !made[0].className &&
      made.slice(1).every(node => ["UL", "OL"].includes(node.tagName));
    items.push(el("li", {}, tight ? [...made[0].childNodes, ...made.slice(1)] : made));
    while (end < lines.length && lines[end].trim() === "" && ITEM.test(lines[end + 1] ?? "")) end++;
  }
  return [end, el(ordered ? "ol" : "ul", ordered ? {start: parseInt(first[2], 10)} : {}, items)];
}

function displayed(lines, at) {
  const begin = lines[at].trim();
  const pair = DISPLAY.find(([opening]) => begin.startsWith(opening));
  const environment = ENVIRONMENT.exec(begin);
  if (!pair && !environment) return undefined;
  const closing = pair ? pair[1] : `\\end{${environment[1]}}`;
  const whole = [];
  for (let end = at; end < Math.min(lines.length, at + 200); end++) {
    whole.push(end === at ? begin : lines[end]);
    const text = whole.join("\n").trimEnd();
    const from = pair ? pair[0].length : environment[0].length;
    const close = text.indexOf(closing, from);
    if (close < 0) continue;
    if (close + closing.length !== text.length) return undefined;
    const source = pair
      ? text.slice(from, close)
      : text.replace(
          /\b(align|equation|gather)\*?\}/g,
          (all, name) => (name === "align" ? "aligned" : "gathered") + "}",
        );
    return [end + 1, formula(source.trim(), true, text)];
  }
  return undefined;
}

const cells = line =>
  line
    .trim()
    .replace(/^\||\|$/g, "")
    .split(/(?<!\\)\|/)
    .map(cell => cell.trim());

function tabled(lines, at) {
  const head = cells(lines[at]);
  let end = at + 2;
  while (end < lines.length && lines[end].includes("|") && lines[end].trim() !== "") end++;
  const row = (line, tag) =>
    el(
      "tr",
      {},
      cells(line)
        .slice(0, head.length)
        .map(cell => el(tag, {}, inlines(cell))),
    );
  return [
    end,
    el(
      "div",
      {class: "wide", tabindex: "0", role: "group", "aria-label": "table"},
      el(
        "table",
        {},
        el("thead", {}, row(lines[at], "th")),
        el(
          "tbody",
          {},
          lines.slice(at + 2, end).map(line => row(line, "td")),
        ),
      ),
    ),
  ];
}
