// Formulas by KaTeX, from this server's own files. It is loaded when the first formula is seen.
import {el} from "./dom.js";

let engine;
const load = () =>
  (engine ??= import("./katex/katex.mjs").then(module => {
    document.head.append(
      el("link", {rel: "stylesheet", href: new URL("./katex/katex.min.css", import.meta.url).pathname}),
    );
    return module.default;
  }));

// A formula of a row is not trusted: no links, no images, no raw HTML, bounded expansion and size. The two macros would
// set a style attribute, which the page's policy refuses.
const OPTIONS = {
  trust: false,
  strict: "ignore",
  throwOnError: true,
  maxExpand: 500,
  maxSize: 20,
  output: "htmlAndMathml",
  macros: {"\\pmb": "\\boldsymbol{#1}", "\\fcolorbox": "\\colorbox{#2}{#3}"},
};
const LONGEST = 5_000;

/** An element that shows the source until the formula is there, and for ever where it is none. */
export function formula(source, display, asWritten) {
  const node = el("span", {class: display ? "math display" : "math", text: asWritten});
  if (source.length > LONGEST) return node;
  load()
    .then(katex => {
      const drawn = el("span");
      katex.render(source, drawn, {...OPTIONS, macros: {...OPTIONS.macros}, displayMode: display});
      node.replaceChildren(...drawn.childNodes);
      node.title = source;
    })
    .catch(problem => {
      node.classList.add("unread");
      node.title = "no formula: " + problem.message;
    });
  return node;
}
