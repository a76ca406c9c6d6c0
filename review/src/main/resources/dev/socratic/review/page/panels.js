// What opens over the page: help, export and import, reviewers and their agreement, guidelines.
import {el, figure, plural} from "./dom.js";
import {api} from "./api.js";
import {desk} from "./desk.js";
import {listed, switcher} from "./keys.js";
import {markdown} from "./markdown.js";
import {panel} from "./panel.js";
import {EXAMPLES} from "./query.js";
import {set, state} from "./state.js";

export function help() {
  panel.show(
    "Keys and queries",
    listed(),
    switcher(),
    el("h3", {text: "Queries"}),
    el(
      "table",
      {class: "examples"},
      el(
        "tbody",
        {},
        EXAMPLES.map(([example, finds]) =>
          el(
            "tr",
            {},
            el(
              "td",
              {},
              el("button", {
                type: "button",
                text: example,
                on: {
                  click: () => {
                    panel.close();
                    set({q: example.replace("ID", state.row || "ID")});
                  },
                },
              }),
            ),
            el("td", {text: finds}),
          ),
        ),
      ),
    ),
    el("p", {
      class: "soft",
      text: "Facets, bars and the query box write the same text; the address of the page holds it.",
    }),
  );
}

const FORMATS = [
  ["jsonl", "JSONL", "rows as they are after the decisions"],
  ["parquet", "Parquet", "the same rows, by columns"],
  ["csv", "CSV", "the same rows, flat"],
  ["dpo", "DPO pairs", "chosen and rejected, from rankings, edits and samples"],
  ["argilla", "Argilla", "records with responses"],
  ["labelstudio", "Label Studio", "tasks with annotations"],
];

// A link that is never followed: what the server refuses ends as a failed download, and the page stays.
const download = href => el("a", {href, download: ""}).click();

export function exporting() {
  const whole = el("input", {type: "checkbox"});
  const chosen = el(
    "select",
    {id: "import-format"},
    ["argilla", "labelstudio"].map(name =>
      el("option", {value: name, text: name === "argilla" ? "Argilla" : "Label Studio"}),
    ),
  );
  const file = el("input", {type: "file", accept: ".json,.jsonl", "aria-label": "File to import"});
  const said = el("p", {role: "status"});
  panel.show(
    "Export and import",
    el(
      "p",
      {},
      state.q
        ? [
            "Rows that match ",
            el("code", {text: state.q}),
            ": ",
            el("strong", {text: plural(desk.rows.total, "row")}),
          ]
        : "All rows",
    ),
    state.q ? el("label", {class: "setting"}, whole, el("span", {text: "All rows instead"})) : "",
    el(
      "div",
      {class: "wide"},
      el(
        "table",
        {},
        el(
          "tbody",
          {},
          FORMATS.map(([format, name, what]) =>
            el(
              "tr",
              {},
              el(
                "td",
                {},
                el("button", {
                  type: "button",
                  text: name,
                  on: {
                    click: () => {
                      download(api.exportAddress(format, whole.checked ? "" : state.q));
                    },
                  },
                }),
              ),
              el("td", {text: what}),
            ),
          ),
        ),
      ),
    ),
    el("h3", {text: "Import decisions"}),
    el(
      "div",
      {class: "actions"},
      chosen,
      file,
      el("button", {
        type: "button",
        text: "Import",
        on: {
          click: async () => {
            if (!file.files.length) {
              said.textContent = "Choose a file first";
              return;
            }
            try {
              const {count: n, unknown = [], ignored = 0} = await api.importFrom(chosen.value, file.files[0]);
              said.textContent =
                `${plural(n, "decision")} imported` +
                (unknown.length
                  ? `; ${plural(unknown.length, "id")} unknown here: ${unknown.slice(0, 5).join(", ")}`
                  : "") +
                (ignored ? `; ${ignored} without an answer` : "");
            } catch (problem) {
              said.textContent = problem.message;
            }
          },
        },
      }),
    ),
    said,
  );
}

