// The counter: the signature pad under what was shown to the person, and the printer.
import { enhanceSignatures } from "../forms/signature.js";

for (const form of document.querySelectorAll("form")) enhanceSignatures(form);
for (const button of document.querySelectorAll("[data-print]")) button.addEventListener("click", () => window.print());
