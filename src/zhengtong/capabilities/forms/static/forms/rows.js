// Rows of a group or table, added and taken away in place. The number in a name stays with its row, so that nothing
// typed has to move; the server reads the rows in their order.
import { enhanceDates } from "./dates.js";

/** The path of a question with its row counted by order, as answers have it. */
export function placeOf(item) {
  const row = item.parentElement?.closest("[data-row]");
  if (!row) return item.dataset.item;
  const rows = [...row.parentElement.children].filter((one) => one.matches("[data-row]"));
  const [group, , ...rest] = item.dataset.item.split(".");
  return [group, rows.indexOf(row), ...rest].join(".");
}

export function enhanceRows(form) {
  form.addEventListener("click", (event) => {
    const add = event.target.closest("[data-row-add]");
    const drop = event.target.closest("[data-row-drop]");
    if (!add && !drop) return;
    event.preventDefault();
    const group = event.target.closest("[data-rows-of]");
    if (add) addRow(form, group);
    else dropRow(form, group, drop.closest("[data-row]"));
  });
}

const rowsOf = (group) => [...group.querySelectorAll("[data-row-list] > [data-row]")];

function addRow(form, group) {
  const rows = rowsOf(group);
  if (rows.length >= Number(group.dataset.most)) return;
  const next = String(Math.max(-1, ...rows.map((row) => Number(row.dataset.row))) + 1);
  const fresh = group.querySelector("[data-row-template]").content.firstElementChild.cloneNode(true);
  for (const part of [fresh, ...fresh.querySelectorAll("*")]) {
    for (const { name, value } of [...part.attributes]) {
      if (value.includes("__row__")) part.setAttribute(name, value.replaceAll("__row__", next));
    }
  }
  group.querySelector("[data-row-list]").append(fresh);
  settle(form, group, "added");
  enhanceDates(form);
  fresh.querySelector("input:not([type=hidden]), select, textarea")?.focus();
}

function dropRow(form, group, row) {
  const rows = rowsOf(group);
  const near = rows[rows.indexOf(row) + 1] ?? rows[rows.indexOf(row) - 1];
  row.remove();
  settle(form, group, "dropped");
  (near?.querySelector("[tabindex='-1']") ?? group.querySelector("[data-row-add]")).focus();
}

function settle(form, group, done) {
  const rows = rowsOf(group);
  rows.forEach((row, place) => row.querySelectorAll("[data-row-number]").forEach((one) => (one.textContent = place + 1)));
  group.querySelector("[data-row-add]").disabled = rows.length >= Number(group.dataset.most);
  const status = group.querySelector("[data-row-status]");
  status.textContent = `${status.dataset[done]}，现在 ${rows.length} 行`;
  group.dispatchEvent(new Event("input", { bubbles: true }));
}
