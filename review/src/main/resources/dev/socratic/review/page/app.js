// The page: what is in the address is asked for and shown, and what is pressed is written into the address.
import {$, announce, count, el, plural, quietly, words} from "./dom.js";
import {api} from "./api.js";
import {bulk, buttons, decide, flag, label, progress, rate, undo} from "./decide.js";
import {desk, move, open, pick, trouble} from "./desk.js";
import {draw} from "./detail.js";
import {edit} from "./edit.js";
import {facets} from "./facets.js";
import {focusSearch, keymap, listen} from "./keys.js";
import {Listing} from "./listing.js";
import {follow, shown} from "./live.js";
import {map} from "./map.js";
import {panel} from "./panel.js";
import {exporting, guidelines, help, people} from "./panels.js";
import {DEEPEST, Queue, Rows} from "./rows.js";
import {onChange, preference, read, set, state} from "./state.js";
import {whatif} from "./whatif.js";

const PANELS = {map, whatif, people, guidelines, export: exporting, help};
const narrow = matchMedia("(max-width: 860px)");

const listing = new Listing({
  pick: index => pick(index).catch(trouble),
  open: () => {
    if (state.view === "table") set({view: narrow.matches ? "list" : "focus"});
    document.body.dataset.open = "row";
    if (narrow.matches) $("sheet").focus();
  },
});

Object.assign(desk, {
  edit,
  choose: index => listing.choose(index),
  again: () => load().catch(trouble),
  filters: () => filters().catch(trouble),
  draw: problem => {
    draw(problem);
    buttons();
  },
  position: () => {
    $("position").textContent = desk.index < 0 ? "" : `${count(desk.index + 1)} / ${count(desk.rows.total)}`;
  },
});

/** Asks for the rows of the query, and reads the row of the address or the first one. */
async function load() {
  desk.rows?.close();
  const changed = () => {
    listing.refresh();
    totals();
  };
  const rows =
    state.view === "focus" && state.queue
      ? new Queue(state.queue, state.q, changed)
      : new Rows({q: state.q, sort: state.sort, order: state.order}, changed);
  desk.rows = rows;
  desk.index = -1;
  problemOf();
  try {
    await rows.open();
  } catch (problem) {
    if (rows !== desk.rows || problem.name === "AbortError") return;
    if (problem.status === 400) {
      problemOf(problem.message);
      return;
    }
    throw problem;
  }
  if (rows !== desk.rows) return;
  shown(desk.corpus.rows);
  listing.use(rows, desk.corpus.numbers ?? []);
  totals();
  const at = rows.indexOf(state.row);
  if (at >= 0) await pick(at, {quiet: true});
  else if (state.row && !state.queue) await open(state.row);
  else if (rows.reach) await pick(0, {quiet: true});
  else {
    desk.row = undefined;
    desk.draw();
  }
  announce(plural(rows.total, "row"));
}

const filters = () => facets(desk.corpus.facets ?? [], desk.corpus.numbers ?? []);

function totals() {
  const {total, reach} = desk.rows;
  $("total").textContent = plural(total, "row");
  $("bulk").disabled = !total || (state.queue !== "" && state.view === "focus");
  $("reach").hidden = state.view === "focus" || total <= DEEPEST;
  $("reach").textContent = `The list reaches the first ${count(reach)}; filter, or sort the other way, for the rest.`;
  desk.position();
}

function problemOf(message = "") {
  $("q-problem").hidden = !message;
  $("q-problem").textContent = message;
  $("q").setAttribute("aria-invalid", String(Boolean(message)));
}

function controls() {
  document.body.dataset.view = state.view;
  for (const one of document.querySelectorAll(".views [data-view]"))
    one.setAttribute("aria-pressed", String(one.dataset.view === state.view));
  if (document.activeElement !== $("q") || $("q").value.trim() !== state.q) $("q").value = state.q;
  const names = ["order", ...(state.q ? ["relevance"] : []), "decided_at", ...(desk.corpus.numbers ?? [])];
  if (!names.includes(state.sort)) names.push(state.sort);
  $("sort").replaceChildren(
    ...names.map(name =>
      el("option", {value: name, text: name === "order" ? "In order" : words(name), selected: name === state.sort}),
    ),
  );
  $("direction").textContent = state.order === "asc" ? "↑" : "↓";
  $("direction").setAttribute(
    "aria-label",
    state.order === "asc" ? "Ascending; turn round" : "Descending; turn round",
  );
  $("queue").value = state.queue;
  $("raw").setAttribute("aria-pressed", String(state.raw === "1"));
}

onChange(changed => {
  controls();
  if (["q", "sort", "order", "view", "queue"].some(name => changed.has(name))) {
    if (changed.has("q") || changed.has("view")) document.body.dataset.open = "";
    load().catch(trouble);
    if (changed.has("q")) filters().catch(trouble);
  } else if (changed.has("row") && state.row !== desk.row?.id && state.row !== desk.rows?.at(desk.index)?.id)
    open(state.row).catch(trouble);
  if (changed.has("raw")) desk.draw();
});

