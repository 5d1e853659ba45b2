// The builder without loading the page anew: every press sends the same form and puts the answer in place; what stands
// open asks again when a choice changes; questions can be dragged as well. Without it every button works by itself.
const root = () => document.querySelector("[data-builder]");

// "again" sends the same without this script: the page of a refusal holds everything typed
async function show(request, focus, again) {
  // until the answer stands in place nothing can be chosen that it would throw away
  root().setAttribute("aria-busy", "true");
  root().inert = true;
  const answer = await fetch(...request).catch(() => null);
  const page = answer && new DOMParser().parseFromString(await answer.text(), "text/html");
  const fresh = page?.querySelector("[data-builder]");
  if (!fresh) {
    root().removeAttribute("aria-busy");
    root().inert = false;
    if (answer?.ok) location.assign(answer.url);
    else if (answer && again) again();
    else root().querySelector("[data-failed]").hidden = false; // what is typed stays where it is
    return;
  }
  const frame = root().querySelector("[data-preview]");
  const there = frame.contentWindow.scrollY;
  root().replaceWith(fresh);
  fresh.querySelector("[data-preview]").addEventListener("load", (event) => event.target.contentWindow.scrollTo(0, there), { once: true });
  history.replaceState(null, "", answer.url);
  const target = fresh.querySelector("#error-summary") || document.getElementById(focus || place(answer.url));
  const inside = target?.querySelector?.(".build-card input:not([type=hidden]), .build-card select, .build-card textarea");
  (focus ? target : (inside ?? target))?.focus({ preventScroll: false });
  ready();
}

const place = (address) => decodeURIComponent(new URL(address, location.href).hash.slice(1)) || openPart();
const openPart = () => root().querySelector(".build-open")?.id;

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!form.matches("[data-smooth]") || form.dataset.plain) return;
  event.preventDefault();
  const body = new FormData(form, event.submitter);
  const focus = event.submitter?.dataset.lookButton === undefined ? "" : event.submitter.dataset.back;
  show([form.action, { method: "POST", body }], focus, () => {
    form.dataset.plain = "1";
    form.requestSubmit(event.submitter);
  });
});

document.addEventListener("click", (event) => {
  const link = event.target.closest("[data-smooth-link]");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  show([link.href]);
});

document.addEventListener("change", (event) => {
  if (!event.target.matches("[data-look]")) return;
  const button = event.target.form.querySelector("[data-look-button]");
  button.dataset.back = event.target.id;
  event.target.form.requestSubmit(button);
});

function ready() {
  for (const button of document.querySelectorAll("[data-look-button]")) button.hidden = true;
  for (const list of document.querySelectorAll("[data-section]")) {
    for (const row of list.querySelectorAll(":scope > .build-entry > .build-row")) row.draggable = true;
  }
}

let dragged = null;
document.addEventListener("dragstart", (event) => {
  dragged = event.target.closest?.("[data-section] > .build-entry") ?? null;
  event.dataTransfer.effectAllowed = "move";
});
document.addEventListener("dragover", (event) => {
  const over = event.target.closest("[data-section] > .build-entry");
  if (!dragged || !over) return;
  event.preventDefault();
  for (const one of document.querySelectorAll(".build-drop-before")) one.classList.remove("build-drop-before");
  over.classList.add("build-drop-before");
});
document.addEventListener("drop", (event) => {
  const over = event.target.closest("[data-section] > .build-entry");
  if (!dragged || !over || over === dragged) return;
  event.preventDefault();
  const list = over.parentElement;
  const rest = [...list.children].filter((one) => one !== dragged);
  const form = document.getElementById("edit");
  const body = new FormData(form);
  body.append("act", `put:${dragged.dataset.path}:${list.dataset.section}:${rest.indexOf(over)}`);
  show([form.action, { method: "POST", body }]);
});
ready();
