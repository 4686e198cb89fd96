// Joins allauth's passkey functions to the page: each [data-passkey] names one and the elements it needs.
// What needs script is hidden until it runs, so that nobody presses a button that does nothing.
document.addEventListener("DOMContentLoaded", () => {
  const failed = document.querySelector("[data-passkey-failed]");
  document.addEventListener("allauth.error", (event) => {
    event.preventDefault();
    if (failed) {
      failed.hidden = false;
      failed.focus();
    }
  });
  for (const element of document.querySelectorAll("[data-passkey]")) {
    const { passkey, ...ids } = element.dataset;
    if (!window.PublicKeyCredential) continue;
    window.allauth.webauthn.forms[passkey]({ ids });
    element.hidden = false;
  }
});
