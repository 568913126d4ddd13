"use strict";
// Hover over, tap or focus a symbol in the formula or in the code: the
// same quantity is highlighted everywhere in its mirror. In a
// mirror that is `.lit`, the first is, as long as no other is.
globalThis.lectures ??= {};
// A formula that has left the window stands at its top, as long as one of
// its symbols is lit.
const lens = document.createElement("aside");
lens.className = "lens";
lens.inert = true;
function pin(mirror, symbol) {
  const formulas = [...mirror.querySelectorAll(":scope > .math-wrapper")];
  const gone = symbol && formulas.every(
    (one) => one.getBoundingClientRect().bottom < 48);
  lens.replaceChildren(
    ...gone ? formulas.map((one) => one.cloneNode(true)) : []);
}
lectures.light = (mirror) => {
  const symbols = [...mirror.querySelectorAll("[data-sym]")];
  const first = mirror.matches(".lit") && symbols[0].dataset.sym;
  const light = (symbol = first) => {
    for (const element of symbols)
      element.classList.toggle("on", element.dataset.sym === symbol);
    pin(mirror, symbol !== first && symbol);
  };
  const of = (event) => event.target.closest?.("[data-sym]")?.dataset.sym;
  for (const kind of ["mouseover", "focusin", "click"])
    mirror.addEventListener(kind, (event) => light(of(event)));
  mirror.addEventListener("mouseleave", () => light());
  light();
  // The Tab key stops once at each symbol of the formula.
  const seen = new Set();
  for (const element of mirror.querySelectorAll("math [data-sym]"))
    if (!seen.has(element.dataset.sym)) {
      seen.add(element.dataset.sym);
      element.setAttribute("tabindex", "0");
    }
};
document.addEventListener("DOMContentLoaded", () => {
  document.body.append(lens);
  document.querySelectorAll(".mirror").forEach(lectures.light);
  // A mirror opens on the lines that the formula is about.
  for (const button of document.querySelectorAll(".unfold")) {
    const pane = button.closest(".pane");
    const fold = (folded) => {
      pane.classList.toggle("folded", folded);
      button.setAttribute("aria-pressed", !folded);
    };
    button.hidden = false;
    button.addEventListener("click", () =>
      fold(!pane.classList.contains("folded")));
    fold(true);
  }
});
