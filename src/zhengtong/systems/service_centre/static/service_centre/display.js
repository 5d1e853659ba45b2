// Speaks each new call of the display once, one after the other, where the browser can speak.
const speech = window.speechSynthesis;
const region = document.querySelector("[data-poll-url]");
const button = document.querySelector("[data-voice]");
const heard = new Set([...document.querySelectorAll("[data-call]")].map((row) => row.dataset.call));

function say(text) {
  const words = new SpeechSynthesisUtterance(text);
  words.lang = document.documentElement.lang;
  words.rate = 0.9;
  speech.speak(words);
}

function scan() {
  // the newest call stands first: what came in between is said in the order it was called
  const rows = [...document.querySelectorAll("[data-call]")].reverse();
  for (const row of rows) {
    if (heard.has(row.dataset.call)) continue;
    heard.add(row.dataset.call);
    say(row.dataset.say);
  }
}

if (speech && region) {
  // browsers let a page speak after somebody has touched it; a screen without a hand is started with autoplay allowed
  if (button) {
    button.hidden = false;
    button.addEventListener("click", () => {
      button.textContent = button.dataset.on;
      say(button.dataset.on);
    });
  }
  new MutationObserver(scan).observe(region, { childList: true, subtree: true });
}
