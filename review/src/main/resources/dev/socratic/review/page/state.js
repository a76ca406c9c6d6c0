// What is looked at, kept in the address, so that it can be reloaded, bookmarked and sent; and what a browser prefers.

const FIELDS = {q: "", sort: "order", order: "asc", view: "list", row: "", queue: "", raw: ""};
const VIEWS = ["list", "focus", "table"];

export const state = {...FIELDS};
const heard = [];

/** `listener(changed)` is told the names of what changed. */
export const onChange = listener => heard.push(listener);

function tell(changed) {
  if (changed.size) for (const listener of heard) listener(changed);
}

function written() {
  const kept = Object.entries(state).filter(([name, value]) => value !== FIELDS[name]);
  return kept.length ? "#" + new URLSearchParams(kept) : "";
}

/** Changes what is looked at. Another query or view is a step of the browser's history; another row is not. */
export function set(values) {
  const changed = new Set(Object.keys(values).filter(name => state[name] !== values[name]));
  Object.assign(state, values);
  const step = ["q", "view", "queue"].some(name => changed.has(name));
  if (changed.size) history[step ? "pushState" : "replaceState"](null, "", location.pathname + written());
  tell(changed);
}

/** Reads the address, and drops the token from it: it has become a cookie. */
export function read() {
  const found = new URLSearchParams(location.hash.slice(1));
  const values = Object.fromEntries(Object.entries(FIELDS).map(([name, value]) => [name, found.get(name) ?? value]));
  if (!VIEWS.includes(values.view)) values.view = FIELDS.view;
  if (values.order !== "desc") values.order = "asc";
  const changed = new Set(Object.keys(values).filter(name => state[name] !== values[name]));
  Object.assign(state, values);
  if (location.search) history.replaceState(null, "", location.pathname + location.hash);
  return changed;
}

addEventListener("popstate", () => tell(read()));
addEventListener("hashchange", () => tell(read()));

/** A preference of this browser; where it keeps none, they last as long as the page. */
const fallback = new Map();
export const preference = {
  get(name, otherwise = "") {
    try {
      return localStorage.getItem("review." + name) ?? otherwise;
    } catch {
      return fallback.get(name) ?? otherwise;
    }
  },
  set(name, value) {
    fallback.set(name, value);
    try {
      localStorage.setItem("review." + name, value);
    } catch {
      /* a browser that keeps nothing */
    }
  },
};
