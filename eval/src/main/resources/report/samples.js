// The browser of samples: filters, a list, and one question at a time.
const RELATIONS = [
  ["all", "All", () => true],
  ["flips", "Flips", (a, b) => a !== null && b !== null && a !== b],
  ["onlyA", "Only A right", (a, b) => a !== null && b !== null && a > b],
  ["onlyB", "Only B right", (a, b) => a !== null && b !== null && a < b],
  ["wrong", "Both wrong", (a, b) => a === 0 && b === 0],
  ["right", "Both right", (a, b) => a === 1 && b === 1],
];
const ONE = [
  ["all", "All", () => true],
  ["right", "Right", a => a === 1],
  ["wrong", "Wrong", a => a === 0],
  ["part", "In part", a => a !== null && a > 0 && a < 1],
];
const STRATA = [["0", "never"], ["1", "up to 25 %"], ["2", "up to 50 %"], ["3", "up to 75 %"], ["4", "below 100 %"], ["5", "always"]];

/** Over all models and answers: how often a question is answered right. */
function stratum(scores) {
  const asked = scores.filter(score => score !== null);
  const mean = asked.reduce((sum, score) => sum + score, 0) / asked.length;
  return mean === 0 ? 0 : mean === 1 ? 5 : mean <= 0.25 ? 1 : mean <= 0.5 ? 2 : mean <= 0.75 ? 3 : 4;
}

class Browser {
  constructor(root, list) {
    Object.assign(this, {root, list, rows: [], at: -1, relation: "all", wanted: "", haystacks: undefined});
    this.strata = list.rows.map(row => stratum(row[4]));
    this.controls();
    this.windowed = new Windowed(this.listed, 76, index => this.item(index));
    this.filter();
  }

  select(label, options, chosen, hidden) {
    const node = el("select", {on: {change: () => this.filter()}},
      options.map(([value, text]) => el("option", {value, selected: value === chosen, text})));
    return [node, hidden ? "" : el("label", {}, label, node)];
  }

  controls() {
    const {models, tasks, subjects, pairs, changed} = this.list;
    const numbered = models.map((name, i) => [String(i), name]);
    const [first, second] = pairs.length > 0 ? pairs[0] : [0, Math.min(1, models.length - 1)];
    this.search = el("input", {type: "search", placeholder: "words in questions and answers", "aria-keyshortcuts": "/",
      autocomplete: "off", on: {input: quietly(() => this.seek())}});
    const all = text => [["", text]];
    const made = [
      ["a", "A", numbered, String(first), models.length < 2],
      ["b", "B", numbered, String(second), models.length < 2],
      ["task", "Task", [...all("every task"), ...tasks.map((name, i) => [String(i), name])], "", tasks.length < 2],
      ["subject", "Subject", [...all("every subject"), ...subjects.map((name, i) => [String(i), name])], "", subjects.length < 1],
      ["hard", "Answered right", [...all("any"), ...STRATA], "", false],
      ["flag", "Marked", [...all("any"), ...FLAGS.map(([bit, text]) => [String(bit), text])], "",
        !this.list.rows.some(row => row[5].some(flags => flags))],
    ].map(([key, label, options, chosen, hidden]) => {
      const [node, shown] = this.select(label, options, chosen, hidden);
      this[key] = node;
      return shown;
    });
    this.kinds = [...(models.length < 2 ? ONE : RELATIONS)];
    if (changed.length > 0) this.kinds.push(["changed", "Changed after training", undefined]);
    this.buttons = this.kinds.map(([key, text]) => el("button", {type: "button", "aria-pressed": String(key === "all"),
      on: {click: () => this.relate(key)}}, text, el("span", {class: "n"})));
    this.counted = el("p", {class: "count", role: "status"});
    this.listed = el("div", {class: "list", role: "listbox", tabindex: "0", "aria-label": "Questions", on: {
      keydown: event => this.key(event), click: event => this.clicked(event)}});
    this.sheet = el("div", {class: "detail", tabindex: "0", role: "region", "aria-label": "The question", on: {
      keydown: event => event.key === "Escape" && this.back()}});
    this.panes = el("div", {class: "panes"}, el("div", {class: "listing"}, this.counted, this.listed), this.sheet);
    this.panes.dataset.open = "list";
    const {cut, left, longest} = this.list;
    this.root.append(
      el("div", {class: "filters", role: "search"}, el("label", {class: "search"}, "Search", this.search), made),
      el("div", {class: "relations", role: "group", "aria-label": "Which questions"}, this.buttons),
      cut > 0 ? el("p", {class: "notice", text: `${count(cut)} texts are longer than ${count(longest)} characters and are cut here, not in the files.`}) : "",
      left > 0 ? el("p", {class: "notice", text: `${count(left)} questions are listed without their texts, which would make the page too large; they are in samples_*.jsonl.`}) : "",
      this.panes);
    document.addEventListener("keydown", event => {
      if (event.key === "/" && !/^(INPUT|SELECT|TEXTAREA)$/.test(document.activeElement.tagName)) {
        event.preventDefault();
        this.search.focus();
      }
    });
  }

