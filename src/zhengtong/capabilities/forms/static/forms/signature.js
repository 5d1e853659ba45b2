// Drawing a signature with finger, pen or mouse; typing the name is enough, the drawing is an extra.
const INK = 3;

export function enhanceSignatures(form) {
  for (const box of form.querySelectorAll("[data-signature]")) draw(box);
}

function draw(box) {
  const part = box.querySelector("[data-draw]");
  const canvas = part.querySelector("canvas");
  const kept = box.querySelector("[data-drawn]");
  const pen = canvas.getContext("2d");
  part.hidden = false;
  box.querySelector("[data-drawn-picture]")?.remove();
  pen.lineWidth = INK;
  pen.lineCap = "round";
  pen.strokeStyle = getComputedStyle(canvas).color;
  if (kept.value) {
    const picture = new Image();
    picture.addEventListener("load", () => pen.drawImage(picture, 0, 0));
    picture.src = kept.value;
  }

  const at = (event) => {
    const frame = canvas.getBoundingClientRect();
    return [((event.clientX - frame.left) * canvas.width) / frame.width, ((event.clientY - frame.top) * canvas.height) / frame.height];
  };
  canvas.addEventListener("pointerdown", (event) => {
    canvas.setPointerCapture(event.pointerId);
    pen.beginPath();
    pen.moveTo(...at(event));
  });
  canvas.addEventListener("pointermove", (event) => {
    if (!canvas.hasPointerCapture(event.pointerId)) return;
    pen.lineTo(...at(event));
    pen.stroke();
  });
  canvas.addEventListener("pointerup", () => keep(canvas.toDataURL("image/png")));
  part.querySelector("[data-draw-clear]").addEventListener("click", () => {
    pen.clearRect(0, 0, canvas.width, canvas.height);
    keep("");
  });

  function keep(value) {
    kept.value = value;
    kept.dispatchEvent(new Event("input", { bubbles: true }));
  }
}
