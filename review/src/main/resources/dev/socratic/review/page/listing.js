// The rows of the query: as a list beside the row, or as a table.
import {$, el, figure, words} from "./dom.js";
import {marksOf, spoken, statusOf} from "./marks.js";
import {set, state} from "./state.js";
import {Windowed} from "./windowed.js";

const ITEM = 5.4;
const LINE = 2.5;
const HEADINGS = 2.4;
const rem = () => parseFloat(getComputedStyle(document.documentElement).fontSize);

/** Figures that the table has room for: the length, what it is sorted by, else the likest to be asked for. */
function figures(numbers) {
  const likely = numbers.filter(name => /similarity|score|reward/.test(name));
  const wanted = ["length", state.sort, ...likely, "words", ...numbers];
  return [...new Set(wanted)].filter(name => numbers.includes(name)).slice(0, 2);
}

export class Listing {
  /** @param pick told the number of the row that is chosen; @param open told when a row is asked for */
  constructor({pick, open}) {
    Object.assign(this, {pick, open, rows: undefined, window: undefined, columns: []});
    this.node = $("rows");
    this.node.addEventListener("click", event => {
      const found = event.target.closest("[data-index]");
      if (found) {
        this.pick(Number(found.dataset.index));
        this.open();
      }
    });
    this.node.addEventListener("keydown", event => this.key(event));
  }

  /** Shows these rows from now on. @param numbers names of figures that the table shows */
  use(rows, numbers) {
    this.rows = rows;
    this.window?.close();
    this.node.replaceChildren();
    this.node.scrollTop = 0;
    const table = state.view === "table";
    this.node.setAttribute("role", table ? "grid" : "listbox");
    this.node.setAttribute("aria-label", "Rows of the query");
    this.node.removeAttribute("aria-activedescendant");
    if (table) this.head(numbers);
    this.window = new Windowed(this.node, {
      height: (table ? LINE : ITEM) * rem(),
      top: table ? HEADINGS * rem() : 0,
      draw: index => (table ? this.line(index) : this.item(index)),
      seen: (from, to) => this.rows.need(from, to),
    });
    this.refresh();
  }

  refresh() {
    if (!this.window) return;
    if (state.view === "table") this.node.setAttribute("aria-rowcount", this.rows.total + 1);
    this.window.show(this.rows.reach);
  }

  /** Marks the row as the chosen one. */
  choose(index) {
    if (!this.window || index < 0) return;
    this.window.reveal(index);
    this.node.setAttribute("aria-activedescendant", "item-" + index);
  }

  key(event) {
    const page = this.window?.page ?? 1;
    const now = this.window?.active ?? 0;
    const to = {
      ArrowDown: now + 1,
      ArrowUp: now - 1,
      PageDown: now + page,
      PageUp: now - page,
      Home: 0,
      End: this.rows.reach - 1,
    }[event.key];
    if (event.target !== this.node || event.altKey || event.ctrlKey || event.metaKey) return;
    if (event.key === "Enter") {
      event.preventDefault();
      this.open();
    } else if (to !== undefined) {
      event.preventDefault();
      event.stopPropagation();
      this.pick(Math.max(0, Math.min(this.rows.reach - 1, to)));
    }
  }

  frame(index, name, role) {
    const row = this.rows.at(index);
    const chosen = index === this.window.active;
    const place =
      role === "option"
        ? {"aria-posinset": index + 1, "aria-setsize": this.rows.total}
        : {"aria-rowindex": index + 2};
    return [
      row,
      el("div", {
        class: name + (row ? "" : " waiting"),
        role,
        id: "item-" + index,
        "aria-selected": String(chosen),
        data: {index},
        ...place,
        "aria-label": role === "option" ? (row ? spoken(row) : "loading") : undefined,
      }),
    ];
  }

  item(index) {
    const [row, node] = this.frame(index, "item", "option");
    if (!row) return node;
    node.append(
      el("div", {class: "facts"}, statusOf(row), el("span", {class: "space"}), marksOf(row)),
      el("div", {class: "question", text: row.question}),
      el("div", {class: "answer", text: row.answer || "no answer"}),
    );
    return node;
  }

  head(numbers) {
    this.columns = [
      {title: "Status", wide: "11rem", cell: statusOf},
      {title: "Question", wide: "minmax(10rem, 3fr)", cell: row => row.question},
      {title: "Answer", wide: "minmax(10rem, 3fr)", cell: row => row.answer},
      {title: "Teacher", wide: "7rem", cell: row => row.teacher ?? row.source ?? ""},
      ...figures(numbers).map(name => ({
          title: words(name),
          sort: name,
          wide: "6rem",
          number: true,
          cell: row => figure(row.numbers?.[name] ?? row[name] ?? ""),
        })),
      {title: "Decision", sort: "decided_at", wide: "9rem", cell: marksOf},
    ];
    this.grid = this.columns.map(column => column.wide).join(" ");
    const node = el("div", {
      class: "line headings",
      role: "row",
      "aria-rowindex": 1,
      style: {"grid-template-columns": this.grid},
    });
    for (const {title, sort, number} of this.columns) {
      const sorted = sort && state.sort === sort;
      node.append(
        el(
          "div",
          {
            role: "columnheader",
            class: number ? "n" : undefined,
            "aria-sort": sorted ? (state.order === "asc" ? "ascending" : "descending") : undefined,
          },
          sort
            ? el("button", {
                type: "button",
                text: title + (sorted ? (state.order === "asc" ? " ↑" : " ↓") : ""),
                on: {click: () => set({sort, order: sorted && state.order === "desc" ? "asc" : "desc"})},
              })
            : title,
        ),
      );
    }
    this.node.append(node);
  }

  line(index) {
    const [row, node] = this.frame(index, "line", "row");
    node.style.setProperty("grid-template-columns", this.grid);
    if (row)
      node.append(
        ...this.columns.map(({cell, number}) =>
          el("div", {role: "gridcell", class: number ? "n" : undefined}, cell(row)),
        ),
      );
    return node;
  }
}
