// Moving a threshold and seeing at once how many rows, and which, would come and go.
import {count, el, figure, plural, quietly, words} from "./dom.js";
import {api} from "./api.js";
import {desk, trouble} from "./desk.js";
import {statusOf} from "./marks.js";
import {panel} from "./panel.js";
import {set} from "./state.js";

const NOTCHES = 200;

/** Thresholds that steps of the run have on scores that were stored. */
function thresholds() {
  return (desk.corpus.steps ?? []).flatMap(({step, thresholds: list = []}) =>
    list.map(threshold => ({step, ...threshold, now: threshold.least ?? threshold.most})),
  );
}

const bound = ({least, now}) => `${least !== undefined ? "at least" : "at most"} ${figure(now)}`;

export function whatif() {
  const all = thresholds();
  if (!all.length) {
    panel.show(
      "What if",
      el("p", {
        text: "No step of this run stored scores with a threshold. Rows that `socratic curate` wrote have them.",
      }),
    );
    return;
  }
  const which = el(
    "select",
    {id: "whatif-which"},
    all.map((one, i) =>
      el("option", {
        value: i,
        text: `${words(one.step)}: ${words(one.score)} ${bound(one)}`,
      }),
    ),
  );
  const body = el("div");
  which.addEventListener("change", () => slider(all[which.value], body));
  panel.show(
    "What if the threshold were another one",
    el("label", {class: "setting"}, el("span", {text: "Threshold"}), which),
    body,
  );
  slider(all[0], body);
}

async function slider(threshold, body) {
  let histogram;
  try {
    histogram = await api.histogram("", threshold.score, 40);
  } catch (problem) {
    trouble(problem);
    return;
  }
  const low = Math.min(histogram.min ?? 0, threshold.now);
  const high = Math.max(histogram.max ?? 1, threshold.now);
  const step = (high - low) / NOTCHES || 1;
  const whole = Number.isInteger(threshold.now) && high - low > 20;
  const range = el("input", {
    type: "range",
    min: low,
    max: high,
    step: whole ? Math.max(1, Math.round(step)) : step,
    "aria-label": words(threshold.score),
  });
  const exact = el("input", {type: "number", step: "any", "aria-label": words(threshold.score) + ", exactly"});
  range.value = exact.value = threshold.now;
  const result = el("div", {"aria-live": "polite"});
  let turn = 0;
  const ask = async () => {
    const now = ++turn;
    try {
      const answer = await api.whatif({step: threshold.step, score: threshold.score, threshold: Number(exact.value)});
      if (now === turn) result.replaceChildren(...sums(answer, threshold, Number(exact.value)));
    } catch (problem) {
      if (now === turn) result.replaceChildren(el("p", {role: "alert", text: problem.message}));
    }
  };
  const soon = quietly(ask);
  range.addEventListener("input", () => {
    exact.value = whole ? range.value : Number(Number(range.value).toPrecision(4));
    soon();
  });
  exact.addEventListener("input", () => {
    if (exact.value !== "") {
      range.value = exact.value;
      soon();
    }
  });
  body.replaceChildren(
    el("p", {
      class: "soft",
      text: `${words(threshold.score)} lies in ${figure(low)} … ${figure(high)}; the run used ${bound(threshold)}.`,
    }),
    el("div", {class: "slide"}, range, exact),
    result,
  );
  ask();
}

function sums(answer, threshold, value) {
  const see = (text, q) =>
    q
      ? el("button", {
          type: "button",
          text,
          on: {
            click: () => {
              panel.close();
              set({q, view: "list"});
            },
          },
        })
      : "";
  const rows = (title, list, n) =>
    list?.length
      ? [
          el("h3", {text: title}),
          el(
            "ul",
            {class: "likes"},
            list
              .slice(0, 5)
              .map(row =>
                el(
                  "li",
                  {},
                  statusOf(row),
                  el("span", {text: row.question}),
                  el("span", {class: "n", text: figure(row.numbers?.[threshold.score] ?? "")}),
                ),
              ),
          ),
          n > 5 ? el("p", {class: "soft", text: `and ${count(n - 5)} more`}) : "",
        ]
      : [];
  const said = el("p", {role: "status"});
  return [
    el(
      "dl",
      {class: "sums"},
      [
        ["would go", answer.would_go],
        ["would come", answer.would_come],
        ["kept then", answer.kept_after],
        ["without this score", answer.unknown],
      ]
        .filter(([, n]) => n !== undefined)
        .map(([name, n]) => el("div", {}, el("dt", {text: name}), el("dd", {text: count(n)}))),
    ),
    ...rows("Would go", answer.going, answer.would_go),
    ...rows("Would come", answer.coming, answer.would_come),
    el(
      "div",
      {class: "actions"},
      answer.would_go ? see(`Show ${plural(answer.would_go, "row")} that would go`, answer.q_going) : "",
      answer.would_come ? see(`Show ${plural(answer.would_come, "row")} that would come`, answer.q_coming) : "",
      el("button", {
        type: "button",
        text: "Write the recipe",
        on: {
          click: async () => {
            try {
              const {path, yaml} = await api.recipe({step: threshold.step, score: threshold.score, threshold: value});
              said.replaceChildren(
                "Written to ",
                el("code", {text: path}),
                el("pre", {class: "json", text: yaml ?? ""}),
              );
            } catch (problem) {
              said.textContent = problem.message;
            }
          },
        },
      }),
    ),
    said,
  ];
}
