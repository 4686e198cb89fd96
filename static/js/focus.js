// Brings somebody who hears or enlarges the page to what went wrong; without it the page reads the same.
document.querySelector("[data-focus]")?.focus();
