// Saves the draft of every form with data-autosave-url a moment after it changes, and says when it did.
const WAIT = 1500;

function clockOf(date) {
  return `${String(date.getHours()).padStart(2, "0")}:${String(date.getMinutes()).padStart(2, "0")}`;
}

function draftOf(form) {
  const draft = new FormData(form);
  for (const [name, value] of [...draft]) {
    if (value instanceof File) draft.delete(name);
  }
  return draft;
}

function watch(form) {
  const status = form.querySelector("[data-autosave-status]") ?? document.querySelector("[data-autosave-status]");
  let timer = 0;
  let sending = false;
  let again = false;

  async function save() {
    if (sending) {
      again = true;
      return;
    }
    sending = true;
    again = false;
    try {
      const response = await fetch(form.dataset.autosaveUrl, {
        method: "POST",
        body: draftOf(form),
        headers: { "X-CSRFToken": form.elements.csrfmiddlewaretoken?.value ?? "" },
        redirect: "error",
      });
      if (!response.ok) throw new Error(String(response.status));
      if (status) status.textContent = `${status.dataset.saved} ${clockOf(new Date())}`;
    } catch {
      if (status) status.textContent = status.dataset.failed;
      timer = setTimeout(save, 10 * WAIT);
    }
    sending = false;
    if (again) save();
  }

  function soon() {
    clearTimeout(timer);
    timer = setTimeout(save, WAIT);
  }

  form.addEventListener("input", soon);
  form.addEventListener("change", soon);
  form.addEventListener("submit", () => clearTimeout(timer));
}

document.querySelectorAll("form[data-autosave-url]").forEach(watch);
