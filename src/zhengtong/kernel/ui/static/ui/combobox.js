// A list under an input that suggest.js fills: marks, keys and mouse of a combobox (WAI-ARIA).
let boxes = 0;

export class Combobox {
  constructor(box) {
    this.box = box;
    this.list = Object.assign(document.createElement("ul"), { id: `zt-suggest-${++boxes}`, className: "zt-suggest" });
    this.told = Object.assign(document.createElement("p"), { className: "visually-hidden", role: "status" });
    Object.assign(this.list, { role: "listbox", ariaLabel: "搜索建议", hidden: true });
    box.parentElement.classList.add("zt-suggest-place");
    box.parentElement.append(this.list, this.told);
    // a search field may not be a combobox, a text field may
    Object.assign(box, { type: "text", enterKeyHint: "search", role: "combobox", ariaAutoComplete: "list" });
    box.setAttribute("aria-controls", this.list.id);
    this.close();
    this.list.addEventListener("mousedown", (event) => event.preventDefault());
    this.list.addEventListener("click", (event) => this.#go(event.target.closest("[role=option]")));
    box.addEventListener("keydown", (event) => !event.isComposing && this.#key(event));
    box.addEventListener("blur", this.close);
  }

  show(items) {
    const part = (tag, text) => Object.assign(document.createElement(tag), { textContent: text });
    const options = items.map((item, at) => {
      const option = Object.assign(document.createElement("li"), { id: `${this.list.id}-${at}`, role: "option" });
      option.dataset.url = item.url;
      option.append(part("span", item.text), ...(item.note ? [part("small", item.note)] : []));
      return option;
    });
    this.list.replaceChildren(...options);
    this.list.hidden = options.length === 0 || document.activeElement !== this.box;
    this.box.ariaExpanded = String(!this.list.hidden);
    this.told.textContent = this.list.hidden ? "" : `有 ${options.length} 条建议，用上下键选择`;
    this.#mark(-1);
  }

  close = () => this.show([]);

  #mark(next) {
    [...this.list.children].forEach((option, number) => (option.ariaSelected = String(number === next)));
    this.current = this.list.children[next];
    this.current?.scrollIntoView({ block: "nearest" });
    if (this.current) this.box.setAttribute("aria-activedescendant", this.current.id);
    else this.box.removeAttribute("aria-activedescendant"); // an empty name of an element is no name
  }

  #key(event) {
    const places = this.list.children.length + 1; // one more than there are options: back in the box
    const at = [...this.list.children].indexOf(this.current);
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step && places > 1) this.#mark(((at + 1 + step + places) % places) - 1);
    else if (event.key === "Escape" && places > 1) this.close();
    else if (event.key === "Enter" && this.current) this.#go(this.current);
    else return;
    event.preventDefault();
  }

  #go = (option) => option && location.assign(option.dataset.url);
}
