// Filters the answers by words and by who was right. Without scripts every question is simply shown.
const words = document.getElementById("words");
const verdict = document.getElementById("verdict");
const shown = document.getElementById("shown");
function fits(row) {
  const verdicts = row.dataset.verdicts.split(" ");
  if (verdict.value === "differ") {
    return verdicts.some(v => v.endsWith("+")) && verdicts.some(v => v.endsWith("-"));
  }
  return verdict.value === "" || verdicts.includes(verdict.value);
}
function filter() {
  const wanted = words.value.toLowerCase();
  let n = 0;
  for (const row of document.querySelectorAll("details.sample")) {
    row.hidden = !(fits(row) && row.textContent.toLowerCase().includes(wanted));
    n += row.hidden ? 0 : 1;
  }
  shown.textContent = n + " shown";
}
if (words) {
  words.addEventListener("input", filter);
  verdict.addEventListener("change", filter);
  filter();
}
