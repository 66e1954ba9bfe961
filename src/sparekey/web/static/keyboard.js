// The on-screen keyboard for names, addresses and passwords: for a recorder that has nothing but a mouse.

const LETTERS = {
  en: ["qwertyuiop", "asdfghjkl", "zxcvbnm"],
  cs: ["ěščřžýáíéúůťďňó", "qwertzuiop", "asdfghjkl", "yxcvbnm"],
};
const DIGITS = "1234567890";
const SYMBOLS = ["!\"#$%&'()*", "+,-./:;<=>", "?@[\\]^_`{|", "}~€§°"];
const ALWAYS = "@.-_";

export function prepareKeyboard(fields) {
  if (fields.length === 0) return;
  const say = document.body.dataset;
  const kiosk = "kiosk" in say;
  const keyboard = build(say);
  document.body.append(keyboard.root);

  const open = (field) => {
    keyboard.show(field);
    field.scrollIntoView({ block: "nearest" });
  };

  for (const field of fields) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "beside opens-keyboard";
    button.textContent = say.sayKeyboard;
    button.setAttribute("aria-controls", "keyboard");
    button.setAttribute("aria-expanded", "false");
    button.addEventListener("click", (event) => {
      if (keyboard.field === field) return keyboard.hide();
      field.focus({ preventScroll: true });
      open(field);
      if (event.detail === 0) keyboard.focus(); // opened with Enter: go on with the keys
    });
    field.parentElement.append(button);
    const wanted = () => {
      if (keyboard.field !== field && (kiosk || keyboard.field)) open(field);
    };
    field.addEventListener("focus", wanted);
    field.addEventListener("click", wanted);
    if (kiosk && document.activeElement === field) open(field);
  }

  // Pressed beside, closed when let go: closing moves the page, and the click must still hit what it aimed at.
  let beside = false;
  document.addEventListener("mousedown", (event) => {
    beside = !event.target.closest(".keyboard, .line, label");
  });
  document.addEventListener("click", () => {
    if (beside && keyboard.field) keyboard.hide();
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !keyboard.field) return;
    const field = keyboard.field;
    keyboard.hide();
    field.focus();
  });
}

function build(say) {
  const root = document.createElement("div");
  root.className = "keyboard";
  root.id = "keyboard";
  root.hidden = true;
  root.setAttribute("role", "dialog");
  root.setAttribute("aria-label", say.sayKeyboardTitle);
  const keyboard = { root, field: null, show, hide, focus };
  let capitals = false;
  let symbols = false;

  function show(field) {
    if (keyboard.field) expanded(keyboard.field, false);
    keyboard.field = field;
    expanded(field, true);
    capitals = symbols = false;
    draw();
    root.hidden = false;
    document.body.classList.add("has-keyboard");
    // The room below is as high as the keyboard, so that every field can be scrolled above it.
    document.documentElement.style.setProperty("--keyboard", `${root.offsetHeight}px`);
  }

  function hide() {
    if (keyboard.field) expanded(keyboard.field, false);
    keyboard.field = null;
    root.hidden = true;
    document.body.classList.remove("has-keyboard");
  }

  function focus() {
    root.querySelector("button").focus();
  }

  function draw() {
    const letters = LETTERS[document.documentElement.lang] ?? LETTERS.en;
    const rows = symbols ? SYMBOLS : letters.map((row) => (capitals ? row.toUpperCase() : row));
    const focused = root.contains(document.activeElement) ? document.activeElement.dataset.name : null;
    root.replaceChildren(...[DIGITS, ...rows].map((row) => line([...row].map((c) => key(c, { type: c })))));
    root.append(line([
      key(say.sayShift, { name: "shift", pressed: capitals, hidden: symbols }),
      key(symbols ? say.sayLetters : say.saySymbols, { name: "symbols" }),
      ...[...ALWAYS].map((c) => key(c, { type: c })),
      key(say.saySpace, { type: " ", wide: true }),
      key(say.sayDelete, { name: "delete" }),
      key(say.sayClose, { name: "close" }),
    ]));
    if (focused) root.querySelector(`[data-name="${focused}"]`)?.focus();
  }

  root.addEventListener("mousedown", (event) => event.preventDefault()); // the field keeps the focus and its caret
  root.addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (!button) return;
    if (button.dataset.type !== undefined) type(keyboard.field, button.dataset.type);
    else if (button.dataset.name === "delete") erase(keyboard.field);
    else if (button.dataset.name === "close") close();
    else {
      if (button.dataset.name === "shift") capitals = !capitals;
      else symbols = !symbols;
      draw();
    }
  });

  function close() {
    const field = keyboard.field;
    const inside = root.contains(document.activeElement);
    hide();
    if (inside) field.focus();
  }

  return keyboard;
}

function line(keys) {
  const row = document.createElement("div");
  row.className = "row";
  row.append(...keys);
  return row;
}

function key(label, { type, name, pressed, hidden = false, wide = false }) {
  const button = document.createElement("button");
  button.type = "button";
  button.textContent = label;
  button.hidden = hidden;
  if (type !== undefined) button.dataset.type = type;
  if (name !== undefined) button.dataset.name = name;
  if (pressed !== undefined) button.setAttribute("aria-pressed", String(pressed));
  button.classList.toggle("wide", wide);
  return button;
}

function expanded(field, value) {
  field.parentElement.querySelector(".opens-keyboard")?.setAttribute("aria-expanded", String(value));
}

function type(field, text) {
  if (field.maxLength >= 0 && field.value.length >= field.maxLength) return;
  field.setRangeText(text, field.selectionStart, field.selectionEnd, "end");
  told(field);
}

function erase(field) {
  const { selectionStart: start, selectionEnd: end } = field;
  if (end === 0) return;
  const before = [...field.value.slice(0, start)];
  const from = start === end ? start - (before.pop() ?? "").length : start;
  field.setRangeText("", from, end, "end");
  told(field);
}

function told(field) {
  field.dispatchEvent(new Event("input", { bubbles: true }));
}
