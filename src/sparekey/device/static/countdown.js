// Counts the seconds down that a plug stays out of its socket.
for (const button of document.querySelectorAll("[data-countdown]")) {
  const output = button.parentElement.querySelector("output");
  button.hidden = false;
  button.addEventListener("click", () => {
    let left = Number(button.dataset.countdown);
    button.disabled = true;
    const tick = () => {
      output.textContent = left > 0 ? String(left) : button.dataset.sayOver;
      if (left > 0) setTimeout(tick, 1000);
      else button.disabled = false;
      left -= 1;
    };
    tick();
  });
}
