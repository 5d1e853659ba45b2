// Saves the draft of every form with data-autosave-url a moment after it changes, and says when it did. What could not
// be saved stays in the page, is tried again, after signing in anew too, and holds back the press of a button; nothing
// is written to the browser's storage, so that a public computer keeps nothing of it.
const WAIT = 1500;

function draftOf(form) {
  const draft = new FormData(form);
  for (const [name, value] of [...draft]) if (value instanceof File) draft.delete(name);
  return draft;
}

// After a new sign-in the page's own token is stale: the same page, asked for again, has a fresh one.
async function renewToken(form) {
  const page = await fetch(location.href, { redirect: "manual" }).catch(() => null);
  const fresh = page?.ok && new DOMParser().parseFromString(await page.text(), "text/html").querySelector("[name=csrfmiddlewaretoken]");
  if (fresh) form.elements.csrfmiddlewaretoken.value = fresh.value;
  return Boolean(fresh);
}

async function send(form, again = true) {
  const request = { method: "POST", body: draftOf(form), redirect: "manual", headers: { Accept: "application/json" } };
  const response = await fetch(form.dataset.autosaveUrl, request).catch(() => null);
  if (response?.status === 403 && again && (await renewToken(form))) return send(form, false);
  const told = (await response?.json().catch(() => null)) ?? {};
  if (response?.ok) return { state: "saved", ...told };
  if (response?.status === 409) return { state: "conflict", ...told };
  return { state: response?.type === "opaqueredirect" || response?.status === 403 ? "expired" : "failed" };
}

function watch(form) {
  const status = form.querySelector("[data-autosave-status]") ?? document.querySelector("[data-autosave-status]");
  let [timer, unsaved, running] = [0, false, null];

  async function save() {
    clearTimeout(timer);
    unsaved = false;
    const told = await send(form);
    unsaved ||= told.state !== "saved";
    if (status) status.firstElementChild.textContent = `${status.dataset[told.state]} ${told.saved_at ?? ""}`.trim();
    status?.lastElementChild.toggleAttribute("hidden", told.state !== "expired");
    form.dispatchEvent(new CustomEvent("draft", { detail: told }));
    if (unsaved && told.state !== "conflict") timer = setTimeout(once, told.state === "saved" ? WAIT : 10 * WAIT);
    return told.state;
  }

  const once = () => (running ??= save().finally(() => (running = null)));
  const soon = () => ([unsaved, timer] = [true, (clearTimeout(timer), setTimeout(once, WAIT))]);
  for (const kind of ["input", "change"]) form.addEventListener(kind, soon);
  for (const kind of ["online", "focus"]) window.addEventListener(kind, () => unsaved && once());
  window.addEventListener("beforeunload", (event) => unsaved && event.preventDefault());
  form.addEventListener("submit", async (event) => {
    if (!unsaved) return;
    event.preventDefault();
    await running;
    if (["failed", "expired"].includes(unsaved ? await once() : "saved")) return;
    unsaved = false;
    form.requestSubmit(event.submitter);
  });
}
document.querySelectorAll("form[data-autosave-url]").forEach(watch);
