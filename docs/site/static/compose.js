"use strict";
// The slides of a lecture, composed from its page. A slide says one thing:
// the question and its picture, the first sentence of a section, a formula
// with its lines of code, a bug, a drawing. What is left of the page
// follows behind the last slide, see backup.js; deck.js shows the slides.
(() => {
  const lectures = globalThis.lectures ??= {};
  const {stage, element, copy, textOf, slide, heading, overflows, fit,
         sentences, question, closing, lengthOf, clauses, matter, codeOf,
         mirrorSlides} = lectures;
  // A topic of 45 minutes.
  const MOST = 25;
  const PROSE = ":scope > :is(p, ul, ol)";
  const VISUAL = ":scope > :is(figure, .math-wrapper, .drag, "
    + ".table-wrapper, [class*='highlight'])";

  function titleSlide(top) {
    const text = top.querySelector(":scope > p");
    const figure = top.querySelector(
      ":scope > figure, :scope > .drag .experiment");
    const h1 = element("h1", "", ...textOf(top.querySelector("h1")));
    const made = slide("title", top, [
      h1, text && question(text), figure && copy(figure)].filter(Boolean),
      [...top.querySelectorAll(PROSE)]);
    return fit(made, [52, 44, 36]);
  }

  // A section in a sentence, the first one of each further paragraph,
  // and what it speaks of.
  function statement(section) {
    const prose = [...section.querySelectorAll(":scope > p")].filter(
      (p) => p.textContent.trim() && !p.querySelector("img"));
    const visuals = [...section.querySelectorAll(VISUAL)].filter(
      (one) => !one.matches(".gaps, .drag"));
    const items = [...section.querySelectorAll(":scope > ul > li")];
    if (!prose.length && !visuals.length && !items.length) return [];
    // Before the functions, only what gives their symbols a meaning.
    if (section.querySelector(".mirror") && !visuals.length
        && !prose.some((p) => p.querySelector("math"))) return [];
    // What introduces a picture stands right before it.
    const before = (visual) => visual?.previousElementSibling?.matches("p")
      ? visual.previousElementSibling : null;
    const [first] = prose, last = before(visuals[0]);
    const brief = first && last === first && lengthOf(first) < 300;
    const lead = brief ? copy(first) : first ? sentences(
      first, 1, section.querySelector(".mirror") ? 70 : 84) : "";
    if (lead) lead.classList.add("lead");
    const made = [];
    const shown = (visual) => visual.matches("[class*='highlight']")
      ? codeOf(visual, matter(visual)) : copy(visual);
    const add = (visual, ...text) => {
      const parts = visual ? [...text, shown(visual)] : text;
      // Some texts explain what stands before them.
      if (visual && visual === visuals[0] && first
          && visual.compareDocumentPosition(first)
            & Node.DOCUMENT_POSITION_FOLLOWING) parts.unshift(parts.pop());
      const one = slide(
        "statement", section, [heading(section), ...parts], prose);
      fit(one);
      if (!overflows(one)) return made.push(one);
      // Too much for a slide: the text alone, then what it speaks of.
      one.remove();
      if (visual && text.length) {
        add(null, ...text);
        add(visual);
      }
    };
    const text = prose.slice(1, 4).map((p) => sentences(p, 1, 70)).filter(
      (p) => !/[:：]\s*$/.test(p.textContent) && p.textContent.length < 240);
    // What is listed, or as much of the text as a slide should say.
    let said = 0;
    const more = items.length
      ? [element("ul", "", ...items.map((item) => element(
        "li", "", ...sentences(
          item.querySelector("p") ?? item, 1, 60).childNodes)))]
      : text.filter((p) => (said += p.textContent.length) < 400);
    const introduce = (p) => p.textContent.length < 260 ? copy(p)
      : closing(p, 60) ?? copy(p);
    const told = (one) => lead.textContent.includes(
      one.textContent.trim().slice(0, 30));
    const intro = last && !brief && (last !== first ? introduce(last)
      : [20, 1].map((least) => closing(last, least)).find(
        (one) => one && !told(one)));
    add(visuals[0], ...lead ? [lead] : [],
        ...visuals.length ? intro ? [intro] : [] : more);
    for (const visual of visuals.slice(1, 3)) {
      const text = before(visual);
      add(visual, ...text ? [introduce(text)] : []);
    }
    return made;
  }

  // First the thought, then what the learner sees, then the line.
  function bugSlide(bug) {
    const section = bug.closest("section");
    const name = bug.querySelector("summary code").textContent;
    const thought = bug.querySelector("summary").textContent.slice(
      name.length + 1).trim();
    const curve = bug.querySelector(".experiment");
    const example = bug.querySelector(".wrapped");
    const seen = curve ?? example;
    const step = (number, block) => {
      const made = copy(block);
      made.classList.add("step");
      made.dataset.step = number;
      return made;
    };
    const parts = [
      element("h2", "", lectures.words.bug, " ", element("code", "", name)),
      element("blockquote", "", thought)];
    const change = bug.querySelector(".difference");
    // What is seen, in a sentence and as a curve or an example.
    const words = bug.querySelector(".words > p");
    const answer = [
      ...words ? [step(1, sentences(words, 1, 50))] : [],
      ...seen ? [step(1, seen)] : []];
    parts.push(element("div", "answer", element(
      "p", "expect", lectures.words.expect), ...answer));
    const below = element("div", "codes below");
    if (change) below.append(step(answer.length ? 2 : 1, change));
    parts.push(below);
    const notes = [...bug.querySelectorAll(".words > *, .place")];
    const made = slide("bug", section, parts, notes);
    made.classList.toggle("still", !curve);
    // Text and code, in pixels; a curve needs room.
    const sizes = [[52, 48], [48, 44], [44, 40], [42, 36], [38, 32],
                   [36, 28]].slice(curve ? 2 : 0);
    const fits = () => sizes.some(([size, code]) => {
      made.style.setProperty("--code", `${code}px`);
      return !overflows(fit(made, [size]));
    });
    for (const pre of made.querySelectorAll(".wrapped pre")) {
      clauses(pre);
      const lines = pre.textContent.split("\n");
      const cut = (count, end) => {
        lines.splice(count);
        pre.textContent = lines.join("\n") + end;
        pre.closest(".wrapped").origin = null;
      };
      // How pytest found the values of an assertion says nothing here.
      const detail = lines.findIndex((line) => /^ \+ +where /.test(line));
      if (detail > 0) cut(detail, "");
      while (!fits() && lines.length > 2) cut(lines.length - 1, "\n\u2026");
    }
    if (!fits()) fit(made, [32, 28]);
    return made;
  }

  function dragSlide(drag) {
    const section = drag.closest("section");
    const texts = [...drag.querySelectorAll(":scope > p")];
    const made = slide("drags", section, [
      heading(section), ...texts.slice(0, 1).map((p) => sentences(p, 1, 60)),
      copy(drag.querySelector(".experiment"))], texts);
    return fit(made, [44, 40, 36, 32]);
  }

  function gapSlide(section) {
    const rows = [...section.querySelectorAll(".gaps tbody tr")];
    const number = (row) => Number(row.querySelector("td").textContent);
    const counted = rows.filter((row) => number(row) >= 0).sort(
      (a, b) => number(b) - number(a));
    if (!counted.length) return [];
    const shown = (row) => {
      const [digits, power] = number(row) < 1e5 ? [number(row)]
        : number(row).toExponential().split("e+");
      return power ? [`${digits} · 10`, element("sup", "", power)]
        : [String(digits)];
    };
    const table = element("table");
    for (const row of counted)
      table.append(element("tr", "", element(
        "th", "", ...[...row.querySelector("th").childNodes].map(
          (one) => one.cloneNode(true))),
        element("td", "", ...shown(row))));
    const made = slide("gap", section, [
      heading(section), element(
        "p", "lead", lectures.words.largest, element(
          "strong", "", ...shown(counted[0]))), table],
      [...section.querySelectorAll(":scope > p")]);
    fit(made, [52, 46, 40, 34, 28]);
    while (overflows(made) && table.children.length > 1)
      table.lastChild.remove();
    return [made];
  }

  function exerciseSlide(section) {
    const list = element("ul");
    for (const one of section.querySelectorAll(
      ":scope > .exercise > p:first-child"))
      list.append(element("li", "", ...sentences(one, /^\d+\.\s/.test(
        one.textContent) ? 2 : 1).childNodes));
    return list.children.length
      ? [fit(slide("exercises", section, [heading(section), list]),
             [56, 52, 48, 44, 40, 36, 32, 28])] : [];
  }

  function chapter(section) {
    if (section.querySelector(":scope > .gaps")) return gapSlide(section);
    if (section.querySelector(":scope > .exercise"))
      return exerciseSlide(section);
    const made = section.querySelector(":scope > :is(.bug, .drag)")
      ? [] : statement(section);
    for (const one of section.querySelectorAll(".mirror, .bug, .drag"))
      made.push(...one.matches(".mirror") ? mirrorSlides(one)
        : [one.matches(".bug") ? bugSlide(one) : dragSlide(one)]);
    return made;
  }

  // At most MOST slides: mirrors, from the last one on, are backup.
  function chosen(top) {
    const made = [titleSlide(top), ...[...top.querySelectorAll(
      ":scope > section")].flatMap(chapter)];
    for (const kind of ["mirror", "statement", "bug", "drags"])
      for (let i = made.length - 1; i > 0 && made.length >= MOST; i--)
        if (made[i].matches(`.${kind}`)) {
          // Both sides of a mirror, or none.
          const {origin} = made[i];
          while (i && made[i].matches(`.${kind}`)
                 && made[i].origin === origin) {
            made[i].remove();
            made.splice(i--, 1);
            if (!origin) break;
          }
          i += 1;
        }
    return made;
  }

  lectures.compose = () => {
    const top = document.querySelector("article section");
    stage.classList.add("composing");
    const slides = chosen(top);
    slides.push(slide("end", top, [
      element("h1", "", ...textOf(top.querySelector("h1"))),
      element("p", "", lectures.words.end)]));
    const behind = lectures.backup(top);
    slides.concat(behind).forEach((one, i) => {
      const back = i - slides.length;
      one.dataset.number = back < 0 ? i + 1 : `B${back + 1}`;
      one.append(element("footer", "",
        element("span", "", ...textOf(top.querySelector("h1"))),
        element("span", "", one.dataset.number)));
      one.steps = Math.max(0, ...[...one.querySelectorAll(".step")].map(
        (step) => Number(step.dataset.step)));
      if (one.matches(".mirror")) lectures.light(one);
      stage.append(one);
    });
    stage.classList.remove("composing");
    return slides.concat(behind);
  };
})();
