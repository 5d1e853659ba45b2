// Sends each point in the background, so that a bad network costs nothing: what did not get through stays in its form,
// is named on top, and is sent again when the network is back. Nothing is written to the browser's storage. Without
// this script every form is an ordinary post. The same point sent twice changes nothing on the server.
const AGAIN = 15000;
const note = document.querySelector("[data-unsent]");
const forms = [...document.querySelectorAll("form[data-point]")];
const unsent = new Set();
const clock = new Intl.DateTimeFormat("zh-CN", { timeZone: "Asia/Shanghai", hour: "2-digit", minute: "2-digit" });

function show() {
  const numbers = forms.filter((form) => unsent.has(form)).map((form) => form.dataset.point);
  note.hidden = numbers.length === 0;
  note.textContent = numbers.length ? `${note.dataset.some} ${numbers.join("、")} ${note.dataset.keep}` : "";
}

function say(form, text) {
  form.parentElement.querySelector("[data-state]").textContent = text;
}

// After a new sign-in the page's own token is stale: the same page, asked for again, has a fresh one.
async function renewToken(form) {
  const page = await fetch(location.href, { redirect: "manual" }).catch(() => null);
  if (!page?.ok) return false;
  const fresh = new DOMParser().parseFromString(await page.text(), "text/html").querySelector("[name=csrfmiddlewaretoken]");
  if (fresh) form.elements.csrfmiddlewaretoken.value = fresh.value;
  return Boolean(fresh);
}

async function post(form, again = true) {
  const request = { method: "POST", body: new FormData(form), redirect: "manual", headers: { Accept: "text/plain" } };
  const response = await fetch(form.action, request).catch(() => null);
  if (response?.status === 403 && again && (await renewToken(form))) return post(form, false);
  return response;
}

async function send(form) {
  if (form.dataset.busy) return;
  form.dataset.busy = "1";
  form.dataset.changed = "";
  say(form, note.dataset.sending);
  const response = await post(form);
  delete form.dataset.busy;
  if (response?.ok) {
    form.elements.seen.value = await response.text();
    if (form.dataset.changed) return say(form, note.dataset.changed);
    form.elements.noted_at.value = "";
    form.elements.photos.value = "";
    unsent.delete(form);
    say(form, `${note.dataset.saved} ${clock.format(new Date())}`);
  } else if (response?.status === 422 || response?.status === 409) {
    // Refused in words: they stand at the point, what was typed stays; pressed again, it goes over a colleague's.
    form.elements.seen.value = response.headers.get("X-Version");
    unsent.delete(form);
    form.dataset.changed = "1";
    say(form, await response.text());
  } else {
    unsent.add(form);
    say(form, note.dataset.waiting);
  }
  show();
}

function sendAll() {
  for (const form of [...unsent]) send(form);
}

for (const form of forms) {
  form.addEventListener("input", () => {
    form.dataset.changed = "1";
    form.elements.noted_at.value = new Date().toISOString();
    if (!unsent.has(form)) say(form, note.dataset.changed);
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    form.elements.noted_at.value ||= new Date().toISOString();
    unsent.add(form);
    send(form);
  });
}
document.querySelector("form[data-sign]")?.addEventListener("submit", (event) => {
  const open = forms.filter((form) => unsent.has(form) || form.dataset.changed).map((form) => form.dataset.point);
  if (!open.length) return;
  event.preventDefault();
  note.hidden = false;
  note.textContent = `${note.dataset.first} ${open.join("、")}`;
});
window.addEventListener("online", sendAll);
setInterval(sendAll, AGAIN);
window.addEventListener("beforeunload", (event) => {
  if (unsent.size || forms.some((form) => form.dataset.changed)) event.preventDefault();
});
