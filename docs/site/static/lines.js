"use strict";
// Pieces of code for slides: which lines matter, each with its markup.
(() => {
  // The lines of a piece of code: each with its markup, and whether the
  // page folds it or a symbol of the formula is on it.
  function linesOf(pre) {
    const lines = [];
    const begin = () => lines.push({made: document.createDocumentFragment(),
                                    folded: false, text: ""});
    begin();
    const texts = document.createTreeWalker(pre, NodeFilter.SHOW_TEXT);
    for (let text = texts.nextNode(); text; text = texts.nextNode()) {
      const parts = text.data.split("\n");
      parts.forEach((part, i) => {
        if (i) begin();
        const line = lines.at(-1);
        if (part || i < parts.length - 1)
          line.folded ||= Boolean(text.parentElement.closest(".fold"));
        if (!part) return;
        let made = document.createTextNode(part);
        for (let one = text.parentElement; one !== pre;
             one = one.parentElement)
          if (!one.matches(".line")) {
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

  // What is longer than a slide continues further in.
  function lineOf({made, text}) {
    const line = document.createElement("span");
    line.className = "line";
    line.style.setProperty("--indent", `${text.search(/\S|$/)}ch`);
    line.append(made.cloneNode(true), "\n");
    return line;
  }

  // The box of a pane's code, with these lines only.
  function codeOf(pane, lines) {
    const made = document.createElement("pre");
    made.append(...lines.map(lineOf));
    const box = pane.querySelector(".highlight").cloneNode(false);
    box.append(made);
    return box;
  }

  // The lines that the formula is about. What the page folds is left
  // out, and so are checks of the input, signatures of several lines,
  // and functions of a class that have no symbol.
  function matter(pane) {
    let lines = linesOf(pane.querySelector("pre"));
    const lit = lines.some((line) => line.lit);
    if (lit) lines = lines.filter((line) => !line.folded);
    // Of torch's code the page has chosen already.
    if (pane.matches(".inside")) {
      lines = dedented(lines.map((line) => {
        const made = line.made.cloneNode(true);
        made.querySelectorAll(".away").forEach((one) => one.remove());
        return {...line, made, text: made.textContent};
      }).filter(({text}) => text.trim() && !/^def /.test(text)));
      // Before a later branch, a sign that there are others.
      if (/^(elif|else|except)\b/.test(lines[0]?.text))
        lines.unshift({...lines[0], text: "...",
                       made: document.createTextNode("...")});
      return lines;
    }
    let statements = [];
    for (const line of lines) {
      const last = statements.at(-1);
      if (last && !last.whole) last.lines.push(line);
      else statements.push({lines: [line]});
      const one = statements.at(-1);
      one.text = one.lines.map(({text}) => text).join("\n");
      one.whole = closed(one.text);
    }
    const says = ({text}) => text.trim();
    const comment = ({text}) => /^\s*#/.test(text);
    // Checks: `if`, `raise`, and the comments on them.
    const checks = new Set();
    statements.forEach((one, i) => {
      if (!/^\s*if /.test(one.text)) return;
      const end = statements.findIndex(
        (other, k) => k > i && !comment(other));
      if (!/^\s*raise /.test(statements[end]?.text)) return;
      let start = i;
      while (start && comment(statements[start - 1])) start -= 1;
      statements.slice(start, end + 1).forEach((gone) => checks.add(gone));
    });
    const all = statements;
    // What is raised when nothing else has returned.
    const last = (one, i) => /^\s*raise /.test(one.text)
      && !/^\s*(if|elif|else|except)\b/.test(
        all.slice(0, i).findLast((other) => !comment(other))?.text);
    statements = statements.filter((one, i) => !(
      /^\s*(class |@|remembers\b|r?""")/.test(one.text)
      || /^\s*([\w, ]+ = )?_?check_\w+\(/.test(one.text)
      || checks.has(one) || last(one, i)
      || /^\s*super\(\)\.__init__\(/.test(one.text)));
    // The functions, each with its lines.
    const parts = [[]];
    for (const one of statements) {
      if (/^\s*def /.test(one.text)) parts.push([]);
      parts.at(-1).push(one);
    }
    const classy = parts.length > 2;
    const usual = /^\s*def (__init__|__new__|parameters)\(/;
    const headed = (part) => /^\s*def /.test(part[0]?.text);
    let kept = parts.filter((part) => part.slice(headed(part) ? 1 : 0).some(
      (one) => says(one) && !comment(one)))
      .filter((part) => !classy || !usual.test(part[0].text)
        && (!lit || part.some((one) => one.lines.some(
          (line) => line.lit))));
    // A class that only inherits is its first line.
    if (!kept.length) kept = [all.filter(({text}) => /^class /.test(text))];
    return dedented(kept.flatMap((part, number) => part.filter(
      (one, i) => says(one)
        ? classy || !/^\s*def /.test(one.text) || one.lines.length === 1
        : i > 1 && i < part.length - 1)
      .flatMap((one) => one.lines.map((line) => ({...line, number})))));
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

  Object.assign(globalThis.lectures ??= {}, {
    linesOf, lineOf, matter, codeOf});
})();
