// Keeps the state of long work in the page up to date; without it the page, or a link in it, looks again.
{
  const PAUSE = 3000;
  async function look() {
    const place = document.querySelector("[data-progress]");
    if (!place) return;
    try {
      const page = new DOMParser().parseFromString(await (await fetch(location.href)).text(), "text/html");
      const fresh = page.querySelector("[data-progress]");
      if (!fresh) return location.reload();
      place.replaceChildren(...fresh.childNodes);
    } catch {
      // The next look may get through.
    }
    setTimeout(look, PAUSE);
  }
  setTimeout(look, PAUSE);
}
