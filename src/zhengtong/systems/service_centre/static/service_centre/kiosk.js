// The ticket machine: prints the number it has just given, and goes back to its first page when left alone.
const IDLE_SECONDS = 30;
const PRINTED_SECONDS = 10;
const left = document.querySelector("[data-idle-url]");
const paper = document.querySelector("[data-print]");

function goBackAfter(seconds) {
  let timer = 0;
  const restart = () => {
    clearTimeout(timer);
    timer = setTimeout(() => location.assign(left.dataset.idleUrl), seconds * 1000);
  };
  for (const sign of ["pointerdown", "keydown"]) document.addEventListener(sign, restart);
  restart();
}

// A machine without a keyboard: the signs a code is made of, as buttons.
function addKeys(box) {
  const field = document.getElementById(box.dataset.keys);
  const add = (label, press) => {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = label;
    button.addEventListener("click", () => {
      field.value = press(field.value);
    });
    box.append(button);
  };
  for (const sign of box.dataset.signs) add(sign, (value) => value + sign);
  add(box.dataset.erase, (value) => value.slice(0, -1));
}

document.querySelectorAll("[data-keys]").forEach(addKeys);
if (left) goBackAfter(paper ? PRINTED_SECONDS : IDLE_SECONDS);
if (paper) window.addEventListener("load", () => window.print(), { once: true });
