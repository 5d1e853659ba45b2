// The drawing page: opens the drawing, keeps it saved, and puts settings, checks and the trial run beside it.
import chinese from "../vendor/bpmn-js-i18n/zn.js";
import { Beside } from "./beside.js";
import { additions } from "./design.js";
import { Keeper } from "./keeper.js";
import { Panel } from "./panel.js";

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
  let sending = false; // a second click would be told that the drawing is submitted already
  submit?.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (sending) return;
    sending = true;
    if (await keeper.save()) {
      keeper.leave();
      submit.submit();
    } else sending = false;
  });
  window.addEventListener("pageshow", () => (sending = false)); // back from the next page
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
