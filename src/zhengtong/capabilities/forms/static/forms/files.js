// Files given as answers: sent as soon as they are chosen, with how far it has come; removed in place.
export function enhanceFiles(form) {
  form.addEventListener("change", (event) => {
    const box = event.target.closest("[data-files]");
    if (box && event.target.type === "file" && event.target.files.length && form.dataset.filesUrl) send(form, box, event.target);
  });
  form.addEventListener("click", (event) => {
    const drop = event.target.closest("[data-file-drop]");
    if (!drop) return;
    event.preventDefault();
    const box = drop.closest("[data-files]");
    drop.closest("[data-file]").remove();
    box.querySelector("input[type=file]").focus();
    box.dispatchEvent(new Event("input", { bubbles: true }));
  });
}

function send(form, box, input) {
  const status = box.querySelector("[data-file-status]");
  const request = new XMLHttpRequest();
  const body = new FormData(form);
  body.append("act", `upload:${box.closest("[data-item]").dataset.item}`);
  status.classList.remove("zt-error");
  status.textContent = status.dataset.busy;
  input.disabled = true;
  request.upload.addEventListener("progress", (event) => {
    if (event.lengthComputable) status.textContent = `${status.dataset.busy} ${Math.floor((event.loaded / event.total) * 100)}%`;
  });
  request.addEventListener("loadend", () => {
    input.disabled = false;
    let said = {};
    try {
      said = JSON.parse(request.responseText);
    } catch {
      said = {};
    }
    if (request.status !== 200 || !said.files) {
      status.classList.add("zt-error");
      status.textContent = said.message ?? status.dataset.lost;
      return;
    }
    input.value = "";
    box.querySelector("[data-file-list]").replaceChildren(...said.files.map((file) => line(box, file)));
    status.textContent = status.dataset.done;
    form.dispatchEvent(new CustomEvent("draft", { detail: { state: "saved", ...said } }));
    box.dispatchEvent(new Event("input", { bubbles: true }));
  });
  request.open("POST", form.dataset.filesUrl);
  request.setRequestHeader("Accept", "application/json");
  request.send(body);
}

function line(box, file) {
  const fresh = box.querySelector("[data-file-template]").content.firstElementChild.cloneNode(true);
  fresh.dataset.file = file.file;
  fresh.querySelector("input").value = file.file;
  fresh.querySelector("a").href = file.url;
  fresh.querySelector("a").textContent = file.name;
  fresh.querySelector("span").textContent = `：${file.name}`;
  return fresh;
}
