// The switch of themes: what was chosen goes before what the system prefers, and is remembered where that is allowed.
function remembered(write) {
  try {
    if (write) localStorage.setItem("socratic-theme", write);
    return localStorage.getItem("socratic-theme") ?? "";
  } catch {
    return ""; // a page of a file may have no storage
  }
}

const theme = $("theme");
const dark = matchMedia("(prefers-color-scheme: dark)");
const isDark = () => (document.documentElement.dataset.theme ?? (dark.matches ? "dark" : "light")) === "dark";

function named() {
  theme.textContent = isDark() ? "Light" : "Dark";
  theme.setAttribute("aria-label", isDark() ? "Switch to the light theme" : "Switch to the dark theme");
}

if (remembered()) document.documentElement.dataset.theme = remembered();
theme.hidden = false;
theme.addEventListener("click", () => {
  document.documentElement.dataset.theme = isDark() ? "light" : "dark";
  remembered(document.documentElement.dataset.theme);
  named();
});
dark.addEventListener("change", named);
named();
