// Help on the officials' pages: phrases go into the opinion, a reason ticks its material, a form is sent once, and
// what was typed for a task stays with it in this window until it is sent. Without it everything works by hand.
// A pane that is loaded later says so by the event "desk:shown".
import { draftKey } from "./drafts.js";

const TYPING = "input, textarea, select, [contenteditable]";

function visible(element) {
  return element.offsetParent !== null;
}

function write(phrase) {
  const opinion = document.getElementById("id_opinion");
  if (!opinion) return;
  const before = opinion.value.trimEnd();
  opinion.value = before ? `${before}\n${phrase}` : phrase;
  opinion.dispatchEvent(new Event("input", { bubbles: true }));
  opinion.focus();
}

function phraseButtons() {
  for (const item of document.querySelectorAll("[data-phrase]")) {
    if (item.querySelector("button")) continue;
    const button = document.createElement("button");
    button.type = "button";
    button.className = "hall-phrase";
    button.textContent = item.textContent.trim();
    button.addEventListener("click", () => write(button.textContent));
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

function keyOf(form) {
  return draftKey(form.dataset.act);
}

function typedIn(form) {
  const draft = { outcome: "", opinion: "", points: [], reasons: {} };
  for (const field of form.elements) {
    if (field.name === "outcome" && field.type === "radio" && field.checked) draft.outcome = field.value;
    else if (field.name === "opinion") draft.opinion = field.value;
    else if (field.name === "point" && field.checked) draft.points.push(field.value);
    else if (field.name.startsWith("reason-") && field.value) draft.reasons[field.name] = field.value;
  }
  return draft;
}

function putBack(form, draft) {
  for (const field of form.elements) {
    if (field.name === "outcome" && field.type === "radio") field.checked = !field.disabled && field.value === draft.outcome;
    else if (field.name === "opinion") field.value = draft.opinion;
    else if (field.name === "point") field.checked = draft.points.includes(field.value);
    else if (field.name.startsWith("reason-")) field.value = draft.reasons[field.name] ?? "";
  }
}

function keep(form) {
  const draft = typedIn(form);
  const empty = !draft.opinion && !draft.outcome && !draft.points.length && !Object.keys(draft.reasons).length;
  if (empty) sessionStorage.removeItem(keyOf(form));
  else sessionStorage.setItem(keyOf(form), JSON.stringify(draft));
}

function keptWhileAway(form) {
  const kept = sessionStorage.getItem(keyOf(form));
  if ("typed" in form.dataset) keep(form);
  else if (kept) putBack(form, JSON.parse(kept));
  // fields outside the form belong to it by their form attribute: listen where all of them are
  const around = form.closest("#pane") ?? document.querySelector("main") ?? document.body;
  const listen = (event) => {
    if (event.target.form === form) keep(form);
  };
  around.addEventListener("input", listen);
  around.addEventListener("change", listen);
  form.addEventListener("submit", () => sessionStorage.removeItem(keyOf(form)));
}

function start() {
  const form = document.getElementById("act-form");
  if (form && !("started" in form.dataset)) {
    form.dataset.started = "";
    phraseButtons();
    reasonsTick();
    sentOnce(form);
    if (form.dataset.act !== "batch") keptWhileAway(form);
  }
  document.querySelector("[data-focus]")?.focus();
}

function phraseNumber(number) {
  const buttons = [...document.querySelectorAll(".hall-phrase")].filter(visible);
  buttons[number - 1]?.click();
  return Boolean(buttons[number - 1]);
}

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.isComposing || document.querySelector("dialog[open]")) return;
  const typing = event.target.closest(TYPING);
  const digit = /^Digit([1-9])$/.exec(event.code)?.[1];
  let done = false;
  if (digit && (event.altKey || (!typing && !event.shiftKey))) done = phraseNumber(Number(digit));
  else if (typing || event.altKey) return;
  else if (event.key === "/") {
    document.getElementById("hall-find")?.focus();
    done = true;
  } else if (event.key === "o") {
    document.getElementById("id_opinion")?.focus();
    done = Boolean(document.getElementById("id_opinion"));
  }
  if (done) event.preventDefault();
});
document.addEventListener("desk:shown", start);
start();
