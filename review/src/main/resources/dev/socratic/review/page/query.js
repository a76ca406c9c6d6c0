// Queries as texts: a click on a facet or a bar writes what one would have typed.

export const quoted = value =>
  /^[\w.-]+$/.test(value) && !/^(AND|OR|NOT)$/.test(value) ? value : `"${String(value).replace(/(["\\])/g, "\\$1")}"`;

const escaped = text => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
const VALUE = String.raw`(?:"(?:[^"\\]|\\.)*"|[^\s()"]+)`;
const clause = field =>
  new RegExp(String.raw`(^|\s)(?:${escaped(field)}:(?:\((${VALUE}(?:\s+OR\s+${VALUE})*)\)|(${VALUE})))(?=\s|$)`);
const bare = value => (value.startsWith('"') ? value.slice(1, -1).replace(/\\(.)/g, "$1") : value);

/** Values of a field that the query asks for: `reason:a`, `reason:("a b" OR c)`. */
export function chosen(q, field) {
  const found = clause(field).exec(q);
  if (!found) return [];
  return ((found[2] ?? found[3]).match(new RegExp(VALUE, "g")) ?? []).filter(value => value !== "OR").map(bare);
}

/** The query without what it asks of the field. */
export const without = (q, field) => q.replace(clause(field), " ").replace(/\s+/g, " ").trim();

/** The query with the field's values. */
export function having(q, field, values) {
  const rest = without(q, field);
  if (!values.length) return rest;
  const written = values.map(quoted);
  return `${rest} ${field}:${written.length === 1 ? written[0] : `(${written.join(" OR ")})`}`.trim();
}

export function toggled(q, field, value) {
  const now = chosen(q, field);
  return having(q, field, now.includes(value) ? now.filter(one => one !== value) : [...now, value]);
}

export const excluded = (q, field, value) => `${q} -${field}:${quoted(value)}`.trim();

const BOUND = String.raw`[-+\d.eE*]+`;
const range = field => new RegExp(String.raw`(^|\s)${escaped(field)}:([[{])(${BOUND}) TO (${BOUND})([\]}])(?=\s|$)`);

/** [from, to] that the query asks of a number, or undefined */
export function between(q, field) {
  const found = range(field).exec(q);
  return found ? [Number(found[3]), Number(found[4])] : undefined;
}

/** The query with the number between the two; the upper end counts where `closed`. Without them: free again. */
export function within(q, field, from, to, closed) {
  const rest = q.replace(range(field), " ").replace(/\s+/g, " ").trim();
  return from === undefined ? rest : `${rest} ${field}:[${from} TO ${to}${closed ? "]" : "}"}`.trim();
}

/** What the help lists: [example, what it finds]. */
export const EXAMPLES = [
  ["train journey", "all these words in question, reasoning or answer"],
  ['question:"how many"', "a phrase in one text; also answer:, reasoning:"],
  [
    "is:dropped",
    "kept, dropped, failed, broken, flagged, decided, undecided, accepted, rejected, later, edited, conflict",
  ],
  ["reason:near_duplicate", "why a row went; also step:, stage:, teacher:, source:, file:, tag:, label:, reviewer:, note:"],
  ["len:>2000", "a number: len, words, score, rating and every score of a step; >=, <, [5 TO 20]"],
  ["has:reasoning", "also gold, verdict, failed_verdict, system, turns, pair, code, latex, evidence, edits"],
  ["near:ID", "rows like that one"],
  ["cluster:3", 'rows of a cluster; within:"0,0 1,0 1,1" those inside of a line on the map'],
  ["is:kept (algebra OR geometry) -proof", "AND, OR, NOT, -, brackets, pre*, fuzzy~"],
];
