// Places, chosen from county to village, one list after the other; without it one searches by name.
export function enhanceDivisions(form) {
  for (const box of form.querySelectorAll("[data-division]")) cascade(box);
}

async function below(box, code) {
  const answer = await fetch(`${box.dataset.division}?under=${encodeURIComponent(code)}&level=${box.dataset.level}`).catch(() => null);
  return answer?.ok ? (await answer.json()).places : null;
}

async function cascade(box) {
  const hidden = box.querySelector("[data-division-value]");
  const selects = box.querySelector("[data-division-selects]");
  const chosen = await fetch(`${box.dataset.division}?path=${encodeURIComponent(hidden.value)}&level=${box.dataset.level}`).catch(() => null);
  if (!chosen?.ok) return;
  const way = (await chosen.json()).way;
  const first = await below(box, "");
  if (!first?.length) return;
  box.querySelector("[data-division-search]").remove();
  box.querySelector("[data-division-chosen]").hidden = true;
  selects.hidden = false;

  async function add(places, value, number) {
    const label = document.createElement("label");
    label.className = "form-sub-label";
    label.textContent = places[0].level_label;
    const select = document.createElement("select");
    select.className = "form-select";
    select.id = number ? `${hidden.name}-level-${number}` : `id_${hidden.name.replaceAll(".", "-")}`;
    label.htmlFor = select.id;
    select.append(new Option(selects.dataset.blank ?? "请选择", ""), ...places.map((one) => new Option(one.name, one.code, false, one.code === value)));
    const part = document.createElement("div");
    part.append(label, select);
    selects.append(part);
    select.addEventListener("change", async () => {
      while (part.nextSibling) part.nextSibling.remove();
      const upper = part.previousSibling?.querySelector("select").value ?? "";
      hidden.value = select.value || upper;
      hidden.dispatchEvent(new Event("input", { bubbles: true }));
      const next = select.value ? await below(box, select.value) : null;
      if (next?.length) add(next, "", number + 1);
    });
  }

  let places = first;
  for (let number = 0; places?.length; number += 1) {
    const value = way[number] ?? (places.length === 1 ? places[0].code : "");
    await add(places, value, number);
    places = value ? await below(box, value) : null;
  }
}
