// The field for a code of eight characters: keys to click, ABCD-EFGH as it is typed, and a hint at every step.
// The check character (spec/codes.md) is worked out here and nothing of it leaves the page.

import { ALPHABET, checkCharacter } from "./check.js";

const LENGTH = 8;
const FOLDED = { O: "0", I: "1", L: "1" };

const isCode = (character) => character !== "" && ALPHABET.includes(character);

export function fold(text) {
  return [...text.toUpperCase()].map((c) => FOLDED[c] ?? c).filter(isCode).join("");
}

const shown = (code) => (code.length > 4 ? `${code.slice(0, 4)}-${code.slice(4)}` : code);

// Where the caret stands after `count` characters of the code.
const caretAfter = (count) => (count > 4 ? count + 1 : count);

export function prepareCode(box) {
  const field = box.querySelector("input");
  const output = box.querySelector("output");
  const keys = box.querySelector(".keys");
  const left = box.dataset.sayLeft.split("|");

  const write = (before, after) => {
    const code = (before + after).slice(0, LENGTH);
    field.value = shown(code);
    const caret = caretAfter(Math.min(before.length, code.length));
    if (document.activeElement === field) field.setSelectionRange(caret, caret);
    const whole = code.length === LENGTH;
    const wrong = whole && checkCharacter(code.slice(0, -1)) !== code[LENGTH - 1];
    const hint = wrong ? box.dataset.sayWrong : whole ? box.dataset.sayWhole : left[code.length];
    if (output.textContent !== hint) output.textContent = hint;
    output.classList.toggle("wrong", wrong);
    output.classList.toggle("whole", whole && !wrong);
    field.setAttribute("aria-invalid", String(wrong));
  };

  // What stands before and behind the caret; a selection is what the next key replaces.
  const halves = () => {
    const focused = document.activeElement === field;
    const start = focused ? field.selectionStart : field.value.length;
    const end = focused ? field.selectionEnd : field.value.length;
    return [fold(field.value.slice(0, start)), fold(field.value.slice(end)), end > start];
  };

  const press = (key) => {
    const [before, after, selected] = halves();
    field.focus();
    if (key) write(before.length + after.length < LENGTH ? before + key : before, after);
    else write(selected ? before : before.slice(0, -1), after);
    field.dispatchEvent(new Event("change", { bubbles: true }));
  };

  field.addEventListener("input", (event) => {
    const [before, after] = halves();
    // Deleting the dash means deleting the character in front of it.
    const dash = event.inputType === "deleteContentBackward" && before.length === 4 && after.length > 0
      && !field.value.includes("-");
    write(dash ? before.slice(0, -1) : before, after);
  });
  keys.addEventListener("mousedown", (event) => event.preventDefault()); // the field keeps the focus
  keys.addEventListener("click", (event) => {
    const key = event.target.closest("button");
    if (key) press(key.dataset.key);
  });
  keys.hidden = false;
  write(fold(field.value), "");
}
