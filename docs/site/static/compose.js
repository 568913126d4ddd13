"use strict";
// The slides of a lecture, composed from its page. A slide says one thing:
// the question and its picture, the first sentence of a section, a formula
// with its lines of code, a bug, a drawing. What is left of the page
// follows behind the last slide, as backup. deck.js shows the slides.
(() => {
  const lectures = globalThis.lectures ??= {};
  // A topic of 45 minutes.
  const MOST = 25;
  const PROSE = ":scope > :is(p, ul, ol)";
  const VISUAL = ":scope > :is(figure, .math-wrapper, .drag, "
    + ".table-wrapper, [class*='highlight'])";

  lectures.compose = (article, stage, words) => {
    const top = article.querySelector("section");
    // What is on a slide as a whole is not shown again behind the end.
    const used = new Set();

    function element(tag, kind, ...inside) {
      const made = document.createElement(tag);
      if (kind) made.className = kind;
      made.append(...inside);
      return made;
    }

    // A copy without ids; a drawing is drawn again, so that it moves.
    function copy(block) {
      used.add(block);
      const made = block.cloneNode(true);
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

    // The lines of a piece of code: each with its markup, and whether the
    // page folds it or a symbol of the formula is on it. `short`: without
    // what the page leaves out of a line.
    function linesOf(pre, short = false) {
      const lines = [];
      const begin = () => lines.push({made: document.createDocumentFragment(),
                                      folded: false, text: ""});
      begin();
      const texts = document.createTreeWalker(pre, NodeFilter.SHOW_TEXT);
      for (let text = texts.nextNode(); text; text = texts.nextNode()) {
        if (short && text.parentElement.matches(".away")) continue;
        text.data.split("\n").forEach((part, i) => {
          if (i) begin();
          const line = lines.at(-1);
          if (!i && text.parentElement.closest(".fold")) line.folded = true;
          if (!part) return;
          let made = document.createTextNode(part);
          for (let one = text.parentElement; one !== pre;
               one = one.parentElement)
            if (one.matches(".fold, .gap")) line.folded = true;
            else if (!one.matches(".line")) {
              const around = one.cloneNode(false);
              around.classList.remove("on");
              around.append(made);
              made = around;
            }
          line.made.append(made);
          line.text += part;
        });
      }
      if (!lines.at(-1).text) lines.pop();
      for (const line of lines)
        line.lit = Boolean(line.made.querySelector("[data-sym]"));
      return lines;
    }

    function code(pane, lines) {
      const made = element("pre");
      for (const line of lines)
        made.append(line.made.cloneNode(true), "\n");
      const box = pane.querySelector(".highlight").cloneNode(false);
      box.append(made);
      return box;
    }

    // The lines that the formula is about. What the page folds is left
    // out, and so are checks of the input, signatures of several lines,
    // and functions of a class that have no symbol.
    function matter(pane) {
      let lines = linesOf(pane.querySelector("pre"), true);
      const lit = lines.some((line) => line.lit);
      lines.forEach((line, i) => { line.cut = lines[i + 1]?.folded; });
      if (lit) lines = lines.filter((line) => !line.folded);
      let statements = [];
      for (const line of lines) {
        const last = statements.at(-1);
        if (last && !last.whole) last.lines.push(line);
        else statements.push({lines: [line]});
        const one = statements.at(-1);
        one.text = one.lines.map(({text}) => text).join("\n");
        one.whole = line.cut || closed(one.text);
      }
      const says = ({text}) => text.trim();
      statements = statements.filter((one, i) => !(
        /^\s*(class |@|remembers\b|r?""")/.test(one.text)
        || /^\s*([\w, ]+ = )?_?check_\w+\(/.test(one.text)
        || /^\s*raise /.test(one.text)
        || /^\s*if /.test(one.text)
          && /^\s*raise /.test(statements[i + 1]?.text ?? "")
        || /^\s*super\(\)\.__init__\(/.test(one.text)));
      // The functions, each with its lines.
      const parts = [[]];
      for (const one of statements) {
        if (/^\s*def /.test(one.text)) parts.push([]);
        parts.at(-1).push(one);
      }
      const kept = parts.filter((part) => !lit || parts.length < 3
        || part.some((one) => one.lines.some((line) => line.lit)))
        .flatMap((part) => part.filter((one, i) => says(one)
          ? !/^\s*def /.test(one.text)
            || one.lines.length === 1 && closed(one.text)
              && part.slice(1).some(says)
          : i > 1 && i < part.length - 1));
      return dedented(kept.flatMap((one) => one.lines));
    }

    // Whether every bracket and every long string of a text is closed.
    function closed(text) {
      const bare = text.replace(/("""|''')[^]*?\1/g, "");
      if (/"""|'''/.test(bare)) return false;
      const code = bare.replace(/"(\\.|[^"\\\n])*"|'(\\.|[^'\\\n])*'/g, "")
        .replace(/#.*/g, "");
      return (code.match(/[([{]/g) ?? []).length
        <= (code.match(/[)\]}]/g) ?? []).length && !/\\\s*$/.test(code);
    }

    function dedented(lines) {
      const spaces = Math.min(...lines.filter((line) => line.text.trim()).map(
        (line) => line.text.match(/^ */)[0].length), 99);
      return lines.map((line) => {
        const made = line.made.cloneNode(true);
        const texts = document.createTreeWalker(made, NodeFilter.SHOW_TEXT);
        for (let left = spaces, text = texts.nextNode(); text && left;
             text = texts.nextNode()) {
          const cut = Math.min(left, text.data.match(/^ */)[0].length);
          text.data = text.data.slice(cut);
          left -= cut;
          if (text.data) break;
        }
        return {...line, made, text: line.text.slice(spaces)};
      });
    }

    const paneOf = (pane, lines) => {
      const made = element("div", pane.className.replace("folded", ""),
                           copy(pane.querySelector(".place")),
                           code(pane, lines));
      return made;
    };

    // The largest gap that the tests of a name found.
    function gapOf(name) {
      for (const row of article.querySelectorAll(".gaps tbody tr"))
        for (const one of row.querySelectorAll("th code"))
          if (one.textContent === name) {
            const gap = row.querySelector("td").textContent;
            return /^[\d.e-]+$/.test(gap) ? gap : "";
          }
      return "";
    }

    function mirrorSlides(mirror) {
      const section = mirror.closest("section");
      const name = mirror.id.split(".").slice(1).join(".");
      const notes = [...mirror.querySelectorAll(PROSE)];
      const hand = mirror.querySelector(".pane.hand");
      const torch = mirror.querySelector(".pane.inside")
        ?? mirror.querySelector(".pane.torch");
      const formulas = () => [
        ...mirror.querySelectorAll(":scope > .math-wrapper")].map(copy);
      const gap = gapOf(name);
      const attempt = (kind, ...panes) => {
        const row = element("div", `codes ${kind}`, ...panes.map(
          ([pane, lines]) => paneOf(pane, lines)));
        const parts = [heading(section), ...formulas(), row];
        if (gap) parts.push(element(
          "p", "foot", words.gap.replace("{gap}", gap)));
        const made = slide("mirror", section, parts, notes);
        for (const size of [40, 36, 32, 28]) {
          made.style.setProperty("--code", `${size}px`);
          if (!overflows(made)) break;
        }
        return made;
      };
      const sides = [hand, torch].map((pane) => [pane, matter(pane)]).filter(
        ([, lines]) => lines.length);
      if (!sides.length) return [];
      const narrow = sides.every(([, lines]) => lines.every(
        (line) => line.text.length <= 46));
      const whole = attempt(narrow ? "beside" : "below", ...sides);
      if (!overflows(whole)) return [whole];
      whole.remove();
      return sides.flatMap(([pane, lines]) => {
        const made = [];
        for (let rest = lines; rest.length && made.length < 2;) {
          let count = rest.length;
          let one = attempt("below", [pane, rest]);
          while (overflows(one) && count > 1) {
            one.remove();
            one = attempt("below", [pane, rest.slice(0, --count)]);
          }
          made.push(one);
          rest = rest.slice(count);
        }
        return made;
      });
    }

    function titleSlide() {
      const question = top.querySelector(":scope > p");
      const figure = top.querySelector(
        ":scope > figure, :scope > .drag .experiment");
      const h1 = element("h1", "", ...textOf(top.querySelector("h1")));
      const made = slide("title", top, [
        h1, question && copy(question), figure && copy(figure)].filter(Boolean),
        [...top.querySelectorAll(PROSE)].slice(1));
      return fit(made, [44, 40, 36, 32, 30]);
    }

    // A section in a sentence, the first one of each further paragraph,
    // and what it speaks of.
    function statement(section) {
      const prose = [...section.querySelectorAll(":scope > p")].filter(
        (p) => p.textContent.trim() && !p.querySelector("img"));
      const visuals = [...section.querySelectorAll(VISUAL)].filter(
        (one) => !one.matches(".gaps, .drag"));
      const marked = section.querySelector(":scope > p .point");
      if (!prose.length && !visuals.length) return [];
      const lead = marked ? element("p", "", copy(marked))
        : prose.length ? sentences(prose[0], 1, 70) : "";
      if (lead) lead.classList.add("lead");
      const made = [];
      const add = (visual, ...text) => {
        const one = slide("statement", section, [
          heading(section), ...text, ...visual ? [copy(visual)] : []], prose);
        fit(one);
        if (overflows(one) && visual && text.length) {
          one.remove();
          used.delete(visual);
          made.push(fit(slide("statement", section,
                              [heading(section), ...text], prose)));
          add(visual);
        } else if (overflows(one)) {
          one.remove();
          used.delete(visual);
        } else made.push(one);
      };
      const more = prose.slice(1, visuals.length ? 2 : 4)
        .filter((p) => p.textContent.trim().length > 40)
        .map((p) => sentences(p, 1, 40)).filter((p) => !/[:：]\s*$/.test(
          p.textContent) && p.textContent.length < 200);
      add(visuals[0], ...lead ? [lead] : [], ...visuals.length ? [] : more);
      for (const visual of visuals.slice(1, 3)) {
        const before = visual.previousElementSibling;
        add(visual, ...before?.matches("p") ? [sentences(before)] : []);
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
        element("h2", "", words.bug, " ", element("code", "", name)),
        element("blockquote", "", thought),
        element("p", "expect", words.expect)];
      const change = bug.querySelector(".difference");
      const below = element("div", "codes below");
      if (change) below.append(step(seen ? 2 : 1, change));
      if (seen) parts.push(step(1, seen));
      parts.push(below);
      const notes = [...bug.querySelectorAll(".words > *, .place")];
      const made = slide("bug", section, parts, notes);
      fit(made, [44, 40, 36, 32, 28]);
      for (const pre of made.querySelectorAll(".wrapped pre")) {
        const lines = pre.textContent.split("\n");
        while (overflows(made) && lines.length > 2) {
          lines.pop();
          pre.textContent = `${lines.join("\n")}\n…`;
          used.delete(example);
        }
      }
      return made;
    }

    function dragSlide(drag) {
      const section = drag.closest("section");
      const texts = [...drag.querySelectorAll(":scope > p")];
      const made = slide("drags", section, [
        heading(section), ...texts.slice(0, 1).map((p) => sentences(p)),
        copy(drag.querySelector(".experiment"))], texts);
      return fit(made, [40, 36, 32, 30]);
    }

    function gapSlide(section) {
      const rows = [...section.querySelectorAll(".gaps tbody tr")];
      const number = (row) => Number(
        row.querySelector("td").textContent) || 0;
      if (!rows.length) return [];
      const table = element("table");
      for (const row of [...rows].sort((a, b) => number(b) - number(a)))
        table.append(element("tr", "", element(
          "th", "", ...[...row.querySelector("th").childNodes].map(
            (one) => one.cloneNode(true))),
          element("td", "", row.querySelector("td").textContent)));
      const made = slide("gap", section, [
        heading(section), element("p", "lead", words.largest, element(
          "strong", "", String(Math.max(...rows.map(number))))), table],
        [...section.querySelectorAll(":scope > p")]);
      fit(made, [40, 34, 28]);
      while (overflows(made) && table.children.length > 1)
        table.lastChild.remove();
      return [made];
    }

    function exerciseSlide(section) {
      const list = element("ul");
      for (const one of section.querySelectorAll(":scope > .exercise > p:first-child"))
        list.append(element("li", "", ...sentences(one, /^\d+\.\s/.test(
          one.textContent) ? 2 : 1).childNodes));
      return list.children.length
        ? [fit(slide("exercises", section, [heading(section), list]),
               [44, 40, 36, 32, 28])] : [];
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
    function chosen() {
      let made = [titleSlide(), ...[...top.querySelectorAll(
        ":scope > section")].flatMap(chapter)];
      for (const kind of ["mirror", "statement", "bug", "drags"])
        for (let i = made.length - 1; i > 0 && made.length >= MOST; i--)
          if (made[i].matches(`.${kind}`)) {
            made[i].remove();
            made.splice(i, 1);
          }
      return made;
    }

    // Behind the end: section by section what is on no slide yet.
    function backup() {
      const made = [], proofs = new Set();
      let open = null, section = top;
      const begin = () => {
        open = slide("backup", section, [heading(section)]);
        made.push(open);
      };
      const put = (block) => {
        open.firstChild.append(block);
        if (!overflows(open)) return true;
        block.remove();
        return false;
      };
      function place(block) {
        if (!open || open.dataset.section !== section.id) begin();
        const whole = copy(block);
        if (put(whole)) return;
        const fresh = open.firstChild.children.length > 1;
        if (block.querySelector("pre")) return parts(block, codeParts(block));
        if (block.querySelector("tbody"))
          return parts(block, rowParts(block));
        if (fresh) {
          begin();
          if (put(whole)) return;
        }
        open.firstChild.append(whole);
        for (let zoom = 0.95; overflows(open) && zoom > 0.3; zoom -= 0.05)
          whole.style.zoom = zoom;
      }
      // As many units on a slide as fit: lines of code, rows of a table.
      function parts(block, {count, part}) {
        for (let first = 0; first < count;) {
          let last = first, high = count;
          while (last < high) {
            const middle = Math.ceil((last + high) / 2);
            const tried = part(first, middle);
            if (put(tried)) {
              tried.remove();
              last = middle;
            } else high = middle - 1;
          }
          if (last === first && open.firstChild.children.length > 1) {
            begin();
            continue;
          }
          last = Math.max(last, first + 1);
          open.firstChild.append(part(first, last));
          first = last;
          if (first < count) begin();
        }
      }
      function codeParts(block) {
        const pres = [...block.querySelectorAll("pre")];
        const lines = pres.map((pre) => linesOf(pre));
        const frame = copy(block);
        frame.classList.remove("folded");
        frame.querySelectorAll("pre").forEach((pre) => pre.replaceChildren());
        return {count: Math.max(...lines.map((one) => one.length)),
                part(first, last) {
          const made = frame.cloneNode(true);
          made.querySelectorAll("pre").forEach((pre, i) => {
            pre.replaceChildren(...lines[i].slice(first, last).flatMap(
              (line) => [line.made.cloneNode(true), "\n"]));
          });
          return made;
        }};
      }
      function rowParts(block) {
        const count = block.querySelectorAll("tbody > tr").length;
        return {count, part(first, last) {
          const made = copy(block);
          made.querySelectorAll("tbody > tr").forEach((row, i) => {
            if (i < first || i >= last) row.remove();
          });
          return made;
        }};
      }
      const WRAPPERS = ".mirror, .drag, .exercise, .words, .bug, .proof, "
        + ".solution, .compound";
      function walk(parent) {
        for (const block of parent.children) {
          if (block.matches("section")) {
            const before = section;
            section = block;
            walk(block);
            section = before;
          } else if (block.matches(WRAPPERS)) walk(block);
          else if (block.matches(
            "h1, h2, h3, span, script, .lecturer, .experiment, .preface")
            || used.has(block) && !block.matches(".row, .pane")) continue;
          else if (block.matches(".proof > .pane")) {
            const where = block.querySelector(".place").textContent;
            if (!proofs.has(where)) place(block);
            proofs.add(where);
          } else place(block);
        }
      }
      walk(top);
      return made;
    }

    stage.classList.add("composing");
    const slides = chosen();
    slides.push(slide("end", top, [
      element("h1", "", ...textOf(top.querySelector("h1"))),
      element("p", "", words.end)]));
    const behind = backup();
    slides.concat(behind).forEach((one, i) => {
      const back = i - slides.length;
      one.dataset.number = back < 0 ? i + 1 : `B${back + 1}`;
      one.append(element("footer", "", element(
        "span", "", ...textOf(top.querySelector("h1"))), element(
        "span", "", one.dataset.number)));
      one.steps = Math.max(0, ...[...one.querySelectorAll(".step")].map(
        (step) => Number(step.dataset.step)));
      if (one.matches(".mirror")) lectures.light(one);
      stage.append(one);
    });
    stage.classList.remove("composing");
    return slides.concat(behind);
  };
})();
