// Elements are built, never parsed: a text of a sample enters the page as a text node or not at all.
const $ = id => document.getElementById(id);

/** A new element. `props`: `class`, `text`, `on` (listeners by event), `style` (by property), attributes. */
function el(tag, props = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) {
    if (value === undefined || value === false) continue;
    if (name === "text") node.textContent = value;
    else if (name === "on") for (const [event, heard] of Object.entries(value)) node.addEventListener(event, heard);
    else if (name === "style") for (const [key, to] of Object.entries(value)) node.style.setProperty(key, to);
    else node.setAttribute(name, value === true ? "" : value);
  }
  node.append(...children.flat().filter(child => child !== undefined && child !== ""));
  return node;
}

const count = new Intl.NumberFormat("en").format;

/** Says it to screen readers, without moving the focus. */
function announce(text) {
  $("live").textContent = "";
  requestAnimationFrame(() => ($("live").textContent = text));
}

/** Does the work when it was not asked for again for so long (milliseconds). */
function quietly(work, wait = 160) {
  let timer = 0;
  return (...given) => {
    clearTimeout(timer);
    timer = setTimeout(() => work(...given), wait);
  };
}
