// Suggestions while typing: any input with data-suggest becomes a combobox; without this file it stays a plain search.
import { Combobox } from "./combobox.js";

const WAIT = 180;

function enhance(box) {
  const combobox = new Combobox(box);
  let timer = 0;
  let request = null;

  async function ask() {
    const typed = box.value.trim();
    request?.abort();
    if (!typed) return combobox.close();
    request = new AbortController();
    const address = new URL(box.dataset.suggest, location.href);
    address.searchParams.set("q", typed);
    try {
      const response = await fetch(address, { credentials: "omit", redirect: "error", signal: request.signal });
      const items = response.ok ? (await response.json()).items : [];
      if (typed === box.value.trim()) combobox.show(items);
    } catch {
      // no suggestions then: the box searches as it is
    }
  }

  function later() {
    clearTimeout(timer);
    timer = setTimeout(ask, WAIT);
  }

  box.addEventListener("input", (event) => !event.isComposing && later());
  box.addEventListener("compositionend", later);
  box.addEventListener("blur", () => {
    clearTimeout(timer);
    request?.abort();
  });
  box.addEventListener("keydown", (event) => {
    if (event.key === "ArrowDown" && box.ariaExpanded === "false") later();
  });
}

document.querySelectorAll("input[data-suggest]").forEach(enhance);
