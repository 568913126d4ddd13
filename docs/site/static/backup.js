"use strict";
// Behind the last slide: section by section, what is on no slide yet.
(() => {
  const {stage, copy, slide, heading, overflows, linesOf, lineOf}
    = globalThis.lectures;
  const WRAPPERS = ".mirror, .drag, .exercise, .words, .bug, "
    + "details.proof, .solution, .compound, .stack";

  function backup(top) {
    const made = [];
    // What is on a slide as a whole is not shown again.
    const used = new Set([...stage.querySelectorAll("*")].map(
      (one) => one.origin));
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
      const lines = pres.map(linesOf);
      const frame = copy(block);
      frame.classList.remove("folded");
      frame.querySelectorAll("pre").forEach((pre) => pre.replaceChildren());
      return {count: Math.max(...lines.map((one) => one.length)),
              part(first, last) {
        const made = frame.cloneNode(true);
        made.querySelectorAll("pre").forEach((pre, i) => {
          pre.replaceChildren(...lines[i].slice(first, last).map(lineOf));
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
    function walk(parent) {
      for (const block of parent.children) {
        if (block.matches("section")) {
          const before = section;
          section = block;
          walk(block);
          section = before;
        } else if (block.matches(WRAPPERS)) walk(block);
        // A proof of several names is shown once.
        else if (!block.matches("h1, h2, h3, span, script, .lecturer, "
          + ".experiment, .preface, .proof > summary, .again, .breaks")
          && (!used.has(block) || block.matches(".row, .pane")))
          place(block);
      }
    }
    walk(top);
    return made;
  }

  globalThis.lectures.backup = backup;
})();
