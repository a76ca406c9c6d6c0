// One question: what was asked, as it was sent, and what each model said, with its verdict and why.
const FLAGS = [[1, "cut off"], [2, "no answer"], [4, "unjudged"], [8, "nothing extracted"], [16, "in the corpus"]];
const flagged = flags => FLAGS.filter(([bit]) => flags & bit).map(([, name]) => name);

/** What a score is called, its sign and its colour. */
function verdict(score) {
  if (score === null) return {sign: "·", word: "not asked", kind: "none"};
  if (score === 1) return {sign: "✓", word: "right", kind: "right"};
  if (score === 0) return {sign: "✗", word: "wrong", kind: "wrong"};
  return {sign: "◐", word: `${Math.round(score * 100)} % right`, kind: "part"};
}

/** The text with what was searched for marked. */
function marked(text, wanted) {
  if (!wanted) return [text];
  const lower = text.toLowerCase();
  const parts = [];
  let from = 0;
  for (let at = lower.indexOf(wanted); at >= 0 && parts.length < 400; at = lower.indexOf(wanted, from)) {
    parts.push(text.slice(from, at), el("mark", {text: text.slice(at, at + wanted.length)}));
    from = at + wanted.length;
  }
  return [...parts, text.slice(from)];
}

/** A conversation as turns, anything else as it is. */
function sent(prompt, wanted) {
  let turns;
  try {
    turns = JSON.parse(prompt);
  } catch {
    turns = undefined; // a text
  }
  if (!Array.isArray(turns) || !turns.every(turn => typeof turn?.content === "string")) {
    return el("p", {class: "text"}, marked(prompt, wanted));
  }
  return el("div", {}, turns.map(turn => el("div", {class: "turn"}, el("div", {class: "role", text: String(turn.role)}),
    el("p", {class: "text"}, marked(turn.content, wanted)))));
}

// Below a probability of 90 %, 50 %, 10 % and 1 %.
const DOUBTS = [-0.105, -0.693, -2.303, -4.605];

function coloured(tokens) {
  const mean = tokens.reduce((sum, [, log]) => sum + log, 0) / Math.max(1, tokens.length);
  return el("div", {},
    el("div", {class: "legend"}, el("span", {text: `${count(tokens.length)} tokens, ${mean.toFixed(3)} nats each`}),
      ["below 90 %", "below 50 %", "below 10 %", "below 1 %"].map((text, i) =>
        el("span", {class: `token t${i + 1}`, text}))),
    el("p", {class: "text"}, tokens.map(([text, log]) => el("span", {text,
      class: `token t${DOUBTS.filter(end => log < end).length}`,
      title: `${(100 * Math.exp(log)).toPrecision(3)} %, ${log.toFixed(3)} nats`}))));
}

function chances(choices, gold) {
  const most = Math.max(...choices.map(([, log]) => log));
  const isGold = i => gold === String(i) || gold.trim() === choices[i][0].trim();
  return el("table", {class: "chances"},
    el("thead", {}, el("tr", {}, ["choice", "probability", "log", ""].map(text => el("th", {scope: "col", text})))),
    el("tbody", {}, choices.map(([text, log, share], i) => el("tr", {class: isGold(i) ? "gold" : undefined},
      el("td", {text: text.trim()}),
      el("td", {}, `${(100 * share).toFixed(1)} %`,
        el("div", {class: "track", "aria-hidden": "true"}, el("i", {class: "fill c0", style: {left: "0", width: `${100 * share}%`}}))),
      el("td", {text: log.toFixed(2)}),
      el("td", {text: [log === most ? "chosen" : "", isGold(i) ? "gold" : ""].filter(Boolean).join(", ")})))));
}

function answer([response, extracted, right, why, finish], number, of, tokens, wanted) {
  const facts = el("dl", {},
    el("dt", {text: "extracted"}), el("dd", {}, extracted === null ? el("span", {class: "soft", text: "nothing"}) : el("b", {text: extracted})),
    why ? [el("dt", {text: "why"}), el("dd", {text: why})] : "",
    finish ? [el("dt", {text: "ended"}), el("dd", {text: finish === "length" ? "cut off at the most tokens allowed" : finish})] : "");
  const body = tokens ? coloured(tokens) : el("p", {class: "text"}, response ? marked(response, wanted) : el("span", {class: "soft", text: "an empty answer"}));
  if (of === 1) return el("div", {}, facts, body);
  return el("details", {class: "answer", open: number === 0 || (wanted && response.toLowerCase().includes(wanted))},
    el("summary", {}, el("span", {class: "mark " + (right ? "right" : "wrong"), text: right ? "✓" : "✗"}),
      ` answer ${number + 1} of ${of}: ${extracted ?? "nothing extracted"}`), facts, body);
}

function card(name, colour, score, flags, said, shown, several, wanted) {
  const judged = verdict(score);
  const hits = said.a.filter(one => one[2] === 1).length;
  return el("article", {class: "card"},
    el("header", {}, el("h4", {}, el("span", {class: `swatch c${colour % 6}`}), name),
      el("span", {class: "chip " + judged.kind, text: said.a.length > 1 ? `${hits} of ${said.a.length} right` : judged.word}),
      flagged(flags).map(text => el("span", {class: "chip flag", text}))),
    several ? el("details", {}, el("summary", {text: "Prompt as sent"}), sent(shown.p[said.p], wanted)) : "",
    said.c ? chances(said.c, shown.g) : "",
    said.a.map((one, i) => answer(one, i, said.a.length, said.l?.[i], wanted)));
}
