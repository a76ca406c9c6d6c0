// The corpus as a map: each dot a row, near rows about the same thing. A line drawn round dots becomes a query.
import {announce, count, el, plural} from "./dom.js";
import {api} from "./api.js";
import {trouble} from "./desk.js";
import {panel} from "./panel.js";
import {chosen, having, toggled, without} from "./query.js";
import {set, state} from "./state.js";

const SIDE = 1000; // of the drawing, in its own units
const LEAST = 4; // units between two corners of a line
const MOST = 200; // corners of a line that is written into a query

/** Hues as far apart as they can be, however many there are. */
const colour = (cluster, dark) => `hsl(${(cluster * 137.508) % 360} 65% ${dark ? 66 : 38}%)`;

export async function map() {
  const canvas = el("canvas", {width: SIDE, height: SIDE, role: "img", class: "map"});
  const note = el("p", {class: "soft", "aria-live": "polite"});
  const clusters = el("ul", {class: "clusters"});
  panel.show(
    "Map of the corpus",
    el("p", {
      class: "soft",
      text: "Near dots are about the same thing. Draw a line round some to see only those rows; or take a cluster.",
    }),
    el("div", {class: "atlas"}, canvas, el("div", {}, note, clusters)),
  );
  try {
    await draw(canvas, note, clusters);
  } catch (problem) {
    panel.close();
    trouble(problem);
  }
}

async function draw(canvas, note, clusters) {
  const rest = without(without(state.q, "within"), "cluster");
  const [all, found] = await Promise.all([api.map(rest), state.q === rest ? undefined : api.map(state.q)]);
  const shown = found ?? all;
  if (!all.rows) {
    canvas.hidden = true;
    note.textContent =
      "No row of this query has a place on a map. The curation step `clusters` makes one: add it to the steps, and run again.";
    return;
  }
  note.textContent =
    `${plural(shown.rows, "row")} in ${plural(shown.clusters.length, "cluster")}` +
    (shown.points.length < shown.rows ? `; ${count(shown.points.length)} of them drawn` : "") +
    (shown.missing ? `; ${count(shown.missing)} without a place` : "");
  canvas.setAttribute("aria-label", `Map: ${note.textContent}. The list of clusters says the same.`);
  const picture = () => paint(canvas, all, found);
  picture();
  lasso(canvas, picture, rest);
  const now = chosen(state.q, "cluster");
  clusters.replaceChildren(
    ...[...all.clusters]
      .sort((one, other) => other.count - one.count)
      .map(cluster =>
        el(
          "li",
          {},
          el(
            "button",
            {
              type: "button",
              "aria-pressed": String(now.includes(String(cluster.number))),
              on: {click: () => go(toggled(state.q, "cluster", String(cluster.number)))},
            },
            el("i", {style: {background: colour(cluster.number, isDark(canvas))}}),
            el("span", {text: cluster.name}),
            el("span", {class: "n", text: count(cluster.count)}),
          ),
        ),
      ),
    state.q === rest ? "" : el("li", {}, el("button", {type: "button", text: "The whole map", on: {click: () => go(rest)}})),
  );
}

function go(q) {
  panel.close();
  set({q});
}

const isDark = node => getComputedStyle(node).colorScheme.includes("dark") && !isLight();
const isLight = () =>
  document.documentElement.dataset.theme === "light" ||
  (!document.documentElement.dataset.theme && !matchMedia("(prefers-color-scheme: dark)").matches);

function paint(canvas, all, found) {
  const pen = canvas.getContext("2d");
  const dark = isDark(canvas);
  const styles = getComputedStyle(canvas);
  const dot = Math.max(2, Math.min(7, 220 / Math.sqrt(all.points.length)));
  pen.clearRect(0, 0, SIDE, SIDE);
  const dots = (points, paintOf) => {
    for (const [x, y, cluster] of points) {
      pen.fillStyle = paintOf(cluster);
      pen.beginPath();
      pen.arc(at(x), SIDE - at(y), dot, 0, 2 * Math.PI);
      pen.fill();
    }
  };
  pen.globalAlpha = found ? 0.35 : 0.75;
  dots(all.points, found ? () => styles.borderTopColor : cluster => colour(cluster, dark));
  pen.globalAlpha = 0.9;
  if (found) dots(found.points, cluster => colour(cluster, dark));
  pen.globalAlpha = 1;
  names(pen, (found ?? all).clusters, styles);
}

/** The names of the largest clusters, where they do not stand on each other. */
function names(pen, clusters, styles) {
  const letter = Math.min(40, (13 * SIDE) / Math.max(1, pen.canvas.clientWidth)); // 13 pixels, as they are seen
  pen.font = `600 ${letter}px system-ui, sans-serif`;
  pen.textAlign = "center";
  pen.lineWidth = 6;
  pen.lineJoin = "round";
  pen.strokeStyle = styles.backgroundColor;
  pen.fillStyle = styles.color;
  const taken = [];
  for (const {name, x, y} of [...clusters].sort((one, other) => other.count - one.count)) {
    const half = pen.measureText(name).width / 2;
    const left = Math.min(Math.max(at(x), half + 8), SIDE - half - 8);
    const top = SIDE - at(y);
    if (taken.some(one => Math.abs(one.top - top) < 1.3 * letter && Math.abs(one.left - left) < one.half + half)) continue;
    taken.push({left, top, half});
    pen.strokeText(name, left, top);
    pen.fillText(name, left, top);
  }
}

const at = share => 20 + share * (SIDE - 40);
const share = place => (place - 20) / (SIDE - 40);

function lasso(canvas, picture, rest) {
  let line;
  const place = event => {
    const box = canvas.getBoundingClientRect();
    return [((event.clientX - box.left) / box.width) * SIDE, ((event.clientY - box.top) / box.height) * SIDE];
  };
  canvas.addEventListener("pointerdown", event => {
    canvas.setPointerCapture(event.pointerId);
    line = [place(event)];
  });
  canvas.addEventListener("pointermove", event => {
    if (!line) return;
    const next = place(event);
    const last = line[line.length - 1];
    if (Math.hypot(next[0] - last[0], next[1] - last[1]) < LEAST) return;
    line.push(next);
    picture();
    const pen = canvas.getContext("2d");
    pen.strokeStyle = getComputedStyle(canvas).color;
    pen.lineWidth = 4;
    pen.beginPath();
    for (const [x, y] of line) pen.lineTo(x, y);
    pen.stroke();
  });
  const stop = () => {
    const drawn = line;
    line = undefined;
    picture();
    return drawn;
  };
  canvas.addEventListener("pointercancel", stop);
  canvas.addEventListener("pointerup", () => {
    const drawn = stop();
    if (!drawn || drawn.length < 3) {
      announce("Draw a line round the rows that are wanted");
      return;
    }
    const every = Math.ceil(drawn.length / MOST);
    const corners = drawn.filter((_, i) => i % every === 0).map(([x, y]) => [share(x), share(SIDE - y)]);
    go(having(rest, "within", [corners.map(one => one.map(value => value.toFixed(4)).join(",")).join(" ")]));
  });
}
