// Help on the officials' pages: phrases go into the opinion, a reason ticks its material, a form is sent once,
// what was typed comes back when the clerk returns to the task. Without it everything works by hand.
function phraseButtons() {
  const opinion = document.getElementById("id_opinion");
  for (const item of document.querySelectorAll("[data-phrase]")) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "hall-phrase";
    button.textContent = item.textContent.trim();
    button.addEventListener("click", () => {
      const before = opinion.value.trimEnd();
      opinion.value = before ? `${before}\n${button.textContent}` : button.textContent;
      opinion.dispatchEvent(new Event("input", { bubbles: true }));
      opinion.focus();
    });
    item.replaceChildren(button);
  }
}

function reasonsTick() {
  for (const reason of document.querySelectorAll("[data-ticks]")) {
    const box = document.getElementById(reason.dataset.ticks);
    reason.addEventListener("input", () => {
      box.checked = reason.value.trim() !== "";
    });
    let kept = "";
    box.addEventListener("change", () => {
      if (box.checked) {
        reason.value ||= kept;
        reason.focus();
      } else {
        kept = reason.value;
        reason.value = "";
      }
    });
  }
}

function sentOnce(form) {
  let sent = false;
  form.addEventListener("submit", (event) => {
    if (sent) event.preventDefault();
    sent = true;
  });
  window.addEventListener("pageshow", () => {
    sent = false;
  });
}

function keptWhileAway(form) {
  const opinion = document.getElementById("id_opinion");
  const key = `opinion-${form.dataset.act}`;
  if (!opinion.value) opinion.value = sessionStorage.getItem(key) ?? "";
  opinion.addEventListener("input", () => sessionStorage.setItem(key, opinion.value));
  form.addEventListener("submit", () => sessionStorage.removeItem(key));
}

const form = document.getElementById("act-form");
if (form) {
  phraseButtons();
  reasonsTick();
  sentOnce(form);
  keptWhileAway(form);
}
document.querySelector("[data-focus]")?.focus();
