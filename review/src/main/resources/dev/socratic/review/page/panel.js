// One panel over the page; the browser keeps the focus in it and Escape closes it.
import {$} from "./dom.js";

export const panel = {
  show(title, ...nodes) {
    $("panel-title").textContent = title;
    $("panel-body").replaceChildren(...nodes.flat());
    if (!$("panel").open) $("panel").showModal();
    $("panel-body").querySelector("[autofocus], input, select, button:not([disabled])")?.focus();
  },
  close() {
    $("panel").close();
  },
  get open() {
    return $("panel").open;
  },
};
