"use strict";
// `p` turns the page into slides and back; `?deck` opens it as slides.
// Each section is a slide. What does not fit continues on the next one:
// code line by line, tables row by row.
document.addEventListener("DOMContentLoaded", () => {
  const article = document.querySelector("article");
  const sections = [...article.querySelectorAll("section")];
  const folded = [...article.querySelectorAll(
    ".proof, .bug, .solution")].map(
    (details) => ({details, name: details.getAttribute("name")}));
  // What is laid out as a whole, and what is only a wrapper.
  const WRAPPERS = ".mirror, .drag, .exercise, .words, details, "
    + ".compound";
  const FEWEST_LINES = 14, GAP = 14;
  const shownProofs = new Set();
  let slides = [], at = 0, opened = [];

  function blocksOf(element) {
    return [...element.children].flatMap((child) => {
      if (child.matches("section, .lecturer, .preface, h1, h2, h3, script"))
        return [];
      return child.matches(WRAPPERS) ? blocksOf(child) : [child];
    });
  }

  // A slide: its section, its blocks, and which part of the last block
  // it shows: lines of code, or rows of a table.
  function layOut() {
    slides = [];
    shownProofs.clear();
    showEverything();
    for (const section of sections) {
      const blocks = blocksOf(section).filter(isNew);
      const heading = section.querySelector("h1, h2, h3");
      const style = getComputedStyle(article);
      const room = innerHeight - heading.offsetHeight - 3 * GAP
        - parseFloat(style.paddingTop) - parseFloat(style.paddingBottom);
      let shown = [], used = 0;
      const push = (...parts) => {
        for (const part of parts)
          slides.push({section, blocks: shown, ...part});
        shown = [];
        used = 0;
      };
      for (const block of blocks) {
        // These begin a new slide: a bug, an exercise, its solution, a
        // proof, an experiment, the picture below the title.
        if (shown.length && begins(block)) push({});
        const height = block.offsetHeight + GAP;
        const fits = height <= room;
        let parts = [];
        if (used + height > room) {
          if (!fits || used <= room / 2)
            parts = partsOf(block, room - used,
                            shown.length ? FEWEST_LINES : 1);
          if (!parts.length && shown.length) {
            push({});
            if (!fits) parts = partsOf(block, room, 1);
          }
        }
        shown.push(block);
        used += height;
        if (parts.length)
          push(...parts.map((part) => ({split: block, ...part})));
        else if (!fits) push({split: block, shrink: room / height});
      }
      if (shown.length || !blocks.length) push({});
    }
  }

  // Several names may share a proof: it is shown for the first.
  const placeOf = (pane) => pane.querySelector(".place").textContent;

  function isNew(block) {
    if (block.matches(".proof > summary"))
      return [...block.parentElement.querySelectorAll(".pane")].some(
        (pane) => !shownProofs.has(placeOf(pane)));
    if (!block.matches(".proof > .pane")) return true;
    const known = shownProofs.has(placeOf(block));
    shownProofs.add(placeOf(block));
    return !known;
  }

  function begins(block) {
    return block.matches(".proof > summary, .bug > summary, "
      + ".solution > summary, .exercise > :first-child, "
      + ".drag > :first-child, h1 ~ figure");
  }

  function partsOf(block, room, fewest) {
    const pres = [...block.querySelectorAll("pre")];
    if (pres.length) {
      const line = parseFloat(getComputedStyle(pres[0]).lineHeight);
      const tallest = Math.max(...pres.map((pre) => pre.offsetHeight));
      const around = block.offsetHeight + GAP - tallest;
      const lines = Math.floor((room - around) / line);
      const all = Math.max(...pres.map(
        (pre) => Math.round(pre.scrollHeight / line)));
      if (lines < Math.min(fewest, all)) return [];
      const parts = [];
      for (let first = 0; first < all; first += lines)
        parts.push({first, lines, line, pres});
      return parts;
    }
    const rows = [...block.querySelectorAll("tbody > tr")];
    if (!rows.length) return [];
    const heights = rows.map((row) => row.offsetHeight);
    const around = block.offsetHeight + GAP
      - heights.reduce((a, b) => a + b, 0);
    const parts = [];
    let part = [], used = around;
    rows.forEach((row, i) => {
      if (part.length && used + heights[i] > room) {
        parts.push({rows, part});
        part = [];
        used = around;
      }
      part.push(row);
      used += heights[i];
    });
    parts.push({rows, part});
    return parts[0].part.length < Math.min(fewest, 3) ? [] : parts;
  }

  function showEverything() {
    article.querySelectorAll(".off").forEach(
      (element) => element.classList.remove("off"));
    article.querySelectorAll("pre").forEach((pre) => {
      pre.style.height = "";
      pre.scrollTop = 0;
    });
    article.querySelectorAll("[data-shrunk]").forEach((element) => {
      element.style.zoom = "";
      delete element.dataset.shrunk;
    });
  }

  function show(index) {
    at = Math.max(0, Math.min(slides.length - 1, index));
    const {section, blocks, split, ...part} = slides[at];
    showEverything();
    for (const other of sections)
      if (!other.contains(section)) other.classList.add("off");
      else {
        const heading = other.querySelector("h1, h2, h3");
        heading.classList.toggle("off", other !== section);
        for (const block of blocksOf(other))
          block.classList.toggle(
            "off", other !== section || !blocks.includes(block));
      }
    for (const {details} of folded)
      details.classList.toggle(
        "off", !blocks.some((block) => details.contains(block)));
    if (part.pres)
      for (const pre of part.pres) {
        pre.style.height = `${part.lines * part.line}px`;
        pre.scrollTop = part.first * part.line;
      }
    if (part.rows)
      for (const row of part.rows)
        row.classList.toggle("off", !part.part.includes(row));
    if (part.shrink) {
      split.style.zoom = part.shrink;
      split.dataset.shrunk = "";
    }
    for (const notes of article.querySelectorAll(".lecturer"))
      notes.classList.toggle("off", notes.parentElement !== section);
    counter.textContent = `${at + 1} / ${slides.length}`;
    scrollTo(0, 0);
  }

  // For mouse and finger: back, position, forward, and out.
  const bar = document.createElement("nav");
  bar.className = "deck-bar";
  const counter = document.createElement("span");
  counter.className = "deck-counter";
  const button = (text, key) => {
    const made = document.createElement("button");
    made.type = "button";
    made.textContent = text;
    made.setAttribute("aria-label", key);
    made.addEventListener("click", () => isOn() && KEYS[key]());
    return made;
  };
  bar.append(button("\u2190", "ArrowLeft"), counter,
             button("\u2192", "ArrowRight"), button("\u2715", "Escape"));
  document.body.append(bar);

  function enter() {
    // A page without the button has no slides.
    if (!sections.length || !document.getElementById("deck-button")) return;
    opened = folded.filter(({details}) => details.open);
    document.body.classList.add("deck");
    for (const {details} of folded) {
      details.removeAttribute("name");
      details.open = true;
    }
    layOut();
    const start = location.hash
      && slides.findIndex(({section}) => `#${section.id}` === location.hash);
    show(start > 0 ? start : 0);
  }

  function leave() {
    const {section} = slides[at];
    document.body.classList.remove("deck", "notes");
    showEverything();
    for (const {details, name} of folded) {
      details.open = opened.some((one) => one.details === details);
      if (name) details.setAttribute("name", name);
    }
    section.scrollIntoView();
  }

  const isOn = () => document.body.classList.contains("deck");
  const KEYS = {
    ArrowRight: () => show(at + 1), PageDown: () => show(at + 1),
    " ": () => show(at + 1),
    ArrowLeft: () => show(at - 1), PageUp: () => show(at - 1),
    Home: () => show(0), End: () => show(slides.length - 1),
    Escape: leave, p: leave,
    n: () => document.body.classList.toggle("notes"),
  };
  addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    // In the search field p is a letter; on a slider arrows move it.
    const typing = event.target.matches?.("input:not([type=range])");
    const sliding = event.target.matches?.("input[type=range]")
      && /^(Arrow|Home|End)/.test(event.key);
    const pressing = event.target.matches?.("button") && event.key === " ";
    if (typing || sliding || pressing) return;
    if (!isOn() && event.key === "p") enter();
    else if (isOn() && KEYS[event.key]) KEYS[event.key]();
    else return;
    event.preventDefault();
    event.stopPropagation();
  }, true);
  document.getElementById("deck-button")?.addEventListener("click", enter);
  addEventListener("resize", () => {
    if (!isOn()) return;
    const {section} = slides[at];
    layOut();
    show(slides.findIndex((slide) => slide.section === section));
  });
  // Once the pictures have their sizes.
  if (new URLSearchParams(location.search).has("deck"))
    addEventListener("load", () => document.fonts.ready.then(enter));
});
