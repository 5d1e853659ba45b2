// Filling in a declared form: what is asked, computed and wrong is known at once, with the sentences of the server;
// rows, files, dates, places and signatures in place. Without it every button does the same by loading the page.
import * as engine from "./engine.js";
import { enhanceDates } from "./dates.js";
import { enhanceDivisions } from "./divisions.js";
import { enhanceFiles } from "./files.js";
import { enhanceRows, placeOf } from "./rows.js";
import { enhanceSignatures } from "./signature.js";

const LISTS = ["group", "table"];

/** The value of one question as it stands on the page. */
function valueOf(field, path, form, data) {
  if (LISTS.includes(field.kind)) {
    return data.getAll(`${path}.row`).map((index) =>
      Object.fromEntries(field.fields.filter(asks).map((one) => [one.key, valueOf(one, `${path}.${index}.${one.key}`, form, data)])),
    );
  }
  if (field.kind === "choices") return data.getAll(path);
  if (field.kind === "attachment") {
    const listed = [...form.querySelectorAll(`[data-file] > input[name="${path}"]`)];
    return listed.map((one) => ({ file: one.value, name: one.parentElement.querySelector("a").textContent, copies: field.copies ?? 1 }));
  }
  if (field.kind === "period") return { from: text(data, `${path}.from`), to: text(data, `${path}.to`) };
  if (field.kind === "signature") return { name: text(data, `${path}.name`), at: "", drawn: text(data, `${path}.drawn`) };
  if (field.kind === "division") return data.getAll(path).filter(Boolean).at(-1) ?? "";
  return text(data, path);
}

const asks = (field) => !["note", "computed"].includes(field.kind);
const text = (data, name) => String(data.getAll(name).at(-1) ?? "");

/** The page as one object: its form, the declaration, the answers of the other pages. */
export function fill(form, given) {
  engine.useMessages(given.messages);
  const section = given.definition.sections[given.section];
  const touched = new Set();
  let latest = { errors: {} };

  const item = (control) => control.closest?.("[data-item]");
  const items = () => [...form.querySelectorAll("[data-item]")];

  function answers() {
    const data = new FormData(form);
    const here = section.fields.filter((field) => asks(field) && form.querySelector(`[data-item="${field.key}"]`));
    return { ...given.answers, ...Object.fromEntries(here.map((field) => [field.key, valueOf(field, field.key, form, data)])) };
  }

  function refresh() {
    const now = answers();
    latest = engine.clean(given.definition, now);
    const put = new Set(engine.asked(given.definition, now));
    const results = engine.computed(given.definition, now);
    for (const one of items()) {
      const path = placeOf(one);
      const known = given.definition.sections[given.section].fields.some((field) => field.key === path.split(".")[0]);
      if (known) one.hidden = !put.has(path);
      if (one.dataset.kind === "computed") showComputed(one, results[path] ?? "");
      if (one.dataset.kind === "amount") showCapital(one);
      if (touched.has(one)) say(one, latest.errors[path] ?? "");
    }
  }

  function showComputed(one, value) {
    const output = one.querySelector("[data-computed]");
    output.textContent = value || output.dataset.empty;
  }

  function showCapital(one) {
    const output = one.querySelector("[data-capital]");
    const figures = engine.amountInWords(one.querySelector("input").value.replaceAll(/[,，\s]/g, ""));
    output.textContent = figures;
    output.parentElement.hidden = !figures;
  }

  form.addEventListener("input", refresh);
  form.addEventListener("change", refresh);
  form.addEventListener("focusout", (event) => {
    const left = item(event.target);
    if (!left || left.contains(event.relatedTarget) || !left.dataset.changed) return;
    touched.add(left);
    refresh();
  });
  form.addEventListener("input", (event) => {
    const changed = item(event.target);
    if (changed) changed.dataset.changed = "yes";
  });
  for (const one of items()) if (one.querySelector(":scope > .zt-field-bad")) touched.add(one);
  enhanceDates(form);
  enhanceRows(form);
  enhanceFiles(form);
  enhanceDivisions(form);
  enhanceSignatures(form);
  form.addEventListener("draft", (event) => told(form, event.detail));
  refresh();
}

/** Say what is wrong beside a question, or take the sentence away. */
function say(one, sentence) {
  const box = one.querySelector(":scope > .zt-field, :scope > fieldset");
  const words = box?.querySelector(":scope > [data-words]");
  if (!words) return;
  const id = `${words.dataset.words}_error`;
  let error = words.querySelector(".zt-error");
  if ((error?.dataset.said ?? error?.lastChild.textContent.trim() ?? "") === sentence) return;
  error?.remove();
  box.classList.toggle("zt-field-bad", Boolean(sentence));
  if (sentence) {
    error = document.createElement("p");
    error.className = "zt-error";
    error.id = id;
    error.dataset.said = sentence;
    error.append(sentence);
    words.prepend(error);
  }
  const described = box.matches("fieldset") ? [box] : [...box.querySelectorAll("input, select, textarea")];
  for (const control of described) {
    const others = (control.getAttribute("aria-describedby") ?? "").split(" ").filter((name) => name && name !== id);
    control.setAttribute("aria-describedby", [...(sentence ? [id] : []), ...others].join(" "));
  }
  for (const control of box.querySelectorAll(":scope > input, :scope > div > input, :scope > select, :scope > textarea")) {
    if (sentence) control.setAttribute("aria-invalid", "true");
    else control.removeAttribute("aria-invalid");
  }
}

/** What the server said when it kept the draft: the marks for the next time, or that another page was there too. */
function told(form, said) {
  if (said.seen) form.elements.seen.value = JSON.stringify({ ...JSON.parse(form.elements.seen.value || "{}"), ...said.seen });
  const box = form.querySelector("[data-disagreement]");
  if (!box || said.state !== "conflict") return;
  const list = box.querySelector("[data-conflict-list]");
  list.replaceChildren(
    ...said.conflicts.map((one) => {
      const line = document.createElement("li");
      line.textContent = `${one.label}：${one.theirs}`;
      return line;
    }),
  );
  box.hidden = false;
}

for (const form of document.querySelectorAll("form[data-fill]")) {
  fill(form, JSON.parse(document.getElementById(form.dataset.fill).textContent));
}
