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

  // Keys: "/" to the box, "j" and "k" along the results.
  const hits = [...document.querySelectorAll(".hits > .hit h2 a")];
  document.addEventListener("keydown", (event) => {
    if (typing(event.target) || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "/") {
      const box = document.getElementById("q");
      if (!box) return;
      event.preventDefault();
      box.focus();
      box.select();
    } else if (event.key === "j" || event.key === "k") {
      const now = hits.indexOf(document.activeElement);
      const next = hits[event.key === "j" ? now + 1 : Math.max(0, now - 1)];
      if (next) next.focus();
    }
  });
})();
