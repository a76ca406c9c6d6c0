// What lies before the reader: the corpus, the rows of the query, and the row that is read.
import {$, announce, el} from "./dom.js";
import {api} from "./api.js";
import {spoken} from "./marks.js";
import {set, state} from "./state.js";

const KEPT = 40; // rows whose whole text is kept, so that going back and forth asks nobody

export const desk = {
  corpus: undefined,
  rows: undefined,
  index: -1,
  row: undefined,
  draw: () => {},
  choose: () => {},
  position: () => {},
};

const whole = new Map();

function fetchRow(id) {
  if (!whole.has(id)) {
    const coming = api.row(id);
    whole.set(id, coming);
    coming.catch(() => whole.delete(id));
    if (whole.size > KEPT) whole.delete(whole.keys().next().value);
  }
  return whole.get(id);
}

/** What was known of these rows is old. */
export const forget = ids => ids.forEach(id => whole.delete(id));

let turn = 0;

/** Reads the row of that number of the listing. */
export async function pick(index, {quiet = false} = {}) {
  const now = ++turn;
  const source = desk.rows;
  desk.index = index;
  desk.choose(index);
  const summary = source.at(index) ?? (await source.row(index));
  if (now !== turn || !summary) return;
  set({row: summary.id});
  desk.position();
  await read(summary.id, now);
  if (now === turn && !quiet) announce(`Row ${index + 1} of ${source.total}: ${spoken(desk.row.summary)}`);
  for (const next of [index + 1, index + 2])
    if (source.at(next))
      fetchRow(source.at(next).id).catch(() => {
        /* said when it is read */
      });
}

/** Reads a row by its id, whether it is among those of the query or not. */
export async function open(id) {
  const index = desk.rows?.indexOf(id) ?? -1;
  if (index >= 0) return pick(index);
  const now = ++turn;
  desk.index = -1;
  set({row: id});
  desk.position();
  return read(id, now);
}

async function read(id, now) {
  let row;
  try {
    row = await fetchRow(id);
  } catch (problem) {
    if (now !== turn) return;
    desk.row = undefined;
    desk.draw(problem);
    return;
  }
  if (now !== turn) return;
  desk.row = row;
  desk.draw();
}

/** Reads the same row again, after something was decided of it. */
export async function reread() {
  if (!desk.row) return;
  forget([desk.row.id]);
  await read(desk.row.id, turn);
}

/** The row one, or several, further on. */
export async function move(by) {
  const rows = desk.rows;
  if (!rows) return;
  if (desk.index < 0) {
    if (rows.reach) await pick(0);
    return;
  }
  const to = Math.max(0, Math.min(rows.reach - 1, desk.index + by));
  if (to === desk.index) {
    announce(by > 0 ? "The last row" : "The first row");
    return;
  }
  await pick(to);
}

/** Says what went wrong, until it is closed. */
export function trouble(problem) {
  if (problem.name === "AbortError") return;
  $("problem").hidden = false;
  $("problem").replaceChildren(
    el("span", {text: problem.message}),
    el("button", {
      type: "button",
      text: "Close",
      on: {
        click: () => {
          $("problem").hidden = true;
        },
      },
    }),
  );
}

/** One after another: the second key of "a a" is about the row that the first one led to. */
let last = Promise.resolve();
export function serially(work) {
  last = last.then(work).catch(trouble);
  return last;
}
