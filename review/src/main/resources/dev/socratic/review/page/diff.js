// What differs between two texts, word by word.
import {el} from "./dom.js";

const CELLS = 4_000_000; // of the table of common subsequences: 8 MB
const WORDS = /\s+|[\p{L}\p{M}\p{N}_]+|[^\s\p{L}\p{M}\p{N}_]/gu;
const LINES = /[^\n]*\n|[^\n]+/g;

/** [["=", text] | ["-", text] | ["+", text]]: joined without the "+" it is `before`, without the "-" it is `after`. */
export function diff(before, after) {
  return merge(
    parts(before, after, WORDS) ??
      parts(before, after, LINES) ?? [
        ["-", before],
        ["+", after],
      ],
  );
}

// Longest common subsequence by dynamic programming, between what both begin and end with.
// Worked example: "a b c", "a x c": begin "a ", end " c", between "b" and "x": [= "a "] [- "b"] [+ "x"] [= " c"].
function parts(before, after, pattern) {
  const a = before.match(pattern) ?? [];
  const b = after.match(pattern) ?? [];
  let begin = 0;
  while (begin < a.length && begin < b.length && a[begin] === b[begin]) begin++;
  let end = 0;
  while (end < a.length - begin && end < b.length - begin && a[a.length - 1 - end] === b[b.length - 1 - end]) end++;
  const rows = a.length - begin - end;
  const columns = b.length - begin - end;
  if ((rows + 1) * (columns + 1) > CELLS || Math.min(rows, columns) > 65_535) return undefined;
  const wide = columns + 1;
  const common = new Uint16Array((rows + 1) * wide);
  for (let i = rows - 1; i >= 0; i--) {
    for (let j = columns - 1; j >= 0; j--) {
      common[i * wide + j] =
        a[begin + i] === b[begin + j]
          ? common[(i + 1) * wide + j + 1] + 1
          : Math.max(common[(i + 1) * wide + j], common[i * wide + j + 1]);
    }
  }
  const found = [["=", a.slice(0, begin).join("")]];
  for (let i = 0, j = 0; i < rows || j < columns;) {
    if (i < rows && j < columns && a[begin + i] === b[begin + j]) {
      found.push(["=", a[begin + i]]);
      i++;
      j++;
    } else if (i < rows && (j === columns || common[(i + 1) * wide + j] >= common[i * wide + j + 1]))
      found.push(["-", a[begin + i++]]);
    else found.push(["+", b[begin + j++]]);
  }
  found.push(["=", a.slice(a.length - end).join("")]);
  return found;
}

// Neighbours of one kind are one part, what goes stands before what comes, and a blank between two changes is part
// of them.
function merge(found) {
  const merged = [];
  let gone = "";
  let come = "";
  const flush = () => {
    if (gone) merged.push(["-", gone]);
    if (come) merged.push(["+", come]);
    gone = come = "";
  };
  found.forEach(([kind, text], at) => {
    if (kind === "-") gone += text;
    else if (kind === "+") come += text;
    else if (
      text.trim() === "" &&
      text &&
      gone &&
      come &&
      found.slice(at + 1).find(next => next[1])?.[0] !== "=" &&
      at + 1 < found.length
    ) {
      gone += text;
      come += text;
    } else if (text) {
      flush();
      if (merged.at(-1)?.[0] === "=") merged.at(-1)[1] += text;
      else merged.push(["=", text]);
    }
  });
  flush();
  return merged;
}

const TAGS = {"-": "del", "+": "ins", "=": "span"};

/** One text with what went struck out and what came underlined. */
export function inline(before, after) {
  return el(
    "div",
    {class: "diff text"},
    diff(before, after).map(([kind, text]) => el(TAGS[kind], {text})),
  );
}

/** Two texts, each with only its own marks, for columns side by side. */
export function sides(left, right) {
  const found = diff(left, right);
  const side = mark =>
    el(
      "div",
      {class: "diff text"},
      found
        .filter(([kind]) => kind === "=" || kind === mark)
        .map(([kind, text]) =>
          el(kind === "=" ? "span" : "mark", {class: kind === "=" ? undefined : "differs", text}),
        ),
    );
  return [side("-"), side("+")];
}
