"use strict";
// The museum's search; and on every page, an address that names a fold
// opens it, as in bugs.html#adam-no-t.
document.addEventListener("DOMContentLoaded", () => {
  const form = document.querySelector(".museum-search");
  const rooms = form ? [...document.querySelectorAll(".room")] : [];
  const chips = form ? [...form.querySelectorAll("button")] : [];
  const field = form?.querySelector("input");
  const cards = rooms.flatMap((room) =>
    [...room.querySelectorAll(".card")].map((element) => ({
      element,
      text: [room.id, ...[...element.querySelectorAll(".find")].map(
        (part) => part.textContent)].join(" ").toLowerCase(),
      topic: room.id,
      nature: element.matches(".convention") ? "convention" : "bug",
      seen: element.matches(".seen") ? "seen" : "",
    })));

  // A card must have every word, and be of each kind that is pressed.
  function filter() {
    const words = field.value.toLowerCase().split(/\s+/);
    const pressed = chips.filter(isPressed);
    let n = 0;
    for (const card of cards) {
      const fits = words.every((word) => card.text.includes(word))
        && pressed.every(({dataset: {key, value}}) => card[key] === value);
      card.element.hidden = !fits;
      n += fits;
    }
    for (const room of rooms)
      room.hidden = !room.querySelector(".card:not([hidden])");
    const output = form.querySelector("output");
    output.textContent = output.dataset.found
      .replace("{n}", n).replace("{all}", cards.length);
  }

  const isPressed = (chip) => chip.getAttribute("aria-pressed") === "true";
  const press = (chip, pressed) =>
    chip.setAttribute("aria-pressed", pressed);

  // At most one button of a kind is pressed.
  function choose(chip) {
    const pressed = !isPressed(chip);
    for (const other of chips)
      if (other.dataset.key === chip.dataset.key) press(other, false);
    press(chip, pressed);
    filter();
  }

  function showAll() {
    field.value = "";
    for (const chip of chips) press(chip, false);
    filter();
  }

  function openTarget() {
    const name = decodeURIComponent(location.hash.slice(1));
    const target = document.getElementById(name);
    if (!target) return;
    if (form && target.closest("[hidden]")) showAll();
    if (!target.matches("details")) return;
    target.open = true;
    target.scrollIntoView();
  }

  if (form) {
    form.hidden = false;
    field.addEventListener("input", filter);
    form.addEventListener("submit", (event) => event.preventDefault());
    for (const chip of chips)
      chip.addEventListener("click", () => choose(chip));
    // Going back, a browser restores what was typed.
    addEventListener("pageshow", filter);
    filter();
  }
  addEventListener("hashchange", openTarget);
  openTarget();
});
