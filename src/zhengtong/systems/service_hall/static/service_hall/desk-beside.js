// Opens a case beside the list without leaving it; the address follows, so that it can be kept, sent and gone back to.
// On a narrow screen, and without this script, a row leads to the page of its case.
import { draftKey } from "./drafts.js";

const wide = matchMedia("(min-width: 1200px)");
const pane = document.getElementById("pane");
const list = document.querySelector("[data-desk-list]");
let asked = null;

function mark(id) {
  for (const row of list.querySelectorAll("tr[data-row]")) {
    const here = row.dataset.row === id;
    row.classList.toggle("zt-row-active", here);
    if (here) row.setAttribute("aria-current", "true");
    else row.removeAttribute("aria-current");
    row.classList.toggle("hall-typed-row", sessionStorage.getItem(draftKey(row.dataset.row)) !== null);
  }
}

function shut(push = true) {
  pane.hidden = true;
  pane.replaceChildren();
  document.body.classList.remove("hall-desk-open");
  const address = new URL(location.href);
  address.searchParams.delete("open");
  if (push) history.pushState({}, "", address);
  const row = list.querySelector("tr[aria-current] [data-row-link]");
  mark("");
  (row ?? list.querySelector("[data-row-link]"))?.focus();
}

async function show(address, link, push = true) {
  asked?.abort();
  asked = new AbortController();
  let answer;
  try {
    answer = await fetch(address, { headers: { "HX-Request": "true" }, signal: asked.signal });
  } catch (error) {
    if (error.name !== "AbortError") location.assign(link?.href ?? address);
    return;
  }
  const elsewhere = answer.headers.get("HX-Redirect");
  if (elsewhere || answer.redirected || !answer.ok) {
    location.assign(elsewhere ?? link?.href ?? address);
    return;
  }
  pane.innerHTML = await answer.text();
  pane.hidden = false;
  pane.scrollTop = 0;
  document.body.classList.add("hall-desk-open");
  if (push) history.pushState({}, "", address);
  mark(new URL(address, location.href).searchParams.get("open"));
  document.dispatchEvent(new CustomEvent("desk:shown"));
  pane.focus({ preventScroll: true });
}

if (pane && list) {
  list.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-beside]");
    if (!link || !wide.matches || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
    event.preventDefault();
    show(link.dataset.beside, link);
  });
  pane.addEventListener("click", (event) => {
    if (!event.target.closest("[data-pane-close]") || !wide.matches) return;
    event.preventDefault();
    shut();
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || pane.hidden || document.querySelector("dialog[open]")) return;
    if (event.target.closest("input, textarea, select")) event.target.blur();
    else shut();
  });
  window.addEventListener("popstate", () => {
    const opened = new URLSearchParams(location.search).get("open");
    if (opened) show(location.href, null, false);
    else if (!pane.hidden) shut(false);
  });
  mark(new URLSearchParams(location.search).get("open") ?? "");
  document.addEventListener("input", () => mark(new URLSearchParams(location.search).get("open") ?? ""));
}
