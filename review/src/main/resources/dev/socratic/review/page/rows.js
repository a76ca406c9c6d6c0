// The rows of a query by their number, fetched in blocks as they are looked at.
import {api} from "./api.js";

const BLOCK = 100;
const BLOCKS = 60; // kept; a row that was left long ago is fetched again
export const DEEPEST = 100_000; // how far the server skips

export class Rows {
  /** @param query `q`, `sort`, `order`; @param changed told when rows came or changed */
  constructor(query, changed) {
    this.query = query;
    this.changed = changed;
    this.blocks = new Map();
    this.total = 0;
    this.stopped = new AbortController();
  }

  /** How many can be scrolled to. */
  get reach() {
    return Math.min(this.total, DEEPEST);
  }

  async open() {
    await this.block(0);
    return this;
  }

  close() {
    this.stopped.abort();
  }

  /** @returns the row, or undefined while it is on its way */
  at(index) {
    return this.blocks.get(Math.floor(index / BLOCK))?.rows?.[index % BLOCK];
  }

  /** Sees to it that these come. */
  need(from, to) {
    for (let block = Math.floor(from / BLOCK); block <= Math.floor(Math.max(from, to - 1) / BLOCK); block++) {
      if (!this.blocks.has(block))
        this.block(block).catch(() => {
          /* said by whoever opened the list */
        });
    }
  }

  async row(index) {
    await this.block(Math.floor(index / BLOCK));
    return this.at(index);
  }

  block(number) {
    const known = this.blocks.get(number);
    if (known) {
      this.blocks.delete(number);
      this.blocks.set(number, known); // most lately used: last
      return known.coming;
    }
    const entry = {rows: undefined};
    entry.coming = api
      .rows({...this.query, from: number * BLOCK, size: BLOCK}, this.stopped.signal)
      .then(page => {
        entry.rows = page.rows;
        this.total = page.total;
        this.changed();
      })
      .catch(problem => {
        this.blocks.delete(number);
        throw problem;
      });
    this.blocks.set(number, entry);
    for (const old of this.blocks.keys()) {
      if (this.blocks.size <= BLOCKS) break;
      if (old !== number && old !== 0) this.blocks.delete(old);
    }
    return entry.coming;
  }

  /** Puts newer summaries in the place of those that are here; rows keep their place under the reader's hand. */
  update(summaries) {
    const byId = new Map(summaries.map(summary => [summary.id, summary]));
    let found = false;
    for (const {rows} of this.blocks.values()) {
      rows?.forEach((row, at) => {
        if (byId.has(row.id)) {
          rows[at] = byId.get(row.id);
          found = true;
        }
      });
    }
    if (found) this.changed();
  }

  /** @returns the number of the row among those that are here, or -1 */
  indexOf(id) {
    for (const [number, {rows}] of this.blocks) {
      const at = rows?.findIndex(row => row.id === id) ?? -1;
      if (at >= 0) return number * BLOCK + at;
    }
    return -1;
  }
}

/** Rows that this reviewer has not decided, in the order of a queue; more are drawn as the end comes near. */
export class Queue {
  constructor(order, q, changed) {
    Object.assign(this, {order, q, changed, rows: [], total: 0, ended: false});
  }

  get reach() {
    return this.rows.length;
  }

  async open() {
    await this.draw();
    return this;
  }

  close() {
    this.ended = true;
  }

  at(index) {
    return this.rows[index];
  }

  need(from, to) {
    if (to >= this.rows.length - 10)
      this.draw().catch(() => {
        this.ended = true;
      });
  }

  async row(index) {
    if (index >= this.rows.length - 10) await this.draw();
    return this.rows[index];
  }

  draw() {
    if (this.ended) return Promise.resolve();
    return (this.drawing ??= api
      .queue({order: this.order, q: this.q, size: 100})
      .then(page => {
        const known = new Set(this.rows.map(row => row.id));
        const fresh = page.rows.filter(row => !known.has(row.id));
        if (!fresh.length) this.ended = true;
        this.rows.push(...fresh);
        this.total = Math.max(page.total, this.rows.length);
        this.changed();
      })
      .finally(() => {
        this.drawing = undefined;
      }));
  }

  update(summaries) {
    const byId = new Map(summaries.map(summary => [summary.id, summary]));
    this.rows = this.rows.map(row => byId.get(row.id) ?? row);
    this.changed();
  }

  indexOf(id) {
    return this.rows.findIndex(row => row.id === id);
  }
}
