// What script adds to a page. Every page works without it.

import { prepareCode } from "./code.js";
import { prepareKeyboard } from "./keyboard.js";
import { prepareReveal } from "./reveal.js";

for (const box of document.querySelectorAll("[data-code]")) prepareCode(box);
for (const field of document.querySelectorAll("[data-reveal]")) prepareReveal(field);
prepareKeyboard(document.querySelectorAll("[data-keyboard]"));

// The browser's own "fill this in" speaks the browser's language, which on a recorder is nobody's.
document.addEventListener("invalid", (event) => {
  const field = event.target;
  field.setCustomValidity(field.validity.valueMissing ? document.body.dataset.sayMissing : "");
}, true);
document.addEventListener("input", (event) => event.target.setCustomValidity?.(""));
document.addEventListener("change", (event) => event.target.setCustomValidity?.(""));
