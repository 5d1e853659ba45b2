// Help on the pages where items are made: choosers are searched, rows come and go without losing the place, what is
// missing follows what is typed. Without it everything works by plain posts.
const form = document.querySelector("form[data-autosave-url]");

// A box above a long choice: only entries that contain every word typed stay in the list.
function searchable(select) {
  if (select.dataset.ready || select.options.length < 12) return;
  select.dataset.ready = "1";
  const all = [...select.options];
  const box = document.createElement("input");
  box.type = "search";
  box.className = "form-control item-chooser";
  box.placeholder = select.dataset.chooser;
  box.setAttribute("aria-label", `${select.dataset.chooser}：${select.labels[0]?.firstChild.textContent.trim() ?? ""}`);
  box.setAttribute("autocomplete", "off");
  const told = document.createElement("p");
  told.className = "zt-help";
  told.setAttribute("role", "status");
  box.addEventListener("input", (event) => {
    event.stopPropagation();
    const words = box.value.trim().split(/\s+/).filter(Boolean);
    const kept = all.filter((one) => one.selected || words.every((word) => one.textContent.includes(word)));
    select.replaceChildren(...kept);
    const found = kept.filter((one) => one.value && words.every((word) => one.textContent.includes(word))).length;
    told.textContent = words.length ? select.dataset.found.replace("#", found) : "";
  });
  box.addEventListener("keydown", (event) => {
    if (event.key !== "Enter") return;
    event.preventDefault();
    const first = [...select.options].find((one) => one.value && one.textContent.includes(box.value.trim()));
    if (!first || !box.value.trim()) return;
    select.value = first.value;
    select.dispatchEvent(new Event("change", { bubbles: true }));
    select.focus();
  });
  select.before(box);
  select.after(told);
}

function prepare(root) {
  root.querySelectorAll("select[data-chooser]").forEach(searchable);
}

// A press beside a row: the same post as without scripts, but only the rows are shown anew and the focus stays near.
async function rearrange(event) {
  const button = event.submitter;
  if (button?.name !== "op" || form.querySelector("input[type=file]")?.value) return;
  event.preventDefault();
  if (form.dataset.busy) return; // a second press would be taken for somebody else's change
  form.dataset.busy = "1";
  const sent = new FormData(form, button);
  const answer = await fetch(form.action, { method: "POST", body: sent }).catch(() => null);
  const page = answer && new DOMParser().parseFromString(await answer.text(), "text/html");
  delete form.dataset.busy;
  const fresh = answer?.ok && page.querySelector("form[data-autosave-url]");
  if (!fresh) {
    // a refusal is shown as a whole: what a colleague saved meanwhile must be seen before it is written over
    form.dataset.plain = "1";
    form.requestSubmit(button);
    return;
  }
  const [kind, act, place] = button.value.split(":");
  const open = new Set([...form.querySelectorAll("details[open]")].map((one) => one.dataset.row));
  for (const rows of fresh.querySelectorAll(".item-rows")) {
    document.getElementById(rows.id)?.replaceWith(rows);
    rows.querySelectorAll("details").forEach((one) => open.has(one.dataset.row) && (one.open = true));
  }
  form.querySelector("[data-seen]").value = fresh.querySelector("[data-seen]").value;
  for (const live of page.querySelectorAll("[data-live]")) show(live.dataset.live, live.innerHTML);
  prepare(form);
  const rows = [...document.getElementById(kind).querySelectorAll(".item-row")];
  const step = { up: -1, down: 1 }[act] ?? 0;
  const target = act === "add" ? rows.at(-1) : rows[Math.min(Number(place) + step, rows.length - 1)];
  if (target) target.open = true;
  (target?.querySelector("input:not([type=hidden]), select, textarea") ?? document.getElementById(kind)).focus();
}

function show(name, html) {
  for (const place of document.querySelectorAll(`[data-live="${name}"]`)) place.innerHTML = html;
}

prepare(document);
document.querySelector(".zt-desknav [aria-current]")?.scrollIntoView({ block: "nearest", inline: "center" });
document.querySelector(".item-row[id$='-new'] :is(input:not([type=hidden]), select, textarea)")?.focus();
if (form) {
  form.addEventListener("submit", (event) => !event.defaultPrevented && !form.dataset.plain && rearrange(event));
  form.addEventListener("draft", (event) => {
    if (event.detail.seen) form.querySelector("[data-seen]").value = event.detail.seen;
    for (const [name, html] of Object.entries(event.detail.live ?? {})) show(name, html);
  });
}
