// All answers to one question, those that agree together; and rows that read alike.
import {announce, el, figure, plural} from "./dom.js";
import {api} from "./api.js";
import {trouble} from "./desk.js";
import {marksOf, statusOf} from "./marks.js";

/** Groups by final answer, the largest first; one may rank the samples, best first, for preference pairs. */
export function samples({samples: n, groups, question_id: question, gold}, row, open) {
  const ranking = [];
  const ranked = el("p", {class: "actions", "aria-live": "polite"});
  const show = () =>
    ranked.replaceChildren(
      ranking.length
        ? el("span", {text: `Best first: ${ranking.join(" > ")}`})
        : el("span", {
            class: "soft",
            text: "Press Rank on two or more answers, the best one first, to make preference pairs.",
          }),
      ...(ranking.length > 1
        ? [el("button", {type: "button", class: "main", text: "Save the ranking", on: {click: save}})]
        : []),
      ...(ranking.length
        ? [
            el("button", {
              type: "button",
              class: "quiet",
              text: "Clear",
              on: {
                click: () => {
                  ranking.length = 0;
                  show();
                },
              },
            }),
          ]
        : []),
    );
  async function save() {
    try {
      const {pairs} = await api.prefer(question, ranking);
      announce(`${plural(pairs, "preference pair")} saved`);
      ranked.replaceChildren(el("span", {text: `Saved: ${plural(pairs, "preference pair")}`}));
      ranking.length = 0;
    } catch (problem) {
      trouble(problem);
    }
  }
  show();
  return [
    el("p", {class: "soft", text: `${plural(n, "sample")}${gold !== undefined ? `, right answer ${gold}` : ""}`}),
    ...groups.map(group =>
      el(
        "section",
        {class: "group"},
        el(
          "h4",
          {},
          el("span", {text: group.answer === "" ? "No final answer" : group.answer}),
          group.correct === undefined
            ? ""
            : el("span", {
                class: "chip " + (group.correct ? "right" : "wrong"),
                text: group.correct ? "✓ right" : "✗ wrong",
              }),
          el("span", {class: "soft n", text: `${group.count} of ${n}`}),
        ),
        el(
          "ul",
          {},
          (group.rows ?? []).map(sample =>
            el(
              "li",
              {},
              statusOf(sample),
              el("span", {}, marksOf(sample), " ", sample.answer),
              el(
                "span",
                {},
                sample.id === row.id
                  ? el("span", {class: "soft", text: "this row "})
                  : el("button", {
                      type: "button",
                      text: "Show",
                      "aria-label": `Show ${sample.id}`,
                      on: {click: () => open(sample.id)},
                    }),
                " ",
                el("button", {
                  type: "button",
                  text: "Rank",
                  "aria-label": `Rank ${sample.id}`,
                  on: {
                    click: () => {
                      if (!ranking.includes(sample.id)) ranking.push(sample.id);
                      show();
                    },
                  },
                }),
              ),
            ),
          ),
        ),
      ),
    ),
    ranked,
  ];
}

export const likes = ({rows}, open) =>
  rows.length
    ? el(
        "ul",
        {class: "likes"},
        rows.map(({similarity, row}) =>
          el(
            "li",
            {},
            el("span", {class: "n", text: figure(similarity)}),
            el("span", {}, statusOf(row), " ", row.question),
            el("button", {
              type: "button",
              text: "Show",
              "aria-label": `Show ${row.id}`,
              on: {click: () => open(row.id)},
            }),
          ),
        ),
      )
    : el("p", {class: "soft", text: "No other row shares its words."});
