// A list of which only what is seen is in the page: ten rows or a hundred thousand, it costs the same.
const TALLEST = 8_000_000; // pixels: browsers draw no taller element; a longer list scrolls faster than the wheel
const BEYOND = 4;

class Windowed {
  /**
   * @param scroller what scrolls and has the focus; it gets the children
   * @param height   of one row in pixels
   * @param draw     (index) => element
   */
  constructor(scroller, height, draw) {
    Object.assign(this, {scroller, height, draw, count: 0, active: -1, drawn: new Map()});
    this.sheet = el("div", {class: "sheet", role: "presentation"});
    scroller.append(this.sheet);
    scroller.addEventListener("scroll", () => this.place(), {passive: true});
    new ResizeObserver(() => this.place()).observe(scroller);
  }

  get tall() {
    return this.count * this.height;
  }
  get room() {
    return this.scroller.clientHeight;
  }

  /** Pixels of rows that lie above what is seen. */
  get above() {
    if (this.tall <= TALLEST) return this.scroller.scrollTop;
    return (this.scroller.scrollTop / (TALLEST - this.room)) * (this.tall - this.room);
  }

  show(n) {
    this.count = n;
    this.sheet.style.height = Math.min(this.tall, TALLEST) + "px";
    for (const node of this.drawn.values()) node.remove();
    this.drawn.clear();
    this.place();
  }

  place() {
    const above = this.above;
    const from = Math.max(0, Math.floor(above / this.height) - BEYOND);
    const to = Math.min(this.count, Math.ceil((above + this.room) / this.height) + BEYOND);
    for (const [index, node] of this.drawn) {
      if ((index < from || index >= to) && index !== this.active) {
        node.remove();
        this.drawn.delete(index);
      }
    }
    const shift = this.scroller.scrollTop - above;
    for (let index = from; index < to; index++) this.put(index, shift);
    if (this.active >= 0 && this.active < this.count) this.put(this.active, shift);
  }

  put(index, shift) {
    let node = this.drawn.get(index);
    if (!node) {
      node = this.draw(index);
      this.drawn.set(index, node);
      this.sheet.append(node);
    }
    node.style.transform = `translateY(${Math.max(0, index * this.height + shift)}px)`;
  }

  /** Makes it the active one and scrolls as little as shows it whole. */
  reveal(index) {
    const was = this.active;
    this.active = index;
    for (const old of [was, index]) {
      this.drawn.get(old)?.remove();
      this.drawn.delete(old);
    }
    const begin = index * this.height;
    const above = this.above;
    let want = above;
    if (begin < above) want = begin;
    else if (begin + this.height > above + this.room) want = begin + this.height - this.room;
    if (want !== above) {
      this.scroller.scrollTop = this.tall <= TALLEST ? want : (want / (this.tall - this.room)) * (TALLEST - this.room);
    }
    this.place();
  }

  /** Rows that fit at once. */
  get page() {
    return Math.max(1, Math.floor(this.room / this.height) - 1);
  }
}
