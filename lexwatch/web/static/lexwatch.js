// What is better with a script; without one everything works. Nothing is sent anywhere.
"use strict";

(() => {
  const typing = (at) => at instanceof HTMLElement && (at.isContentEditable || /^(INPUT|SELECT|TEXTAREA)$/.test(at.tagName));

  // Copying a citation.
  if (navigator.clipboard) {
    for (const button of document.querySelectorAll("button.copy")) button.hidden = false;
    document.addEventListener("click", async (event) => {
      const button = event.target instanceof Element && event.target.closest("button.copy");
      if (!button) return;
      const said = button.textContent;
      try {
        await navigator.clipboard.writeText(button.dataset.copy);
        button.textContent = "Copied";
      } catch {
        button.textContent = "Not copied";
      }
      setTimeout(() => { button.textContent = said; }, 1500);
    });
  }

  // Keys. Somebody whose voice types for them turns them off, and this browser keeps that.
  const KEPT = "lexwatch.keys";
  const kept = (given) => {
    try {
      if (given !== undefined) localStorage.setItem(KEPT, given);
      return localStorage.getItem(KEPT);
    } catch { return null; }
  };
  const dialog = document.getElementById("keys");
  const opener = document.getElementById("keys-open");
  const switched = document.getElementById("keys-on");
  if (dialog && opener && switched) {
    switched.checked = kept() !== "off";
    switched.addEventListener("change", () => kept(switched.checked ? "on" : "off"));
    opener.hidden = false;
    opener.addEventListener("click", () => dialog.showModal());
  }

  const hits = [...document.querySelectorAll(".hits > .hit h2 a")];
  const here = () => document.activeElement?.closest(".hit");
  const along = (step) => {
    const now = hits.indexOf(here()?.querySelector("h2 a"));
    const next = hits[now < 0 ? 0 : Math.min(hits.length - 1, Math.max(0, now + step))];
    if (!next) return;
    next.focus({ preventScroll: true });
    next.closest(".hit").scrollIntoView({ block: "nearest" });
  };
  const turn = (rel) => document.querySelector(`a[rel="${rel}"]`)?.click();
  const does = {
    "/": () => {
      const box = document.getElementById("q");
      if (!box) return location.assign("/");
      box.focus();
      box.select();
    },
    "?": () => dialog?.showModal(),
    j: () => along(1),
    k: () => along(-1),
    c: () => here()?.querySelector("button.copy")?.click(),
    n: () => turn("next"),
    p: () => turn("prev"),
  };
  document.addEventListener("keydown", (event) => {
    if (event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "Escape" && event.target.id === "q") event.target.blur();
    if (typing(event.target) || dialog?.open || kept() === "off") return;
    if (!Object.hasOwn(does, event.key)) return;
    event.preventDefault();
    does[event.key]();
  });
})();
