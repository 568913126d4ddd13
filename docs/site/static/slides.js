"use strict";
// What every slide is made of: copies of what is on the page, in the
// largest size at which they fit.
(() => {
  const lectures = globalThis.lectures ??= {};
  // The slides stand here, the page is hidden meanwhile.
  const stage = element("main", "deck-stage");

  function element(tag, kind, ...inside) {
    const made = document.createElement(tag);
    if (kind) made.className = kind;
    made.append(...inside);
    return made;
  }

  // A copy without ids; a drawing is drawn again, so that it moves.
  function copy(block) {
    const made = block.cloneNode(true);
    made.origin = block;
    for (const one of [made, ...made.querySelectorAll("[id]")])
      one.removeAttribute("id");
    made.querySelectorAll(
      ".headerlink, .lecturer, .unfold, [role=tooltip]").forEach(
      (one) => one.remove());
    const drawn = ".experiment:has(> script)";
    for (const box of made.matches(drawn) ? [made]
         : made.querySelectorAll(drawn)) {
      if (!box.matches(".graph"))
        box.querySelector("svg").replaceChildren();
      lectures.draw(box);
    }
    return made;
  }

  const textOf = (heading) => {
    const made = heading.cloneNode(true);
    made.querySelectorAll(".headerlink").forEach((one) => one.remove());
    return [...made.childNodes];
  };

  // A slide of a section, and what its speaker may say.
  function slide(kind, section, parts, notes = []) {
    const made = element("section", `slide ${kind}`,
                         element("div", "body", ...parts));
    made.dataset.section = section.id;
    made.notes = [
      ...section.querySelectorAll(":scope > .lecturer"), ...notes];
    stage.append(made);
    return made;
  }

  const heading = (section) => element(
    "h2", "", ...textOf(section.querySelector("h1, h2, h3")));

  function overflows(made) {
    const body = made.firstChild;
    return body.scrollHeight > body.clientHeight
      || body.scrollWidth > body.clientWidth
      || [...made.querySelectorAll("pre")].some(
        (pre) => pre.scrollWidth > pre.clientWidth);
  }

  // The largest of these sizes of text at which a slide fits.
  function fit(made, sizes = [56, 48, 42, 36, 32]) {
    for (const size of sizes) {
      made.style.setProperty("--size", `${size}px`);
      if (!overflows(made)) return made;
    }
    return made;
  }

  // The first sentences of a paragraph. A full stop within a formula or
  // within code does not end one.
  // As many as `count`, and more while they are short.
  function sentences(paragraph, count = 1, short = 0) {
    const ends = /[.!?](?=["”)]*(\s|$))|[。！？]/g;
    const texts = document.createTreeWalker(
      paragraph, NodeFilter.SHOW_TEXT);
    const range = document.createRange();
    range.selectNodeContents(paragraph);
    for (let text = texts.nextNode(); text; text = texts.nextNode()) {
      if (text.parentElement.closest("math, code, .number, [role=tooltip]"))
        continue;
      ends.lastIndex = 0;
      for (let end = ends.exec(text.data); end; end = ends.exec(text.data)) {
        if (/\b(e\.g|i\.e|vs)\.$/.test(text.data.slice(0, end.index + 1)))
          continue;
        if (--count > 0) continue;
        range.setEnd(text, end.index + 1);
        if (range.toString().length >= short)
          return copy(element("p", "", range.cloneContents()));
      }
    }
    return copy(element("p", "", range.cloneContents()));
  }

  Object.assign(lectures, {
    stage, element, copy, textOf, slide, heading, overflows, fit, sentences});
})();
