// Back from the company's sign-in: what it handed over stands in the address, so it goes from there first, then on.

const form = document.querySelector("form[data-onward]");
history.replaceState(null, "", location.pathname);
form.requestSubmit();
