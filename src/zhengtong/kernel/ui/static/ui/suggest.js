// Suggestions while typing: any input with data-suggest becomes a combobox; without this file it stays a plain search.
const WAIT = 180;
let boxes = 0;

function enhance(box) {
  const list = document.createElement("ul");
  const told = document.createElement("p");
  list.id = `zt-suggest-${++boxes}`;
  list.className = "zt-suggest";
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", "搜索建议");
  list.hidden = true;
  told.className = "visually-hidden";
  told.setAttribute("role", "status");
  box.parentElement.classList.add("zt-suggest-place");
  box.parentElement.append(list, told);
  // a search field may not be a combobox, a text field may
  box.type = "text";
  box.enterKeyHint = "search";
  box.setAttribute("role", "combobox");
  box.setAttribute("aria-autocomplete", "list");
  box.setAttribute("aria-controls", list.id);
  box.setAttribute("aria-expanded", "false");

  let timer = 0;
  let asked = "";
  let current = -1;
  let request = null;

  function close() {
    clearTimeout(timer);
    request?.abort();
    list.hidden = true;
    current = -1;
    box.setAttribute("aria-expanded", "false");
    box.removeAttribute("aria-activedescendant");
  }

  function mark(next) {
    const options = [...list.children];
    options[current]?.setAttribute("aria-selected", "false");
    current = next;
    options[current]?.setAttribute("aria-selected", "true");
    options[current]?.scrollIntoView({ block: "nearest" });
    if (options[current]) box.setAttribute("aria-activedescendant", options[current].id);
    else box.removeAttribute("aria-activedescendant");
  }

  function show(items) {
    list.replaceChildren(
      ...items.map((item, number) => {
        const option = document.createElement("li");
        const text = document.createElement("span");
        text.textContent = item.text;
        option.id = `${list.id}-${number}`;
        option.dataset.url = item.url;
        option.setAttribute("role", "option");
        option.setAttribute("aria-selected", "false");
        option.append(text);
        if (item.note) {
          const note = document.createElement("small");
          note.textContent = item.note;
          option.append(note);
        }
        return option;
      }),
    );
    current = -1;
    box.removeAttribute("aria-activedescendant");
    list.hidden = items.length === 0 || document.activeElement !== box;
    box.setAttribute("aria-expanded", String(!list.hidden));
    told.textContent = list.hidden ? "" : `有 ${items.length} 条建议，用上下键选择`;
  }

  async function ask() {
    const typed = box.value.trim();
    asked = typed;
    request?.abort();
    if (!typed) return close();
    request = new AbortController();
    const address = new URL(box.dataset.suggest, location.href);
    address.searchParams.set("q", typed);
    try {
      const response = await fetch(address, { credentials: "omit", redirect: "error", signal: request.signal });
      if (response.ok && asked === box.value.trim()) show((await response.json()).items);
      else if (!response.ok) close();
    } catch {
      // no suggestions then: the box searches as it is
    }
  }

  box.addEventListener("input", (event) => {
    clearTimeout(timer);
    if (!event.isComposing) timer = setTimeout(ask, WAIT);
  });
  box.addEventListener("compositionend", () => {
    clearTimeout(timer);
    timer = setTimeout(ask, WAIT);
  });
  box.addEventListener("keydown", (event) => {
    const count = list.children.length;
    if (event.isComposing) return;
    if (event.key === "Escape" && !list.hidden) {
      event.preventDefault();
      close();
    } else if (event.key === "ArrowDown" && list.hidden) {
      event.preventDefault();
      ask();
    } else if (event.key === "ArrowDown" || (event.key === "ArrowUp" && !list.hidden)) {
      event.preventDefault();
      const step = event.key === "ArrowDown" ? 1 : -1;
      // one place more than there are options: back in the box
      mark(((current + 1 + step + count + 1) % (count + 1)) - 1);
    } else if (event.key === "Enter" && current >= 0) {
      event.preventDefault();
      location.assign(list.children[current].dataset.url);
    }
  });
  box.addEventListener("blur", close);
  list.addEventListener("mousedown", (event) => event.preventDefault());
  list.addEventListener("click", (event) => {
    const option = event.target.closest("[role=option]");
    if (option) location.assign(option.dataset.url);
  });
}

document.querySelectorAll("input[data-suggest]").forEach(enhance);
