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

  // A copy without ids. A drawing is drawn again on its slide.
  function copy(block) {
    const made = block.cloneNode(true);
    made.origin = block;
    for (const one of [made, ...made.querySelectorAll("[id]")])
      one.removeAttribute("id");
    made.querySelectorAll(
      ".headerlink, .lecturer, .unfold, [role=tooltip]").forEach(
      (one) => one.remove());
    if (made.matches("p, ul, ol")) bind(made);
    return made;
  }

  // No line ends within (n, 1), 3 x 3 or 1-10-1, nor before a short
  // number or a symbol, and none begins with a full stop.
  function bind(made) {
    const tie = (text) => text.replace(/\s/g, "\u00a0");
    const texts = document.createTreeWalker(made, NodeFilter.SHOW_TEXT);
    for (let text = texts.nextNode(); text; text = texts.nextNode()) {
      if (text.parentElement.closest("math, code, pre, .tied")) continue;
      const net = text.data.match(/\d+(-\d+)+/);
      if (net) {
        const rest = text.splitText(net.index);
        rest.splitText(net[0].length);
        const tied = element("span", "tied");
        rest.before(tied);
        tied.append(rest);
      }
      text.data = text.data.replace(/[([][^()[\]]{1,16}[)\]]/g, tie)
        .replace(/\d\sx\s(?=\d)/g, tie)
        .replace(/\s(?=[-\u2212]?\d{1,2}[.,;:]?(\s|$))/g, "\u00a0");
    }
    for (const one of made.querySelectorAll("math, .number, .cite")) {
      const before = one.previousSibling;
      if (before?.nodeType === Node.TEXT_NODE
          && one.textContent.replace(/\s/g, "").length <= 2)
        before.data = before.data.replace(/\s+$/, "\u00a0");
      const {nextSibling: after} = one;
      const [stop] = after?.data?.match(/^[.,;:)，。；：）]+/) ?? [];
      if (!stop) continue;
      after.data = after.data.slice(stop.length);
      const tied = element("span", "tied");
      one.before(tied);
      tied.append(one, stop);
    }
  }

  // An example of one line, in clauses: its commas outside of brackets.
  function clauses(pre) {
    const parts = pre.textContent.split(/(?<=[,:;\u00b7]) (?![^[(]*[\])])/);
    if (!/\n./.test(pre.textContent))
      pre.replaceChildren(...parts.flatMap((part, i) => [
        i ? " " : "", element("span", "clause", part)]));
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
    // Here, where its text has a size.
    for (const box of made.querySelectorAll(".experiment:has(> script)"))
      lectures.draw(box);
    return made;
  }

  const heading = (section) => element(
    "h2", "", ...textOf(section.querySelector("h1, h2, h3")));

  function overflows(made) {
    const body = made.firstChild;
    return body.scrollHeight > body.clientHeight
      || body.scrollWidth > body.clientWidth
      || [...made.querySelectorAll("pre, .math-wrapper")].some(
        (one) => one.scrollWidth > one.clientWidth);
  }

  // The largest of these sizes of text at which a slide fits.
  function fit(made, sizes = [56, 48, 42, 36, 32]) {
    for (const size of sizes) {
      made.style.setProperty("--size", `${size}px`);
      if (!overflows(made)) return made;
    }
    return made;
  }

  // The beginnings of a paragraph that end with a sentence, as ranges. A
  // full stop within a formula or within code does not end one.
  function beginnings(paragraph) {
    const ends = /[.!?](?=["”)]*(\s|$))|[。！？]/g;
    const texts = document.createTreeWalker(
      paragraph, NodeFilter.SHOW_TEXT);
    const found = [];
    const add = (set) => {
      const range = document.createRange();
      range.selectNodeContents(paragraph);
      set(range);
      if (range.toString().trim() !== found.at(-1)?.toString().trim())
        found.push(range);
    };
    for (let text = texts.nextNode(); text; text = texts.nextNode()) {
      if (text.parentElement.closest("math, code, .number, [role=tooltip]"))
        continue;
      for (const end of text.data.matchAll(ends))
        if (!/\b(e\.g|i\.e|vs)\.$/.test(text.data.slice(0, end.index + 1)))
          add((range) => range.setEnd(text, end.index + 1));
    }
    add(() => {});
    return found;
  }

  const paragraphOf = (range) => copy(
    element("p", "", range.cloneContents()));

  // How much there is to read: without hints and the source of formulas,
  // a Chinese character as much as a few letters.
  function lengthOf(text) {
    const made = text.cloneContents?.() ?? text.cloneNode(true);
    made.querySelectorAll("[role=tooltip], annotation").forEach(
      (one) => one.remove());
    return made.textContent.replace(/\s+/g, " ")
      .replace(/[\u3000-\u9fff\uff00-\uffef]/g, "word").length;
  }

  // The first sentences: `count`, and more while they are short; the last
  // of them is not one that only prepares the next, "Take x = 2."
  function sentences(paragraph, count = 1, short = 0) {
    const found = beginnings(paragraph);
    return paragraphOf(found.find((range, i) => i + 1 >= count
      && lengthOf(range) >= short
      && (!i || lengthOf(range) - lengthOf(found[i - 1]) >= 24))
      ?? found.at(-1));
  }

  // Up to the question.
  function question(paragraph) {
    const asked = beginnings(paragraph).findLast(
      (range) => /[?？]\s*$/.test(range.toString()));
    return asked ? paragraphOf(asked) : sentences(paragraph, 1, 80);
  }

  // The last sentence, which introduces what comes next; more while it is
  // short. Nothing if that begins with the first one.
  function closing(paragraph, short = 20) {
    const found = beginnings(paragraph);
    const whole = lengthOf(found.at(-1));
    const before = found.slice(0, -1).findLast(
      (range) => whole - lengthOf(range) >= short);
    if (!before) return null;
    const range = found.at(-1).cloneRange();
    range.setStart(before.endContainer, before.endOffset);
    return paragraphOf(range);
  }

  Object.assign(lectures, {
    stage, element, copy, textOf, slide, heading, overflows, fit, sentences,
    question, closing, lengthOf, clauses});
})();
