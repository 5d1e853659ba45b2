// Shows a question at once when the answer it depends on is chosen; without scripts saving does the same.
function follow(form) {
  const parts = [...form.querySelectorAll("[data-when]")];

  function update() {
    const answers = new FormData(form);
    for (const part of parts) {
      const values = part.dataset.values.split("|");
      part.hidden = !values.includes(String(answers.get(part.dataset.when) ?? ""));
    }
  }

  form.addEventListener("change", update);
  update();
}

document.querySelectorAll("form:has([data-when])").forEach(follow);
