// The samples as they lie in the page: JSON, gzip, base64; unpacked when they are looked at.
async function unpacked(id) {
  const packed = Uint8Array.from(atob($(id).textContent), letter => letter.charCodeAt(0));
  const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream("gzip"));
  return JSON.parse(await new Response(stream).text());
}

const KEPT_BLOCKS = 24;
const blocks = new Map();

/** Question, gold answer, prompts and answers of a row; undefined where the page has none of its texts. */
async function texts(list, row) {
  const number = Math.floor(row / list.block);
  const known = blocks.get(number);
  if (known) {
    blocks.delete(number); // the one used last goes last
    blocks.set(number, known);
  } else if ($("samples-" + number)) {
    blocks.set(number, unpacked("samples-" + number));
    if (blocks.size > KEPT_BLOCKS) blocks.delete(blocks.keys().next().value);
  } else {
    return undefined;
  }
  return (await blocks.get(number))[row % list.block];
}

/** Everything that is said of a row, in lower case, to be searched. Read once, when somebody searches. */
async function searched(list, told) {
  const all = [];
  for (let number = 0; $("samples-" + number); number++) {
    for (const one of await unpacked("samples-" + number)) all.push(words(one));
    told(all.length);
  }
  for (let row = all.length; row < list.rows.length; row++) all.push(list.rows[row][3].toLowerCase());
  return all;
}

function words(one) {
  const said = Object.values(one.m).flatMap(of => [...of.a.flatMap(answer => [answer[0], answer[1] ?? "", answer[3]]),
    ...(of.c ?? []).map(choice => choice[0])]);
  return [one.q, one.g, ...said].join("\n").toLowerCase();
}
