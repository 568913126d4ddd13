"use strict";
// The museum's search; and on every page, an address that names a fold
// opens it, as in bugs.html#adam-no-t.
document.addEventListener("DOMContentLoaded", () => {
  const form = document.querySelector(".museum-search");
  const rooms = form ? [...document.querySelectorAll(".room")] : [];
  const chips = form ? [...form.querySelectorAll("button")] : [];
  const field = form?.querySelector("input");
  const cards = rooms.flatMap((room) =>
    [...room.querySelectorAll(".exhibit")].map((element) => ({
      element,
      words: wordsOf([room.id, ...[...element.querySelectorAll(".find")].map(
        (part) => part.textContent)].join(" ")),
      topic: room.id,
      nature: element.matches(".convention") ? "convention" : "bug",
      seen: element.matches(".seen") ? "seen" : "",
    })));

  // Chinese has no blanks: each character is a word.
  function wordsOf(text) {
    return text.toLowerCase().replace(/\p{Script=Han}/gu, " $& ")
      .match(/[\p{L}\p{N}]+/gu) ?? [];
  }

  // A card fits if each word of the field begins one of its words (eps is
  // in epsilon, not in steps), and if it is of every kind that is pressed.
  function filter() {
    const wanted = wordsOf(field.value);
    const pressed = chips.filter(isPressed);
    let n = 0;
    for (const card of cards) {
      const fits = wanted.every((start) =>
        card.words.some((word) => word.startsWith(start)))
        && pressed.every(({dataset: {key, value}}) => card[key] === value);
      card.element.hidden = !fits;
      n += fits;
    }
    for (const room of rooms)
      room.hidden = !room.querySelector(".exhibit:not([hidden])");
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
    target.scrollIntoView({behavior: "instant"});
  }

  if (form) {
    form.hidden = false;
    field.addEventListener("input", filter);
    form.addEventListener("submit", (event) => event.preventDefault());
    for (const chip of chips) {
      const {key, value} = chip.dataset;
      const count = document.createElement("small");
      count.textContent = cards.filter((card) => card[key] === value).length;
      chip.append(" ", count);
      chip.addEventListener("click", () => choose(chip));
    }
    // Going back, a browser restores what was typed.
    addEventListener("pageshow", filter);
    filter();
  }
  addEventListener("hashchange", openTarget);
  openTarget();
});
