// What happens elsewhere: rows that stream in, what other reviewers decide. Nothing moves under the reader's hand.
import {$, announce, plural} from "./dom.js";
import {api} from "./api.js";
import {desk, forget, reread, trouble} from "./desk.js";
import {counted, own, progress} from "./decide.js";
import {state} from "./state.js";

let seen = 0; // rows when the list was last asked for

export function shown(rows) {
  seen = rows;
  $("fresh").hidden = true;
}

// A browser opens six connections to one server: a page that was left keeps none of them.
export function follow() {
  const source = api.events();
  addEventListener("pagehide", () => source.close(), {once: true});
  addEventListener("pageshow", event => event.persisted && follow(), {once: true});
  const hear = (name, act) => source.addEventListener(name, event => act(JSON.parse(event.data || "{}")));
  source.addEventListener("open", () => link("", false));
  source.addEventListener("error", () => link("Not connected; trying again", true));
  hear("rows", ({rows, kept, dropped}) => {
    Object.assign(desk.corpus, {rows, ...(kept !== undefined && {kept}), ...(dropped !== undefined && {dropped})});
    progress();
    if (rows > 0 && desk.rows?.total === 0 && !state.q) {
      desk.again();
      desk.filters();
      return;
    }
    if (rows > seen) {
      $("fresh").hidden = false;
      $("fresh").textContent = `Show ${plural(rows - seen, "new row")}`;
      $("fresh").setAttribute("aria-label", `${plural(rows - seen, "new row")}: load`);
    }
  });
  hear("decisions", decided);
  hear("indexing", ({done_bytes: done = 0, total_bytes: total = 0}) =>
    link(done < total ? `Reading the files: ${Math.floor((100 * done) / total)} %` : "", false),
  );
  hear("notice", ({text}) => trouble({message: text}));
  hear("closing", () => link("The server is closing", true));
}

function link(text, off) {
  $("link").textContent = text;
  $("link").classList.toggle("off", off);
}

// Own actions are known; of others' the rows that are in sight are asked for again, in their place.
async function decided({action, reviewer, ids = [], count: n}) {
  if (own().has(action)) return;
  const here = ids.filter(id => desk.rows?.indexOf(id) >= 0).slice(0, 40);
  forget(ids);
  try {
    const rows = await Promise.all(here.map(id => api.row(id).then(row => row.summary)));
    desk.rows?.update(rows);
    if (desk.row && ids.includes(desk.row.id)) await reread();
    counted();
  } catch (problem) {
    trouble(problem);
  }
  if (reviewer) announce(`${reviewer} decided ${plural(n ?? ids.length, "row")}`);
}
