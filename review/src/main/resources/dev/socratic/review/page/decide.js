// Deciding: one row by a key, a whole query after being asked, and taking it back.
import {$, announce, button, count, el, plural, quietly} from "./dom.js";
import {api} from "./api.js";
import {desk, forget, move, open, pick, reread, serially} from "./desk.js";
import {editButtons, isEditing} from "./edit.js";
import {panel} from "./panel.js";
import {selected, toggledSpan} from "./spans.js";
import {preference, state} from "./state.js";

const RECENT = 10;
const recent = [];

/** Sends what was decided and shows what came of it. @returns the server's answer */
export async function post(body, said) {
  const origin = state.view === "focus" && state.queue ? {origin: "queue:" + state.queue} : {};
  const answer = await api.decide({...body, ...origin});
  desk.rows?.update(answer.rows ?? []);
  forget((answer.rows ?? []).map(row => row.id));
  note(said, answer);
  await reread();
  return answer;
}

// Counts and facets follow once the hands rest.
const recount = quietly(async () => {
  Object.assign(desk.corpus, await api.corpus());
  progress();
  await desk.filters();
}, 700);
export const counted = () => recount();

function note(said, {count: n, rows = [], action}) {
  const text = n === 1 ? `${said} ${rows[0]?.id ?? ""}` : `${said} ${plural(n, "row")}`;
  $("last").textContent = text;
  announce(text);
  recent.unshift({said, rows, n, action});
  recent.length = Math.min(recent.length, RECENT);
  drawRecent();
  counted();
}

function drawRecent() {
  $("recent").hidden = recent.length === 0;
  $("recent")
    .querySelector("ol")
    .replaceChildren(
      ...recent.map(({said, rows, n}) =>
        el(
          "li",
          {},
          el(
            "button",
            {type: "button", on: {click: () => rows[0] && open(rows[0].id)}},
            el("b", {text: said}),
            el("span", {text: n === 1 ? (rows[0]?.question ?? "") : plural(n, "row")}),
          ),
        ),
      ),
    );
}

export const own = () => new Set(recent.map(one => one.action));

/** Accepts, rejects or leaves for later, and goes on. Pressing what is already so takes it back. */
export function decide(decision) {
  serially(async () => {
    if (!desk.row) return;
    const again = mine()?.decision === decision;
    await post(
      {ids: [desk.row.id], decision: again ? "none" : decision},
      again ? "Undecided" : {accept: "Accepted", reject: "Rejected", later: "Later"}[decision],
    );
    if (!again && desk.index >= 0 && desk.index + 1 < desk.rows.reach) await move(1);
  });
}

/** What this reviewer last said of the row that is read, all of it together. */
export function mine() {
  const name = reviewer();
  const made = (desk.row?.decisions ?? [])
    .filter(one => one.reviewer === name && !one.undone)
    .sort((a, b) => (a.at < b.at ? -1 : 1));
  return made.reduce((all, one) => ({...all, ...one}), {});
}

export const reviewer = () => preference.get("reviewer") || desk.corpus?.reviewer || "";

// What changes is worked out when its turn comes, of the row that lies there then. `work` gives [body, what is said].
const change = work =>
  serially(async () => {
    if (!desk.row) return;
    const [body, said] = work();
    await post({ids: [desk.row.id], ...body}, said);
  });

export const flag = () => change(() => (mine().flag ? [{flag: false}, "Unflagged"] : [{flag: true}, "Flagged"]));

export function label(number) {
  const name = desk.corpus.labels?.[number - 1];
  if (!name) {
    announce(`There is no label ${number}`);
    return;
  }
  const part = selected();
  if (part) {
    getSelection().empty();
    change(() => [{spans: toggledSpan(mine().spans ?? [], {...part, label: name})}, `Part ${name}:`]);
    return;
  }
  change(() => {
    const now = mine().labels ?? [];
    return now.includes(name)
      ? [{labels: now.filter(one => one !== name)}, `No longer ${name}:`]
      : [{labels: [...now, name]}, `Labelled ${name}:`];
  });
}

export function rate(rating) {
  const most = desk.corpus.ratings ?? 0;
  if (rating > most) return;
  change(() => (mine().rating === rating ? [{rating: 0}, "No rating:"] : [{rating}, `${rating} of ${most}:`]));
}

/** Takes this reviewer's last action back and shows the row it was about. */
export function undo() {
  serially(async () => {
    const answer = await api.undo();
    desk.rows?.update(answer.rows ?? []);
    forget((answer.rows ?? []).map(row => row.id));
    const gone = recent.findIndex(one => one.action === answer.action);
    if (gone >= 0) recent.splice(gone, 1);
    drawRecent();
    counted();
    const said = `Undone: ${answer.count === 1 ? (answer.rows?.[0]?.id ?? "1 row") : plural(answer.count, "row")}`;
    $("last").textContent = said;
    announce(said);
    if (answer.count !== 1 || !answer.rows?.length) return reread();
    const at = desk.rows.indexOf(answer.rows[0].id);
    return at >= 0 ? pick(at) : open(answer.rows[0].id);
  });
}

