// What stands behind the # never travels by itself and stands in no log. It goes once, in a form, and out of the history.
const form = document.querySelector("[data-launch]");
const token = location.hash.slice(1);
history.replaceState(null, "", location.pathname);
form.elements.launch.value = token;
if (token) form.requestSubmit();
