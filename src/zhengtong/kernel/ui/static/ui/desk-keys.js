// Keys of the desk: j and k walk the rows, Enter opens (the link has the focus), ? shows the table of keys,
// and any letter named by data-key on a link or button presses it.
// On a phone a long menu begins folded.
const menu = document.querySelector("[data-desk-menu]");
if (menu) {
  const phone = matchMedia("(max-width: 767.98px)");
  const fit = () => {
    menu.open = !phone.matches;
  };
  fit();
  phone.addEventListener("change", fit);
  menu.dataset.folded = "";
}

const TYPING = "input, textarea, select, [contenteditable]";

function links() {
  return [...document.querySelectorAll("[data-desk-rows] [data-row-link]")];
}

function step(by) {
  const all = links();
  if (!all.length) return;
  let here = all.indexOf(document.activeElement);
  if (here < 0) here = all.findIndex((link) => link.closest("tr").getAttribute("aria-current"));
  const next = here < 0 ? 0 : Math.min(Math.max(here + by, 0), all.length - 1);
  all[next].focus();
  all[next].scrollIntoView({ block: "nearest" });
}

function press(key) {
  const target = document.querySelector(`[data-key="${CSS.escape(key)}"]`);
  if (!target) return false;
  target.click();
  return true;
}

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  if (event.target.closest(TYPING) || document.querySelector("dialog[open]")) return;
  if (event.key === "j") step(1);
  else if (event.key === "k") step(-1);
  else if (event.key === "?") document.querySelector("[data-desk-help]")?.showModal();
  else if (!/^[a-z]$/.test(event.key) || !press(event.key)) return;
  event.preventDefault();
});