const interval = (value, low, high) =>
  value === undefined ? "–" : figure(value) + (low === undefined ? "" : ` [${figure(low)}, ${figure(high)}]`);

const table = (heads, rows) =>
  el(
    "div",
    {class: "wide"},
    el(
      "table",
      {},
      el(
        "thead",
        {},
        el(
          "tr",
          {},
          heads.map((head, i) => el("th", {scope: "col", class: i ? "n" : undefined, text: head})),
        ),
      ),
      el(
        "tbody",
        {},
        rows.map(row =>
          el(
            "tr",
            {},
            row.map((cell, i) =>
              el(i ? "td" : "th", {scope: i ? undefined : "row", class: i ? "n" : undefined, text: String(cell)}),
            ),
          ),
        ),
      ),
    ),
  );

/** Who decided what, how far they agree, and what the random sample says of the corpus. */
export async function people() {
  panel.show("Reviewers and agreement", el("p", {text: "Counting…"}));
  const told = await Promise.all([api.progress(), api.agreement(), api.estimate(state.q)]).catch(problem => problem);
  if (!panel.open) return;
  if (!Array.isArray(told)) {
    panel.show("Reviewers and agreement", el("p", {role: "alert", text: told.message}));
    return;
  }
  const [progress, agreement, estimate] = told;
  const {cohen = [], fleiss, krippendorff, conflicts = 0, rows_overlapping: overlapping = 0} = agreement;
  panel.show(
    "Reviewers and agreement",
    progress.reviewers.length
      ? table(
          ["Reviewer", "Accepted", "Rejected", "Later", "Today"],
          progress.reviewers.map(one => [one.name, one.accept ?? 0, one.reject ?? 0, one.later ?? 0, one.today ?? 0]),
        )
      : el("p", {
          class: "soft",
          text: "Nobody has decided anything yet. Write your name below the page, then press a or x.",
        }),
    el("h3", {text: "Agreement"}),
    overlapping
      ? [
          el(
            "p",
            {},
            `${plural(overlapping, "row")} decided by more than one; `,
            conflicts
              ? el("button", {
                  type: "button",
                  text: plural(conflicts, "conflict"),
                  on: {
                    click: () => {
                      panel.close();
                      set({q: "is:conflict"});
                    },
                  },
                })
              : "no conflicts",
          ),
          table(
            ["", "Rows", "Same", "κ, α [95 %]"],
            [
              ...cohen.map(pair => [
                `Cohen: ${pair.a}, ${pair.b}`,
                pair.rows,
                figure(pair.agreement),
                interval(pair.kappa, pair.low, pair.high),
              ]),
              ...(fleiss?.kappa !== undefined
                ? [["Fleiss", fleiss.rows ?? "", "", interval(fleiss.kappa, fleiss.low, fleiss.high)]]
                : []),
              ...(krippendorff?.alpha !== undefined
                ? [
                    [
                      "Krippendorff",
                      krippendorff.rows ?? "",
                      "",
                      interval(krippendorff.alpha, krippendorff.low, krippendorff.high),
                    ],
                  ]
                : []),
            ],
          ),
        ]
      : el("p", {class: "soft", text: "No row has been decided by two reviewers."}),
    el("h3", {text: "Share of wrong rows"}),
    estimate?.sample
      ? el(
          "p",
          {},
          `Of a random sample of ${plural(estimate.sample, "row")} out of ${plural(estimate.population, "row")}, `,
          `${estimate.rejected} were rejected: `,
          el("strong", {text: `${figure(100 * estimate.rate)} %`}),
          ` [${figure(100 * estimate.low)} %, ${figure(100 * estimate.high)} %], ${estimate.method}.`,
        )
      : el("p", {
          class: "soft",
          text:
            "Decide rows in the focus view with the queue “Random sample”; " +
            "the share of rejected rows then estimates that of the corpus.",
        }),
  );
}

export const guidelines = () => panel.show("Guidelines", markdown(desk.corpus.guidelines ?? ""));
