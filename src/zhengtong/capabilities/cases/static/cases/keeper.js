// Keeps the drawing saved as it is drawn, one saving after the other.
const WAIT = 2500;
const AGAIN = 15000;

export class Keeper {
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
    data.set("rev", this.rev);
    if (force) data.set("force", "1");
    let response, answer;
    try {
      data.set("xml", await this.xml());
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
    await this.refresh().catch(() => undefined); // the drawing is saved; the lists follow with the next saving
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
