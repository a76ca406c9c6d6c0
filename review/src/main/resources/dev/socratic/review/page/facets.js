// What the rows of the query have in common, to be clicked: values with counts, and figures as histograms.
import {$, count, el, figure, plural, words} from "./dom.js";
import {api} from "./api.js";
import {between, chosen, excluded, having, toggled, within, without} from "./query.js";
import {set, state} from "./state.js";

const SHOWN = 12;
const BINS = 24;
const HIDDEN = new Set(["file"]); // open when asked for
const NAMED = new Set(["status", "stage", "step", "reason", "decision"]); // ours, in snake case; others stay as written
const open = new Map(); // whether a section is open, by its name
let drawn = 0;

/** Asks for the facets of the query and draws them. */
export async function facets(fields, numbers) {
  const turn = ++drawn;
  const free = fields.filter(field => !chosen(state.q, field).length);
  const answers = await Promise.all([
    api.facets(state.q, free, SHOWN),
    ...fields
      .filter(field => !free.includes(field))
      .map(field => api.facets(without(state.q, field), [field], SHOWN)),
  ]);
  if (turn !== drawn) return;
  const all = Object.assign({}, ...answers.map(answer => answer.facets));
  const focused = document.activeElement?.closest("#facets [data-value]")?.dataset.value;
  $("facets").replaceChildren(
    ...fields
      .filter(
        field =>
          all[field]?.values.length &&
          (all[field].values.length > 1 || chosen(state.q, field).length || field === "status"),
      )
      .map(field => facet(field, all[field])),
  );
  if (focused)
    [...$("facets").querySelectorAll("[data-value]")].find(node => node.dataset.value === focused)?.focus();
  await histograms(numbers, turn);
}

function section(name, title, opened, body) {
  const node = el(
    "details",
    {class: "facet", open: open.get(name) ?? opened, on: {toggle: () => open.set(name, node.open)}},
    el("summary", {text: title}),
    body,
  );
  return node;
}

function facet(field, {values, other, distinct}) {
  const now = chosen(state.q, field);
  return section(
    field,
    words(field),
    !HIDDEN.has(field),
    el(
      "ul",
      {},
      values.map(({value, count: n}) => {
        const on = now.includes(value);
        return el(
          "li",
          {},
          el(
            "button",
            {
              type: "button",
              "aria-pressed": String(on),
              data: {value: field + ":" + value},
              "aria-label": `${words(field)} ${words(value)}, ${plural(n, "row")}`,
              on: {click: () => set({q: toggled(state.q, field, value)})},
            },
            el("span", {text: NAMED.has(field) ? words(value) : value}),
            el("span", {class: "n", text: count(n)}),
          ),
          on
            ? ""
            : el("button", {
                type: "button",
                text: "−",
                title: "Without these",
                "aria-label": `Without ${words(field)} ${words(value)}`,
                on: {click: () => set({q: excluded(state.q, field, value)})},
              }),
        );
      }),
      now.length
        ? el(
            "li",
            {},
            el("button", {
              type: "button",
              text: "Any " + words(field),
              on: {click: () => set({q: having(state.q, field, [])})},
            }),
          )
        : "",
      other
        ? el("li", {
            class: "soft n",
            text: `${plural(distinct - values.length, "other value")}, ${plural(other, "row")}`,
          })
        : "",
    ),
  );
}

let second = ""; // the figure whose histogram stands below that of the length

async function histograms(numbers, turn) {
  const choices = numbers.filter(name => name !== "length");
  if (!choices.includes(second)) second = choices.find(name => name.includes("similarity")) ?? choices[0] ?? "";
  const fields = ["length", second].filter(Boolean);
  const found = await Promise.all(fields.map(field => api.histogram(within(state.q, field), field, BINS)));
  if (turn !== drawn) return;
  const focused = document.activeElement?.closest("#histograms [data-bar]")?.dataset.bar;
  $("histograms").replaceChildren(
    ...found.map((histogram, at) =>
      section("#" + at, at ? "Score" : "Length", true, [at ? chooser(choices, numbers) : "", bars(histogram)]),
    ),
  );
  if (focused)
    [...$("histograms").querySelectorAll("[data-bar]")].find(node => node.dataset.bar === focused)?.focus();
}

const chooser = (choices, numbers) =>
  el(
    "label",
    {class: "setting"},
    el("span", {class: "said", text: "Figure"}),
    el(
      "select",
      {
        on: {
          change: event => {
            second = event.target.value;
            histograms(numbers, ++drawn);
          },
        },
      },
      choices.map(name => el("option", {value: name, text: words(name), selected: name === second})),
    ),
  );

/** One button a bar; pressing it, or dragging over several, asks for the rows in it. */
function bars({field, bins, min, max, missing, count: n}) {
  if (!n) return el("p", {class: "soft", text: "No row has this figure."});
  const most = Math.max(...bins.map(bin => bin.count));
  const range = between(state.q, field);
  const last = bins.length - 1;
  const isIn = bin => (range && bin.to > range[0] && bin.from < range[1]) || (range && bin.from === range[0]);
  const ask = (a, b) => {
    const [from, to] = [Math.min(a, b), Math.max(a, b)];
    const same = range && range[0] === bins[from].from && range[1] === bins[to].to;
    set({q: same ? within(state.q, field) : within(state.q, field, bins[from].from, bins[to].to, to === last)});
  };
  let begun = -1;
  const at = event =>
    Number(document.elementFromPoint(event.clientX, event.clientY)?.closest("[data-at]")?.dataset.at ?? begun);
  const node = el(
    "div",
    {
      class: "bars",
      role: "group",
      "aria-label": words(field),
      on: {
        pointerdown: event => {
          begun = at(event);
        },
        pointerup: event => {
          if (begun >= 0) ask(begun, at(event));
          begun = -1;
        },
        pointermove: event => {
          if (begun < 0 || !event.buttons) return;
          const now = at(event);
          [...node.children].forEach((bar, i) =>
            bar.classList.toggle("in", i >= Math.min(begun, now) && i <= Math.max(begun, now)),
          );
        },
        keydown: event => {
          const step = {ArrowLeft: -1, ArrowRight: 1}[event.key];
          if (!step) return;
          event.preventDefault();
          event.stopPropagation();
          const next = node.children[Number(event.target.dataset.at) + step];
          if (next) {
            event.target.tabIndex = -1;
            next.tabIndex = 0;
            next.focus();
          }
        },
      },
    },
    bins.map((bin, i) =>
      el(
        "button",
        {
          type: "button",
          class: isIn(bin) ? "in" : undefined,
          tabindex: i === 0 ? 0 : -1,
          data: {at: i, bar: field + i},
          title: `${figure(bin.from)} to ${figure(bin.to)}: ${plural(bin.count, "row")}`,
          "aria-label": `${words(field)} ${figure(bin.from)} to ${figure(bin.to)}: ${plural(bin.count, "row")}`,
          "aria-pressed": String(Boolean(isIn(bin))),
          on: {
            click: event => {
              if (event.detail === 0) ask(i, i);
            },
          },
        }, // by the keyboard; a pointer asks above
        el("i", {style: {height: bin.count ? `max(2px, ${(100 * bin.count) / most}%)` : "0"}}),
      ),
    ),
  );
  return el(
    "div",
    {},
    node,
    el(
      "div",
      {class: "ends"},
      el("span", {text: figure(min)}),
      missing ? el("span", {text: `${count(missing)} without`}) : "",
      el("span", {text: figure(max)}),
    ),
  );
}
