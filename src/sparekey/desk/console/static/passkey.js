// Asks the browser for a passkey when a form is sent that waits for one; the rest of the page works without script.

for (const form of document.querySelectorAll("form[data-passkey]")) {
  const answer = form.elements.namedItem("answer");
  const trouble = form.querySelector("[data-trouble]");
  form.querySelector("button[disabled]").disabled = false;

  form.addEventListener("submit", async (event) => {
    if (answer.value) return;
    event.preventDefault();
    trouble.hidden = true;
    try {
      const asked = JSON.parse(form.dataset.passkey);
      const made = form.dataset.kind === "make"
        ? await navigator.credentials.create({ publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(asked) })
        : await navigator.credentials.get({ publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(asked) });
      answer.value = JSON.stringify(made.toJSON());
      form.requestSubmit(event.submitter);
    } catch (error) {
      trouble.hidden = false;
      trouble.focus();
    }
  });
}

// Back in history, a form must not send what was signed before.
addEventListener("pageshow", () => {
  for (const field of document.querySelectorAll('form[data-passkey] [name="answer"]')) field.value = "";
});

// An invitation comes as a link whose code stands behind the #: no server and no log ever sees it there.
const code = document.querySelector("[data-from-link]");
if (code && location.hash.length > 1) {
  code.value = decodeURIComponent(location.hash.slice(1));
  history.replaceState(null, "", location.pathname);
}
