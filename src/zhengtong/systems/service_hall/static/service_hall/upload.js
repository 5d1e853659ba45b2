// Sends a file as soon as it is chosen and says how far it has come; without scripts the button does it.
function watch(form) {
  const status = form.querySelector("[data-upload-status]");

  function send() {
    const request = new XMLHttpRequest();
    const inputs = [...form.querySelectorAll("input[type=file]")];
    const chosen = inputs.some((input) => input.files.length);
    if (!chosen) return false;
    const body = new FormData(form);
    form.querySelectorAll("input, button").forEach((part) => (part.disabled = true));
    status.textContent = form.dataset.busy;
    request.upload.addEventListener("progress", (event) => {
      if (event.lengthComputable) status.textContent = `${form.dataset.busy} ${Math.floor((event.loaded / event.total) * 100)}%`;
    });
    request.addEventListener("load", () => show(request, form.closest("li")?.id));
    request.addEventListener("error", () => {
      form.querySelectorAll("input, button").forEach((part) => (part.disabled = false));
      status.textContent = form.dataset.lost;
    });
    request.open("POST", form.action);
    request.send(body);
    return true;
  }

  form.addEventListener("change", send);
  form.addEventListener("submit", (event) => {
    if (send()) event.preventDefault();
  });
}

// The answer is the page itself, with the file in its row or the refusal beside it.
function show(request, place) {
  const page = new DOMParser().parseFromString(request.responseText, "text/html");
  const fresh = page.querySelector("main");
  if (!fresh) {
    location.reload();
    return;
  }
  document.querySelector("main").replaceWith(fresh);
  document.querySelectorAll("form[data-upload]").forEach(watch);
  const summary = document.querySelector("#error-summary");
  (summary ?? document.getElementById(place))?.focus();
}

document.querySelectorAll("form[data-upload]").forEach(watch);