  relate(key) {
    this.relation = key;
    this.buttons.forEach((button, i) => button.setAttribute("aria-pressed", String(this.kinds[i][0] === key)));
    this.filter();
  }

  async seek() {
    this.wanted = this.search.value.trim().toLowerCase();
    if (this.wanted && !this.haystacks) {
      this.haystacks = await searched(this.list, n => (this.counted.textContent = `Reading ${count(n)} questions`));
    }
    this.filter();
  }

  /** Whether two scores stand in a relation; changed is a matter of all trainings. */
  fits(key, test, scores, a, b) {
    if (key !== "changed") return test(scores[a], scores[b]);
    return this.list.changed.some(([before, after]) =>
      scores[before] !== null && scores[after] !== null && scores[before] !== scores[after]);
  }

  filter() {
    const [a, b] = [Number(this.a.value), Number(this.b.value)];
    const [task, subject, hard, flag] = [this.task, this.subject, this.hard, this.flag].map(node => node.value);
    const counts = this.kinds.map(() => 0);
    const was = this.rows[this.at];
    this.rows = [];
    this.list.rows.forEach((row, number) => {
      if ((task !== "" && row[0] !== Number(task)) || (subject !== "" && row[2] !== Number(subject))
        || (hard !== "" && this.strata[number] !== Number(hard)) || (flag !== "" && !row[5].some(flags => flags & Number(flag)))
        || (this.wanted && this.haystacks && !this.haystacks[number].includes(this.wanted))) return;
      this.kinds.forEach(([key, , test], i) => {
        if (this.fits(key, test, row[4], a, b)) {
          counts[i]++;
          if (key === this.relation) this.rows.push(number);
        }
      });
    });
    this.buttons.forEach((button, i) => (button.lastChild.textContent = count(counts[i])));
    this.counted.textContent = `${count(this.rows.length)} of ${count(this.list.rows.length)} questions`;
    this.windowed.active = this.at = -1;
    this.windowed.show(this.rows.length);
    const again = this.rows.indexOf(was);
    if (this.rows.length > 0) this.choose(Math.max(0, again), true);
    else this.sheet.replaceChildren(el("p", {class: "empty", text: "No question fits these filters."}));
  }

  item(index) {
    const number = this.rows[index];
    const [task, id, , excerpt, scores, flags] = this.list.rows[number];
    const chosen = [Number(this.a.value), Number(this.b.value)];
    const shown = [...new Set(this.list.models.length <= 4 ? [...chosen, ...scores.keys()] : chosen)];
    const marks = shown.map(i => ({name: this.list.models[i], ...verdict(scores[i])}));
    const noted = [...new Set(shown.flatMap(i => flagged(flags[i])))];
    return el("div", {class: "item", role: "option", id: "sample-" + index, "aria-selected": String(index === this.at),
      "aria-posinset": index + 1, "aria-setsize": this.rows.length,
      "aria-label": `${marks.map(mark => `${mark.name} ${mark.word}`).join(", ")}. ${excerpt}`},
      el("div", {class: "top"}, el("span", {class: "marks"}, marks.map(mark =>
        el("span", {class: "mark " + mark.kind, title: `${mark.name}: ${mark.word}`, text: mark.sign}))),
        el("span", {class: "where", text: `${this.list.tasks[task]} · ${id}`}),
        noted.length > 0 ? el("span", {class: "flag", text: noted.join(", ")}) : ""),
      el("div", {class: "asked", text: excerpt}));
  }