function wire() {
  const on = (id, event, act) => $(id).addEventListener(event, act);
  const back = () => {
    document.body.dataset.open = "";
    $("rows").focus();
  };
  on("search", "submit", event => {
    event.preventDefault();
    set({q: $("q").value.trim()});
    $("rows").focus();
  });
  on("q", "search", () => set({q: $("q").value.trim()}));
  on(
    "q",
    "input",
    quietly(async () => {
      const written = $("q").value.trim();
      const {ok, message} = await api.check(written).catch(problem => ({ok: false, message: problem.message}));
      if (written === $("q").value.trim()) problemOf(ok || !written ? "" : message);
    }),
  );
  on("q", "keydown", event => {
    if (event.key === "Escape") {
      event.preventDefault();
      $("q").value = state.q;
      problemOf();
      $("rows").focus();
    }
  });
  on("sort", "change", () =>
    set({
      sort: $("sort").value,
      order: $("sort").value === "relevance" || $("sort").value === "decided_at" ? "desc" : state.order,
    }),
  );
  on("direction", "click", () => set({order: state.order === "asc" ? "desc" : "asc"}));
  on("queue", "change", () => set({queue: $("queue").value}));
  on("bulk", "click", bulk);
  on("fresh", "click", () => {
    load().catch(trouble);
    filters().catch(trouble);
  });
  on("previous", "click", () => move(-1).catch(trouble));
  on("next", "click", () => move(1).catch(trouble));
  on("raw", "click", () => set({raw: state.raw ? "" : "1"}));
  on("undo", "click", undo);
  on("back", "click", back);
  on("menu", "click", () => {
    const opened = $("tools").classList.toggle("open");
    $("menu").setAttribute("aria-expanded", String(opened));
  });
  on("filters-open", "click", () => {
    $("filters").classList.add("open");
    $("filters-close").focus();
  });
  on("filters-close", "click", () => {
    $("filters").classList.remove("open");
    $("filters-open").focus();
  });
  on("panel-close", "click", panel.close);
  on("theme", "click", () => {
    preference.set("theme", {"": "dark", dark: "light", light: ""}[preference.get("theme")] ?? "");
    theme();
  });
  on("reviewer", "change", () => {
    preference.set("reviewer", $("reviewer").value.trim());
    announce(`You decide as ${$("reviewer").value || desk.corpus.reviewer}`);
    desk.draw();
  });
  for (const one of document.querySelectorAll(".views [data-view]"))
    one.addEventListener("click", () => set({view: one.dataset.view}));
  for (const one of document.querySelectorAll("[data-panel]"))
    one.addEventListener("click", () => PANELS[one.dataset.panel]());
  const go = by => () => move(by).catch(trouble);
  const key = (group, keys, does, act) => keymap.push({group, keys, does, act});
  key("Decide", ["a"], "accept, go on", () => decide("accept"));
  key("Decide", ["x"], "reject, go on", () => decide("reject"));
  key("Decide", [" "], "leave for later, go on", () => decide("later"));
  key("Decide", ["Backspace"], "take the last action back", undo);
  key("Decide", ["e"], "edit reasoning and answer", edit);
  key("Decide", ["f"], "flag", flag);
  key(
    "Decide",
    ["digit"],
    "put the label on or off; on a selected part of a text as written (m), on that part",
    label,
  );
  key("Decide", ["Shift+digit"], "rate", rate);
  key("Decide", ["n"], "write a note", () => $("note")?.focus());
  key("Move", ["j", "ArrowDown"], "next row", go(1));
  key("Move", ["k", "ArrowUp"], "previous row", go(-1));
  key("Move", ["/"], "search", focusSearch);
  key("Move", ["v"], "list, focus, table", () =>
    set({view: {list: "focus", focus: "table", table: "list"}[state.view]}),
  );
  key("Move", ["m"], "rendered or as written", () => set({raw: state.raw ? "" : "1"}));
  key("Move", ["s"], "samples of the question", () => {
    const found = [...document.querySelectorAll("details.more")].find(one => one.textContent.startsWith("Samples"));
    if (found) {
      found.open = !found.open;
      found.scrollIntoView({block: "nearest"});
    }
  });
  key("Move", ["Escape"], "back to the list", () => {
    if ($("filters").classList.contains("open")) $("filters-close").click();
    else if (state.view !== "list") set({view: "list"});
    else back();
  });
  key("Move", ["?"], "this help", help);
  listen();
}

function theme() {
  const chosen = preference.get("theme");
  $("theme").textContent = {dark: "Dark", light: "Light"}[chosen] ?? "Auto";
  $("theme").setAttribute(
    "aria-label",
    `Colours: ${{dark: "dark", light: "light"}[chosen] ?? "as the system has them"}`,
  );
  $("theme").title = "Colours: automatic, dark or light";
  if (chosen) document.documentElement.dataset.theme = chosen;
  else delete document.documentElement.dataset.theme;
}

async function start() {
  theme();
  read();
  desk.corpus = await api.corpus();
  $("corpus-name").textContent = desk.corpus.name ?? "";
  document.title = `${desk.corpus.name ?? "Rows"} · Socratic review`;
  document.querySelector("[data-panel=guidelines]").hidden = !desk.corpus.guidelines;
  document.querySelector("[data-panel=map]").hidden = !desk.corpus.numbers?.includes("clusters.x");
  $("reviewer").value = preference.get("reviewer");
  $("reviewer").placeholder = desk.corpus.reviewer ?? "";
  wire();
  controls();
  progress();
  for (const notice of desk.corpus.notices ?? []) trouble({message: notice});
  await Promise.all([load(), filters()]);
  follow();
  $("rows").focus({focusVisible: false});
  document.body.dataset.ready = "true";
}

start().catch(problem => {
  trouble(problem);
  $("sheet").replaceChildren(el("p", {class: "empty", text: problem.message}));
});
