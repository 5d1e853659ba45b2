// Opens a material beside the form, loads what is known besides, puts the answer of a register in its place.
// Without it a material opens in a window of its own, and the rest on a page of its own.
const PART = { headers: { "HX-Request": "true" } };
let shown = null;

async function part(address, options = {}) {
  const answer = await fetch(address, { ...options, headers: { ...PART.headers, ...options.headers } });
  const elsewhere = answer.headers.get("HX-Redirect");
  if (elsewhere || answer.redirected) {
    location.assign(elsewhere ?? answer.url);
    return null;
  }
  return answer;
}

function viewerOf() {
  return document.querySelector("[data-viewer]");
}

function links() {
  const all = [...document.querySelectorAll("#materials [data-look]")];
  return all.length ? all : [...document.querySelectorAll("[data-look]")];
}

function close() {
  const viewer = viewerOf();
  if (!viewer || viewer.hidden) return false;
  viewer.hidden = true;
  viewer.replaceChildren();
  document.body.classList.remove("hall-looking");
  shown?.focus();
  shown = null;
  return true;
}

function prepare(viewer) {
  const sheets = viewer.querySelector(".hall-look-sheets");
  let turned = 0;
  const acts = {
    "data-look-close": close,
    "data-look-zoom": () => sheets.classList.toggle("hall-look-wide"),
    "data-look-turn": () => {
      sheets.classList.remove(`hall-look-turn-${turned}`);
      turned = (turned + 90) % 360;
      if (turned) sheets.classList.add(`hall-look-turn-${turned}`);
    },
  };
  for (const [name, act] of Object.entries(acts)) {
    const button = viewer.querySelector(`[${name}]`);
    if (!button) continue;
    button.hidden = false;
    button.addEventListener("click", act);
  }
}

async function look(link) {
  const viewer = viewerOf();
  const answer = await part(link.dataset.look);
  if (!answer) return;
  if (!answer.ok || !viewer) {
    window.open(link.href, "_blank", "noopener");
    return;
  }
  viewer.innerHTML = await answer.text();
  viewer.hidden = false;
  document.body.classList.add("hall-looking");
  for (const one of document.querySelectorAll("[data-look][aria-current]")) one.removeAttribute("aria-current");
  link.setAttribute("aria-current", "true");
  shown = link;
  prepare(viewer);
  viewer.scrollIntoView({ block: "nearest" });
  viewer.querySelector(".hall-look-sheets")?.focus({ preventScroll: true });
}

function walk(by) {
  const all = links();
  if (!all.length) return false;
  const here = shown ? all.findIndex((link) => link.dataset.look === shown.dataset.look) : -1;
  const next = here < 0 ? (by > 0 ? 0 : all.length - 1) : Math.min(Math.max(here + by, 0), all.length - 1);
  look(all[next]);
  return true;
}

async function consult(form) {
  const answer = await part(form.action, { method: "POST", body: new FormData(form) });
  if (!answer) return;
  let place = form.nextElementSibling;
  if (!place?.classList.contains("hall-answer")) {
    place = document.createElement("div");
    place.className = "hall-answer";
    place.setAttribute("role", "status");
    form.after(place);
  }
  place.innerHTML = await answer.text();
}

document.addEventListener("click", (event) => {
  if (event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
  const link = event.target.closest("[data-look]");
  if (!link || !viewerOf()) return;
  event.preventDefault();
  look(link);
});

document.addEventListener("submit", (event) => {
  if (!event.target.matches("[data-inline]")) return;
  event.preventDefault();
  consult(event.target);
});

document.addEventListener(
  "toggle",
  async (event) => {
    const details = event.target;
    if (!(details instanceof HTMLDetailsElement) || !details.open || !details.dataset.load) return;
    const address = details.dataset.load;
    delete details.dataset.load;
    const answer = await part(address);
    if (!answer?.ok) return;
    const place = document.createElement("div");
    place.innerHTML = await answer.text();
    details.querySelector("p")?.replaceWith(place);
  },
  true,
);

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  if (document.querySelector("dialog[open]")) return;
  if (event.key === "Escape") {
    if (close()) event.stopImmediatePropagation();
    return;
  }
  if (event.target.closest("input, textarea, select, [contenteditable]")) return;
  if (event.key === "m" || event.key === "n") {
    if (walk(event.key === "m" ? 1 : -1)) event.preventDefault();
  }
});
document.addEventListener("desk:shown", () => {
  shown = null;
  document.body.classList.remove("hall-looking");
});
