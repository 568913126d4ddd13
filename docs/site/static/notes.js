"use strict";
// A citation shows its source: see notes.css. This keeps the source in
// the window, closes it with Escape, and lets a first tap only show it.
document.addEventListener("DOMContentLoaded", () => {
  for (const cite of document.querySelectorAll(".cite")) {
    const [link, entry] = cite.children;
    let seen = true;
    const place = () => {
      entry.style.left = "0";
      const beyond = entry.getBoundingClientRect().right + 8
        - document.documentElement.clientWidth;
      entry.style.left = `${Math.min(0, -beyond)}px`;
    };
    for (const kind of ["mouseenter", "focusin"])
      cite.addEventListener(kind, place);
    for (const kind of ["mouseleave", "focusout"])
      cite.addEventListener(kind, () => cite.classList.remove("closed"));
    cite.addEventListener("pointerdown", (event) => {
      seen = event.pointerType !== "touch" || entry.checkVisibility();
    });
    link.addEventListener("click", (event) => {
      if (!seen) event.preventDefault();
      seen = true;
    });
    addEventListener("keydown", (event) => {
      if (event.key === "Escape" && entry.checkVisibility())
        cite.classList.add("closed");
    });
  }
});
// Chromium gives a small root the width of the largest root sign.
document.fonts.ready.then(() => {
  for (const root of document.querySelectorAll("msqrt")) {
    const inside = root.lastElementChild.getBoundingClientRect();
    const gap = root.getBoundingClientRect().right - inside.right;
    const size = parseFloat(getComputedStyle(root).fontSize);
    if (inside.width && gap > 1)
      root.style.marginRight = `${(1 - gap) / size}em`;
  }
});
