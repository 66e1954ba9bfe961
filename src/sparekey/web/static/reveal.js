// A button beside a password that shows it, so that nobody has to type it blind.

export function prepareReveal(field) {
  const say = document.body.dataset;
  const button = document.createElement("button");
  button.type = "button";
  button.className = "beside";
  button.setAttribute("aria-controls", field.id);
  const draw = (shown) => {
    field.type = shown ? "text" : "password";
    button.textContent = shown ? say.sayHide : say.sayShow;
    button.setAttribute("aria-pressed", String(shown));
  };
  button.addEventListener("mousedown", (event) => event.preventDefault()); // the field keeps the focus
  button.addEventListener("click", () => draw(field.type === "password"));
  // Sent as a password always, so that browsers offer to keep it and do not remember it as plain text.
  field.form?.addEventListener("submit", () => draw(false));
  draw(false);
  field.after(button);
}