  clicked(event) {
    const item = event.target.closest(".item");
    if (!item) return;
    this.choose(Number(item.id.slice("sample-".length)));
    this.panes.dataset.open = "row";
  }

  key(event) {
    const step = {ArrowDown: 1, j: 1, ArrowUp: -1, k: -1, PageDown: this.windowed.page, PageUp: -this.windowed.page,
      Home: -Infinity, End: Infinity}[event.key];
    if (event.key === "Enter") {
      this.panes.dataset.open = "row";
      this.sheet.focus();
    } else if (step !== undefined && !event.ctrlKey && !event.metaKey) {
      this.choose(Math.min(this.rows.length - 1, Math.max(0, this.at + step)));
    } else {
      return;
    }
    event.preventDefault();
  }

  back() {
    this.panes.dataset.open = "list";
    this.listed.focus();
  }

  async choose(index, silent) {
    if (index < 0 || index >= this.rows.length) return;
    this.at = index;
    this.windowed.reveal(index);
    this.listed.setAttribute("aria-activedescendant", "sample-" + index);
    const number = this.rows[index];
    const shown = await texts(this.list, number);
    if (this.rows[this.at] !== number) return; // another was chosen meanwhile
    this.show(number, shown);
    if (!silent) announce(`Question ${count(index + 1)} of ${count(this.rows.length)}`);
  }

  show(number, shown) {
    const [task, id, subject, excerpt, scores, flags] = this.list.rows[number];
    const step = (text, by, label) => el("button", {type: "button", text, "aria-label": label,
      disabled: this.at + by < 0 || this.at + by >= this.rows.length, on: {click: () => this.choose(this.at + by)}});
    const bar = el("div", {class: "bar"},
      el("button", {type: "button", class: "back", text: "‹ Questions", on: {click: () => this.back()}}),
      el("span", {text: [this.list.tasks[task], `document ${id}`, subject >= 0 ? this.list.subjects[subject] : "",
        "answered right: " + STRATA[this.strata[number]][1]].filter(Boolean).join(" · "), class: "where"}),
      el("span", {class: "space"}), step("↑", -1, "Previous question"), step("↓", 1, "Next question"));
    if (!shown) {
      this.sheet.replaceChildren(bar, el("p", {class: "text plain", text: excerpt}),
        el("p", {class: "notice", text: "The texts of this question are not in the page but in samples_*.jsonl."}));
      return;
    }
    const several = shown.p.length > 1;
    const first = [Number(this.a.value), Number(this.b.value)];
    const order = [...new Set([...first, ...Object.keys(shown.m).map(Number)])].filter(i => shown.m[i]);
    const gold = Object.values(shown.m).find(said => said.c)?.c[Number(shown.g)]?.[0];
    this.sheet.replaceChildren(bar,
      el("h3", {text: "Question"}), el("p", {class: "text plain"}, marked(shown.q, this.wanted)),
      el("h3", {text: "Gold answer"}), el("p", {class: "text gold"}, marked(shown.g, this.wanted), gold ? `: ${gold.trim()}` : ""),
      several || !shown.p[0] ? "" : el("details", {}, el("summary", {text: "Prompt as sent"}), sent(shown.p[0], this.wanted)),
      el("div", {class: "cards"}, order.map(i =>
        card(this.list.models[i], i, scores[i], flags[i], shown.m[i], shown, several, this.wanted))));
    this.sheet.scrollTop = 0;
  }
}

if ($("browser")) {
  if (!("DecompressionStream" in window)) {
    $("browser").append(el("p", {class: "notice", text: "This browser cannot unpack the samples (DecompressionStream); open the page in Chromium 80, Firefox 113, Safari 16.4 or newer."}));
  } else {
    unpacked("samples-list").then(list => new Browser($("browser"), list));
  }
}
