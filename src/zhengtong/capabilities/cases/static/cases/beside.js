// Beside the drawing: what the server's compiler says to it as it is drawn, and the trial run. The server writes both
// as HTML; here they are put beside the drawing, and their elements are marked on it.
const WAIT = 500;

export class Beside {
  constructor(editor, modeler, design, { xml, save, done }) {
    Object.assign(this, { editor, design, xml, save, done });
    this.canvas = modeler.get("canvas");
    this.registry = modeler.get("elementRegistry");
    this.selection = modeler.get("selection");
    this.checks = editor.querySelector("#panel-checks");
    this.play = editor.querySelector("#panel-trial");
    this.marked = new Map();
    this.timer = 0;
    this.asked = 0;
    this.tabs();
    modeler.on("commandStack.changed", () => this.soon());
    this.play.addEventListener("submit", (event) => this.move(event));
    this.check();
  }

  tabs() {
    const tabs = [...this.editor.querySelectorAll("[role=tab]")];
    const open = (chosen) => {
      for (const tab of tabs) {
        const active = tab === chosen;
        tab.setAttribute("aria-selected", String(active));
        tab.tabIndex = active ? 0 : -1;
        this.editor.querySelector(`#${tab.getAttribute("aria-controls")}`).hidden = !active;
      }
      if (chosen.id === "tab-trial" && !this.play.firstElementChild) this.ask(new FormData());
      if (chosen.id !== "tab-trial") this.mark("trial", []);
      else this.showPath();
    };
    for (const [place, tab] of tabs.entries()) {
      tab.addEventListener("click", () => open(tab));
      tab.addEventListener("keydown", (event) => {
        const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
        if (!step) return;
        const next = tabs[(place + step + tabs.length) % tabs.length];
        next.focus();
        open(next);
      });
    }
  }

  soon() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.check(), WAIT);
  }

  async post(url, data) {
    data.set("csrfmiddlewaretoken", this.editor.querySelector("[data-token] input").value);
    const response = await fetch(url, { method: "POST", body: data, headers: { "X-Panel": "1" }, redirect: "error" });
    if (!response.ok && response.status !== 422) throw new Error(String(response.status));
    const parsed = new DOMParser().parseFromString(await response.text(), "text/html");
    return [...parsed.body.childNodes];
  }

  // -- checks ----------------------------------------------------------------------------------------------------

  async check() {
    const number = (this.asked += 1);
    const data = new FormData();
    data.set("xml", await this.xml());
    let answer;
    try {
      answer = await this.post(this.editor.dataset.check, data);
    } catch {
      answer = [Object.assign(document.createElement("p"), { textContent: this.design.words.no_answer })];
    }
    if (number !== this.asked) return; // a later drawing has been sent meanwhile
    this.checks.replaceChildren(...answer);
    const found = this.checks.querySelector("[data-checks]");
    const count = Number(found?.dataset.count ?? 0);
    const shown = this.editor.querySelector("[data-check-count]");
    shown.textContent = count || "";
    shown.classList.toggle("zt-count-late", count > 0);
    const faulty = [];
    for (const line of this.checks.querySelectorAll("li[data-element]")) {
      const element = this.registry.get(line.dataset.element);
      if (!element) continue;
      faulty.push([element, "flow-faulty"]);
      const button = Object.assign(document.createElement("button"), { type: "button", textContent: line.textContent });
      button.addEventListener("click", () => this.go(element));
      line.replaceChildren(button);
    }
    this.mark("checks", faulty);
  }

  go(element) {
    this.canvas.scrollToElement(element);
    this.selection.select(element);
  }

  mark(layer, pairs) {
    for (const [element, name] of this.marked.get(layer) ?? []) {
      if (this.registry.get(element.id)) this.canvas.removeMarker(element, name);
    }
    for (const [element, name] of pairs) this.canvas.addMarker(element, name);
    this.marked.set(layer, pairs);
  }

  // -- trial run -------------------------------------------------------------------------------------------------

  async move(event) {
    event.preventDefault();
    if (this.moving) return; // a second click would be told that this trial is recorded already
    this.moving = true;
    const data = new FormData(event.target);
    data.set("act", event.submitter?.value ?? "");
    const recording = data.get("act") === "record";
    try {
      if (recording && !(await this.save())) return;
      await this.ask(data);
      if (recording) await this.done();
    } finally {
      this.moving = false;
    }
  }

  async ask(data) {
    data.set("xml", await this.xml());
    try {
      this.play.replaceChildren(...(await this.post(this.editor.dataset.trial, data)));
    } catch {
      const words = Object.assign(document.createElement("p"), { textContent: this.design.words.no_answer });
      this.play.prepend(words);
    }
    this.showPath();
    this.play.focus();
  }

  showPath() {
    const marks = JSON.parse(this.play.querySelector("#trial-marks")?.textContent ?? "{}");
    const names = { done: "flow-done", flows: "flow-done", active: "flow-active" };
    const pairs = Object.entries(names).flatMap(([key, name]) =>
      (marks[key] ?? []).map((id) => [this.registry.get(id), name]).filter(([element]) => element),
    );
    this.mark("trial", pairs);
  }
}
