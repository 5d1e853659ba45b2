// Reads a part of the page aloud where the browser can speak; the button appears only then.
const speech = window.speechSynthesis;

function wire(button) {
  const idle = button.textContent;

  function stop() {
    speech.cancel();
    button.textContent = idle;
  }

  button.hidden = false;
  button.addEventListener("click", () => {
    if (speech.speaking) {
      stop();
      return;
    }
    const text = document.querySelector(button.dataset.readAloud)?.innerText ?? "";
    const words = new SpeechSynthesisUtterance(text);
    words.lang = document.documentElement.lang;
    words.onend = stop;
    button.textContent = button.dataset.stop;
    speech.speak(words);
  });
  window.addEventListener("pagehide", stop);
}

if (speech) document.querySelectorAll("[data-read-aloud]").forEach(wire);
