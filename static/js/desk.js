// Makes the desk quicker: keys, decisions without a new page, and the mark that somebody looks at a comment.
// Every act is the form or the link that stands in the page; without this script they do the same.
{
  const SCRIPTED = { "HX-Request": "true", Accept: "text/vnd.afterword.fragment, text/html" };
  const PAUSE = 400; // milliseconds in which a second press is the same press
  const LOOK = 1500; // until somebody who rests on a comment is said to look at it
  const RENEW = 60000;
  const TOLD = 10000; // after which what was said is out of the way; the strip says it for good
  const TAKES_OUT = ["approve", "trust", "keep", "reject", "spam", "remove", "restore"];
  const find = (selector, within = document) => within.querySelector(selector);
  const list = find("#cards");
  const dialog = find("#keys");
  const heading = find("h1[data-left]");
  const told = find("[data-said-here]");
  const undoable = [];
  let busy = false;
  let decidedAt = -PAUSE;
  let current = null;

  const cards = () => [...document.querySelectorAll(".case[data-comment]")];
  const cardOf = (element) => element?.closest?.(".case[data-comment]") ?? null;
  const chosenCard = () => cardOf(document.activeElement) ?? (current?.isConnected ? current : null);

  function tell(...parts) {
    if (!told) return;
    told.textContent = parts.filter(Boolean).join(" ");
    clearTimeout(told.timer);
    told.timer = setTimeout(() => (told.textContent = ""), TOLD);
  }

  function count(step) {
    if (!heading) return "";
    const left = Math.max(Number(heading.dataset.left) + step, 0);
    heading.dataset.left = left;
    heading.textContent = heading.textContent.replace(/\d+/, left);
    const tab = find(".tabs a[aria-current] .count");
    if (tab) tab.textContent = Math.max(Number(tab.textContent) + step, 0);
    return left === 1 ? told.dataset.leftOne : told.dataset.leftMany.replace("%s", left);
  }

  function focus(element) {
    element.focus({ preventScroll: true });
    const box = element.getBoundingClientRect();
    if (box.top < 0 || box.bottom > innerHeight) element.scrollIntoView({ block: "start" });
  }

  function step(by) {
    const all = cards();
    const at = all.indexOf(chosenCard());
    const to = at < 0 ? (by > 0 ? all[0] : all.at(-1)) : all[at + by];
    if (to) focus(to);
  }

  function nextAfter(element) {
    const all = cards();
    const follows = (card) => element.compareDocumentPosition(card) & Node.DOCUMENT_POSITION_FOLLOWING;
    return all.find(follows) ?? all[0] ?? find("#end");
  }

  // --- Decisions ---------------------------------------------------------------------------------------
  function plainly(form, button) {
    form.dataset.plain = "";
    form.requestSubmit(button);
  }

  // Where the site answers with a whole page, everything on it stands where it stood: strips keep the
  // height of their cards, and what was under the pointer is there again.
  const keep = (name, value) => sessionStorage.setItem(`afterword-${name}`, JSON.stringify(value));
  const kept = (name) => JSON.parse(sessionStorage.getItem(`afterword-${name}`) ?? "null");

  function keepHeight(place) {
    const heights = kept("heights") ?? {};
    heights[place.dataset.comment ?? place.dataset.decided] = place.getBoundingClientRect().height;
    keep("heights", Object.fromEntries(Object.entries(heights).slice(-60)));
  }

  function leave(place, address, byKey) {
    const to = new URL(address || location.href, location.href);
    const next = byKey ? nextAfter(place) : null;
    keep("place", { id: place.id, top: place.getBoundingClientRect().top, next: next?.id });
    const same = to.pathname + to.search === location.pathname + location.search;
    to.hash = "";
    if (same) location.reload();
    else location.assign(to);
  }

  function stretch(place, height) {
    const spare = height - place.getBoundingClientRect().height;
    place.style.minHeight = `${height}px`;
    place.classList.toggle("tall", place.matches(".case-decided") && spare > 40);
  }

  function standAgain() {
    for (const [number, height] of Object.entries(kept("heights") ?? {})) {
      const strip = find(`[data-decided="${number}"]`);
      if (strip) stretch(strip, height);
    }
    const place = kept("place");
    const element = place && document.getElementById(place.id);
    sessionStorage.removeItem("afterword-place");
    if (!element) return false;
    scrollBy(0, element.getBoundingClientRect().top - place.top);
    const next = place.next && document.getElementById(place.next);
    if (next) focus(next);
    else element.focus({ preventScroll: true });
    return true;
  }

  // Puts the answer where the card or strip was; it keeps its height, so that nothing below moves.
  function swap(old, text, next) {
    const holder = document.createElement("template");
    holder.innerHTML = text.trim();
    const fresh = holder.content.firstElementChild;
    const { height } = old.getBoundingClientRect();
    for (const field of fresh.querySelectorAll("input[name=next]")) field.value = next;
    old.replaceWith(fresh);
    stretch(fresh, height);
    if (list) history.replaceState(null, "", list.dataset.here);
    return fresh;
  }

  async function ask(form, button) {
    const data = button?.name ? new FormData(form, button) : new FormData(form);
    const answer = await fetch(form.action, {
      method: "POST",
      body: data,
      headers: SCRIPTED,
      redirect: "manual",
    });
    const moved = answer.type === "opaqueredirect";
    const text = moved ? "" : await answer.text();
    const whole = moved || ![200, 409, 422].includes(answer.status) || /<html/i.test(text);
    return { status: answer.status, moved, whole, text, next: data.get("next") };
  }

  async function send(form, button, byKey) {
    const place = form.closest("[data-comment], [data-decided]");
    if (busy) return;
    busy = true;
    form.setAttribute("aria-busy", "true");
    keepHeight(place);
    try {
      const got = await ask(form, button);
      if (got.moved) return leave(place, got.next, byKey);
      if (got.whole) return plainly(form, button);
      settle(form, button, place, got, byKey);
    } catch {
      tell(told?.dataset.failed);
    } finally {
      form.removeAttribute("aria-busy");
      busy = false;
      decidedAt = performance.now();
    }
  }

  function settle(form, button, place, got, byKey) {
    const fresh = swap(place, got.text, got.next);
    const undone = form.hasAttribute("data-undo");
    const said = find("[data-said]", fresh)?.textContent.trim();
    if (got.status !== 200) {
      tell(said);
      focus(fresh);
    } else if (undone) {
      tell(told.dataset.undone, count(1));
      focus(fresh);
    } else {
      const undo = find("[data-undo]", fresh);
      if (undo) {
        undo.elements.next.value = `${list?.dataset.here ?? location.pathname}#${fresh.id}`;
        undoable.push(undo);
      }
      const left = TAKES_OUT.includes(button?.value) ? count(-1) : "";
      tell(said, left, undo && told.dataset.undoHint);
      const next = nextAfter(fresh);
      if (byKey && next) focus(next);
      else fresh.focus({ preventScroll: true });
    }
    mark();
  }

  function undoLast() {
    while (undoable.length) {
      const form = undoable.pop();
      if (form.isConnected) return form.requestSubmit();
    }
    const mine = [...document.querySelectorAll("[data-mine]")];
    mine.sort((a, b) => Number(b.dataset.mine) - Number(a.dataset.mine));
    const form = mine[0] ?? find("[data-undo-last]");
    if (form) form.requestSubmit();
    else tell(told?.dataset.nothing);
  }

  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!form.matches("[data-decide], [data-undo]") || "plain" in form.dataset || !list) return;
    const act = event.submitter?.value;
    if (form.matches("[data-decide]") && (event.submitter?.name !== "decision" || !TAKES_OUT.includes(act))) return;
    event.preventDefault();
    send(form, event.submitter, event.submitter?.dataset.pressed !== undefined || form.contains(typing));
    if (event.submitter) delete event.submitter.dataset.pressed;
  });

  // --- Choosing several ----------------------------------------------------------------------------------
  function mark() {
    const place = find("[data-chosen]");
    if (place) place.textContent = document.querySelectorAll("[data-key=x]:checked").length;
  }
  document.addEventListener("change", (event) => event.target.matches("[data-key=x]") && mark());

  // --- Keys ----------------------------------------------------------------------------------------------
  let typing = null;
  let keysOn = true;
  try {
    keysOn = localStorage.getItem("afterword-keys") !== "off";
  } catch {
    // A browser that keeps nothing has the keys.
  }
  function showKeys() {
    document.documentElement.classList.toggle("keyed", keysOn);
    const box = find("[data-keys-on]");
    if (box) box.checked = keysOn;
  }
  find("[data-keys-on]")?.addEventListener("change", (event) => {
    keysOn = event.target.checked;
    localStorage.setItem("afterword-keys", keysOn ? "on" : "off");
    showKeys();
  });
  find("[data-opens=keys]")?.addEventListener("click", (event) => {
    event.preventDefault();
    dialog.showModal();
  });

  function pressButton(key, card) {
    const button = card && find(`[data-key="${key}"]`, card);
    if (!button || busy || performance.now() - decidedAt < PAUSE) return;
    decidedAt = performance.now();
    button.dataset.pressed = "";
    button.click();
  }

  const reason = (card) => card && find("[data-reason]", card)?.focus();
  const follow = (selector, within) => within && find(selector, within)?.click();
  const search = () => {
    const field = find("[data-search]");
    if (!field) return;
    field.closest("details").open = true;
    field.focus();
  };
  const KEYS = {
    j: () => step(1),
    k: () => step(-1),
    r: reason,
    x: (card) => follow("[data-key=x]", card),
    e: (card) => follow("[data-key=e]", card),
    o: (card) => follow("[data-key=o]", card),
    n: () => follow("[rel=next]", document),
    u: () => !busy && undoLast(),
    "/": search,
    "?": () => dialog?.showModal(),
  };

  document.addEventListener("keydown", (event) => {
    const { key, target } = event;
    typing = key === "Enter" && target.matches?.("[data-reason]") ? target : null;
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented || dialog?.open) return;
    if (target.matches?.("textarea, select, input:not([type=checkbox]), [contenteditable]")) {
      if (key === "Escape" && cardOf(target)) cardOf(target).focus({ preventScroll: true });
      return;
    }
    if ((!keysOn && key !== "?") || event.repeat) return;
    const card = chosenCard();
    if (key === "Enter" && card && target === card) follow("[data-key=o]", card);
    else if (["a", "t", "s", "d"].includes(key)) pressButton(key, card);
    else if (KEYS[key]) KEYS[key](card);
    else return;
    event.preventDefault();
  });

  // --- Who is looking at what ----------------------------------------------------------------------------
  const lease = { card: null, at: 0, timer: 0 };
  function leaseForm(card, free) {
    const data = new FormData();
    data.set("comment", card.dataset.comment);
    data.set("csrfmiddlewaretoken", find("[name=csrfmiddlewaretoken]")?.value ?? "");
    if (free) data.set("free", "1");
    return data;
  }
  const leaseAddress = () => find(".lease")?.getAttribute("formaction");
  function look(card) {
    if (!card.isConnected || !leaseAddress()) return;
    lease.card = card;
    lease.at = Date.now();
    fetch(leaseAddress(), { method: "POST", body: leaseForm(card), headers: SCRIPTED }).catch(() => {});
  }
  function giveBack() {
    clearTimeout(lease.timer);
    const address = leaseAddress();
    if (lease.card && address) navigator.sendBeacon(address, leaseForm(lease.card, true));
    lease.card = null;
  }
  function rest(card) {
    if (card === lease.card) return;
    giveBack();
    lease.timer = setTimeout(look, LOOK, card);
  }
  document.addEventListener("focusin", (event) => {
    const card = cardOf(event.target);
    if (!card) return;
    current = card;
    rest(card);
  });
  for (const kind of ["keydown", "pointermove", "scroll"]) {
    const active = () => lease.card && Date.now() - lease.at > RENEW && look(lease.card);
    document.addEventListener(kind, active, { passive: true });
  }
  addEventListener("pagehide", giveBack);

  showKeys();
  mark();
  if (!list) {
    current = cards()[0] ?? null;
    if (current) rest(current);
  } else if (!standAgain() && location.hash.startsWith("#comment-")) {
    const card = cardOf(document.getElementById(location.hash.slice(1)));
    if (card) card.focus({ preventScroll: true });
  }
}
