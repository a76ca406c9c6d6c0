// The JSON API, in one place. Every answer is data or a Problem with one line that says what to do.
import {preference} from "./state.js";

export class Problem extends Error {
  constructor(message, code, status, at) {
    super(message);
    Object.assign(this, {code, status, at});
  }
}

function address(path, params = {}) {
  const all = new URLSearchParams(Object.entries(params).filter(([, value]) => value !== undefined && value !== ""));
  if (preference.get("reviewer")) all.set("reviewer", preference.get("reviewer"));
  return "api/" + path + (all.size ? "?" + all : "");
}

async function call(path, params, options) {
  let response;
  try {
    response = await fetch(address(path, params), options);
  } catch (problem) {
    if (problem.name === "AbortError") throw problem;
    throw new Problem("The server does not answer; start `socratic review` again and reload", "unreachable", 0);
  }
  if (response.ok) return response.json();
  const said = await response.json().catch(() => ({}));
  const message =
    response.status === 401
      ? "This browser has no valid token; open the address that `socratic review` printed"
      : (said.error?.message ?? "HTTP " + response.status);
  throw new Problem(message, said.error?.code ?? "", response.status, said.error?.at);
}

const post = (path, body) =>
  call(path, {}, {method: "POST", headers: {"Content-Type": "application/json"}, body: JSON.stringify(body)});

export const api = {
  corpus: () => call("corpus"),
  rows: (params, signal) => call("rows", params, {signal}),
  row: (id, signal) => call("row", {id}, {signal}),
  raw: id => call("row/raw", {id}),
  samples: id => call("row/samples", {id}),
  near: (id, size = 10) => call("row/near", {id, size}),
  facets: (q, fields, size) => call("facets", {q, fields: fields.join(","), size}),
  histogram: (q, field, bins) => call("histogram", {q, field, bins}),
  map: q => call("map", {q}),
  check: q => call("query", {q}),
  decide: body => post("decisions", body),
  verify: (id, edit) => post("verify", {id, edit}),
  undo: action => post("undo", action ? {action} : {}),
  prefer: (question, ranking) => post("preferences", {question_id: question, ranking}),
  queue: params => call("queue", params),
  agreement: () => call("agreement"),
  estimate: q => call("estimate", {q}),
  progress: () => call("progress"),
  whatif: change => post("whatif", change),
  recipe: change => post("whatif/recipe", change),
  exportAddress: (format, q) => address("export", {format, q}),
  events: () => new EventSource(address("events")),
  async importFrom(format, file) {
    return call(
      "import",
      {format},
      {method: "POST", headers: {"Content-Type": "application/json"}, body: await file.text()},
    );
  },
};
