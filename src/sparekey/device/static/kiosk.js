// The recorder's own screen: the right button opens the menu, two clicks open the corner, and after a while without
// anybody the cameras are shown again.

const IDLE = 120_000; // milliseconds

document.documentElement.classList.add("scripted");

const menu = document.querySelector("#menu");
if (menu) {
  const button = document.querySelector("[data-opens-menu]");
  const set = (open) => {
    menu.classList.toggle("open", open);
    button.setAttribute("aria-expanded", String(open));
    if (open) menu.querySelector("a").focus();
    else button.focus();
  };
  button.addEventListener("click", () => set(!menu.classList.contains("open")));
  document.addEventListener("contextmenu", (event) => {
    event.preventDefault();
    set(true);
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && menu.classList.contains("open")) set(false);
  });
}

const corner = document.querySelector(".corner");
if (corner) {
  // detail 0 is the keyboard; a first click does nothing, as where people learned it.
  corner.addEventListener("click", (event) => {
    if (event.detail === 1) event.preventDefault();
  });
}

const idle = document.querySelector("[data-idle]")?.dataset.idle;
if (idle) {
  let timer;
  const again = () => {
    clearTimeout(timer);
    timer = setTimeout(() => location.assign(idle), IDLE);
  };
  for (const sign of ["mousemove", "mousedown", "keydown", "input"]) document.addEventListener(sign, again);
  again();
}
