// A click on an element of the drawing lists the cases that stand there; the table below does the same by keyboard.
const drawing = document.querySelector("[data-drawing]");

for (const node of drawing?.querySelectorAll("g[data-node]") ?? []) {
  if (node.dataset.node === drawing.dataset.node) node.classList.add("flow-chosen");
  node.addEventListener("click", () => {
    const address = new URL(window.location.href);
    address.search = new URLSearchParams({ node: node.dataset.node }).toString();
    address.hash = "cases";
    window.location.assign(address);
  });
}
