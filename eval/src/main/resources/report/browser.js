// Filters the sample browser by words and by who was right. Without scripts every sample is simply shown.
const words = document.getElementById("words");
const verdict = document.getElementById("verdict");
const shown = document.getElementById("shown");
function filter() {
  const wanted = words.value.toLowerCase();
  let n = 0;
  for (const row of document.querySelectorAll("details.sample")) {
    const fits = row.textContent.toLowerCase().includes(wanted) && (verdict.value === "" || row.dataset.verdicts.includes(verdict.value));
    row.hidden = !fits;
    n += fits ? 1 : 0;
  }
  shown.textContent = n + " shown";
}
words.addEventListener("input", filter);
verdict.addEventListener("change", filter);
filter();
