// The drawing page: opens the drawing, keeps it saved, and puts settings, checks and the trial run beside it.
import chinese from "../vendor/bpmn-js-i18n/zn.js";
import { Beside } from "./beside.js";
import { additions } from "./design.js";
import { Panel } from "./panel.js";

const WAIT = 2500;
const AGAIN = 15000;

class Keeper {
  constructor(editor, modeler, design) {
    Object.assign(this, { editor, modeler, words: design.words, rev: editor.dataset.rev, dirty: false, blocked: false });
    this.status = editor.querySelector("[data-status]");
    this.conflict = editor.querySelector("[data-conflict]");
    this.running = Promise.resolve(true);
    modeler.on("commandStack.changed", () => {
      this.dirty = true;
      this.status.textContent = this.words.unsaved;
      this.soon(WAIT);
    });
    window.addEventListener("beforeunload", (event) => {
      if (this.dirty) event.preventDefault();
    });
  }

  soon(wait) {
    clearTimeout(this.timer);
    if (!this.blocked) this.timer = setTimeout(() => this.save(), wait);
  }

  async xml() {
    return (await this.modeler.saveXML({ format: true })).xml;
  }

  // one saving at a time: the next one waits for the revision of the one before; "force" replaces another's drawing
  save({ always = false, force = false } = {}) {
    this.running = this.running.then(() => (this.dirty || always || force ? this.send(force) : true));
    return this.running;
  }

  async send(force) {
    clearTimeout(this.timer);
    this.status.textContent = this.words.saving;
    this.dirty = false;
    const data = new FormData(this.editor.querySelector("[data-token]"));
    data.set("xml", await this.xml());
    data.set("rev", this.rev);
    if (force) data.set("force", "1");
    let response, answer;
    try {
      response = await fetch(this.editor.dataset.save, { method: "POST", body: data, redirect: "error" });
      answer = await response.json();
    } catch {
      this.dirty = true;
      this.status.textContent = this.words.failed;
      this.soon(AGAIN);
      return false;
    }
    if (!response.ok) {
      this.dirty = this.blocked = true;
      this.status.textContent = this.words.unsaved;
      this.editor.querySelector("[data-conflict-text]").textContent = answer.message;
      this.conflict.hidden = false;
      return false;
    }
    this.blocked = false;
    this.conflict.hidden = true;
    this.rev = answer.rev;
    for (const input of document.querySelectorAll("input[name=rev]")) input.value = answer.rev;
    if (!this.dirty) this.status.textContent = `${this.words.saved} ${answer.time}`;
    await this.refresh();
    return true;
  }

  // what the page says below the drawing follows the saved drawing
  async refresh() {
    const response = await fetch(window.location.pathname, { redirect: "error" });
    if (!response.ok) return;
    const fresh = new DOMParser().parseFromString(await response.text(), "text/html");
    for (const place of ["#trials", "[data-submit]"]) {
      const [now, later] = [document.querySelector(place), fresh.querySelector(place)];
      if (now && later) now.replaceWith(later);
    }
  }

  leave() {
    this.dirty = false;
  }
}

function toolbar(editor, modeler, keeper) {
  const canvas = modeler.get("canvas");
  const zoom = (factor) => canvas.zoom(Math.min(Math.max(canvas.zoom() * factor, 0.3), 3), "auto");
  const acts = {
    undo: () => modeler.get("commandStack").undo(),
    redo: () => modeler.get("commandStack").redo(),
    fit: () => canvas.zoom("fit-viewport", "auto"),
    larger: () => zoom(1.2),
    smaller: () => zoom(1 / 1.2),
    save: () => keeper.save({ always: true }),
    force: () => keeper.save({ force: true }),
    reload: () => {
      keeper.leave();
      window.location.reload();
    },
    download: async () => {
      const link = document.createElement("a");
      link.href = URL.createObjectURL(new Blob([await keeper.xml()], { type: "application/xml" }));
      link.download = "drawing.bpmn";
      link.click();
      setTimeout(() => URL.revokeObjectURL(link.href), 10000);
    },
  };
  for (const button of editor.querySelectorAll("[data-do]")) {
    button.addEventListener("click", acts[button.dataset.do]);
  }
}

function formsBelow(keeper) {
  const submit = document.querySelector("[data-submit-form]");
  submit?.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (!(await keeper.save())) return;
    keeper.leave();
    submit.submit();
  });
  document.querySelector("[data-file-form]")?.addEventListener("submit", () => keeper.leave());
}

async function start(editor) {
  const design = JSON.parse(document.getElementById("design-words").textContent);
  editor.hidden = false;
  const modeler = new window.BpmnJS({
    container: editor.querySelector("[data-canvas]"),
    additionalModules: additions(design, chinese),
    moddleExtensions: { zt: design.moddle },
  });
  const drawing = await (await fetch(editor.dataset.file, { redirect: "error" })).text();
  try {
    await modeler.importXML(drawing);
  } catch {
    editor.querySelector("[data-canvas]").textContent = design.words.unreadable;
    return;
  }
  modeler.get("canvas").zoom("fit-viewport", "auto");
  const keeper = new Keeper(editor, modeler, design);
  const doors = { xml: () => keeper.xml(), save: () => keeper.save(), done: () => keeper.refresh() };
  new Panel(editor.querySelector("[data-properties]"), modeler, design);
  new Beside(editor, modeler, design, doors);
  toolbar(editor, modeler, keeper);
  formsBelow(keeper);
  document.querySelector("[data-static]").hidden = true;
  editor.dataset.ready = "1";
}

// a narrow screen keeps the picture and the lists that the page came with
const editor = document.querySelector("[data-modeller]");
if (editor && window.BpmnJS && window.matchMedia("(min-width: 992px)").matches) start(editor);