/** Asks what to do with all rows of the query, how many they are, and does it as one action that can be undone. */
export function bulk() {
  const total = desk.rows.total;
  const q = state.q;
  let chosen;
  const go = el("button", {
    type: "button",
    class: "main",
    disabled: true,
    text: "Choose what to do",
    on: {
      click: () => {
        panel.close();
        serially(act);
      },
    },
  });
  const option = (name, text, body) =>
    el(
      "label",
      {class: "setting"},
      el("input", {
        type: "radio",
        name: "bulk",
        value: name,
        on: {
          change: () => {
            chosen = {body, text};
            go.disabled = false;
            go.textContent = `${text} ${plural(total, "row")}`;
          },
        },
      }),
      el("span", {text}),
    );
  async function act() {
    await post(
      {q, expect: total, ...chosen.body},
      {Accept: "Accepted", Reject: "Rejected", Flag: "Flagged"}[chosen.text] ?? chosen.text,
    );
    desk.again();
  }
  panel.show(
    "Act on all rows of the query",
    el(
      "div",
      {class: "sure"},
      el(
        "p",
        {},
        el("strong", {class: "n", text: plural(total, "row")}),
        q ? [" match ", el("code", {text: q})] : ": every row of the corpus.",
      ),
      el(
        "fieldset",
        {class: "choices"},
        el("legend", {text: "What to do"}),
        option("accept", "Accept", {decision: "accept"}),
        option("reject", "Reject", {decision: "reject"}),
        option("later", "Leave for later", {decision: "later"}),
        option("none", "Take my decision back on", {decision: "none"}),
        option("flag", "Flag", {flag: true}),
        (desk.corpus.labels ?? []).map(name => option("label-" + name, "Label " + name, {labels: [name]})),
      ),
      el("p", {
        class: "soft",
        text: "It is one action: Undo takes all of it back. If the number of rows changes until then, nothing is done.",
      }),
      el("div", {class: "actions"}, go, el("button", {type: "button", text: "Cancel", on: {click: panel.close}})),
    ),
  );
}

/** The buttons below the row, each with its key. */
export function buttons() {
  const bar = $("decide");
  const focused = document.activeElement?.closest?.("#decide [data-does]")?.dataset.does;
  if (!desk.row) {
    bar.replaceChildren();
    return;
  }
  if (isEditing(desk.row.id)) {
    bar.replaceChildren(el("div", {class: "keys"}, editButtons(desk.row)));
    return;
  }
  const now = mine();
  const one = (does, text, key, act, pressed) =>
    button(
      text,
      act,
      {class: does, data: {does}, "aria-pressed": pressed === undefined ? undefined : String(Boolean(pressed))},
      key,
    );
  const {labels = [], ratings = 0} = desk.corpus;
  bar.replaceChildren(
    el(
      "div",
      {class: "keys"},
      one("accept", "Accept", "a", () => decide("accept"), now.decision === "accept"),
      one("reject", "Reject", "x", () => decide("reject"), now.decision === "reject"),
      one("later", "Later", "Space", () => decide("later"), now.decision === "later"),
      one("flag", "Flag", "f", flag, now.flag ?? false),
      one("edit", "Edit", "e", () => desk.edit()),
    ),
    el(
      "div",
      {class: "second"},
      labels.map((name, i) =>
        one("label-" + name, name, i < 9 ? String(i + 1) : "", () => label(i + 1), now.labels?.includes(name) ?? false),
      ),
      ratings
        ? el(
            "span",
            {class: "stars", role: "group", "aria-label": "Rating"},
            Array.from({length: ratings}, (_, i) =>
              el("button", {
                type: "button",
                text: String(i + 1),
                data: {does: "rate" + i},
                title: `Shift and ${i + 1}`,
                "aria-label": `${i + 1} of ${ratings}`,
                "aria-pressed": String(now.rating === i + 1),
                on: {click: () => rate(i + 1)},
              }),
            ),
          )
        : "",
      noted(now),
    ),
  );
  if (focused) [...bar.querySelectorAll("[data-does]")].find(node => node.dataset.does === focused)?.focus();
}

function noted(now) {
  const {id} = desk.row;
  const field = el("input", {
    id: "note",
    maxlength: 2000,
    autocomplete: "off",
    placeholder: "Note (n)",
    "aria-label": "Note",
    on: {
      change: () => serially(() => post({ids: [id], note: field.value}, "Noted")),
      keydown: event => {
        if (event.key === "Enter" || event.key === "Escape") {
          event.stopPropagation();
          $("sheet").focus();
        }
      },
    },
  });
  field.value = now.note ?? "";
  return el("span", {class: "setting"}, field);
}

export function progress() {
  const {rows = 0, kept = 0, dropped = 0, flagged = 0, decided = 0} = desk.corpus;
  $("progress").textContent =
    `${plural(rows, "row")}: ${count(kept)} kept, ${count(dropped)} dropped, ${count(flagged)} flagged` +
    ` · ${count(decided)} decided`;
}
