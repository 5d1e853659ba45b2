// A calendar beside a date: what is picked is written into the field, where it can be typed just as well.
export function enhanceDates(form) {
  for (const pick of form.querySelectorAll("[data-date-pick][hidden]")) {
    const calendar = pick.querySelector("input[type=date]");
    if (!calendar.showPicker) continue;
    pick.hidden = false;
    pick.dataset.ready = "yes";
  }
  if (form.dataset.dates) return;
  form.dataset.dates = "yes";
  form.addEventListener("click", (event) => {
    const pick = event.target.closest("button")?.closest("[data-date-pick]");
    if (!pick) return;
    const calendar = pick.querySelector("input[type=date]");
    calendar.value = isoOf(document.getElementById(pick.dataset.datePick).value);
    calendar.showPicker();
  });
  form.addEventListener("change", (event) => {
    const pick = event.target.closest("[data-date-pick]");
    if (!pick || !event.target.value) return;
    const field = document.getElementById(pick.dataset.datePick);
    field.value = event.target.value;
    field.dispatchEvent(new Event("input", { bubbles: true }));
    field.focus();
  });
}

function isoOf(typed) {
  const parts = /^\s*(\d{4})\D?(\d{1,2})\D?(\d{1,2})\D?\s*$/.exec(typed);
  return parts ? `${parts[1]}-${parts[2].padStart(2, "0")}-${parts[3].padStart(2, "0")}` : "";
}
