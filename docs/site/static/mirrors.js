"use strict";
// The slides of a mirror: its formula and, of both sides, the lines that
// the formula is about, on one slide if they fit.
(() => {
  const lectures = globalThis.lectures;
  const {element, copy, slide, heading, overflows, matter, codeOf}
    = lectures;
  // Text and code, in pixels. The last row reads 28.
  const SIZES = [[46, 48], [44, 44], [42, 40], [38, 36], [34, 32], [30, 28]];
  // Without a formula there is room for more.
  const LARGE = [[46, 64], [46, 60], [46, 56], [46, 52], ...SIZES];

  // The largest gap that the tests of a name found.
  function gapOf(name) {
    for (const row of document.querySelectorAll(".gaps tbody tr"))
      for (const one of row.querySelectorAll("th code"))
        if (one.textContent === name) {
          const gap = row.querySelector("td").textContent;
          return /^[\d.e-]+$/.test(gap) ? gap : "";
        }
    return "";
  }

  const paneOf = ([pane, lines, ...others]) => element(
    "div", pane.className.replace("folded", ""),
    ...[pane, ...others].map((one) => copy(one.querySelector(".place"))),
    codeOf(pane, lines));

  const said = ({text}) => text.trim() && !/^\s*#/.test(text);

  // Without the function that has the fewest symbols, the last of them.
  function fewer(lines) {
    const count = new Map();
    for (const {number, lit} of lines)
      count.set(number, (count.get(number) ?? 0) + lit);
    const least = Math.min(...count.values());
    const gone = [...count.keys()].findLast(
      (number) => count.get(number) === least);
    return count.size > 1 && lines.filter((one) => one.number !== gone);
  }

  // Cut near the middle, where the code is least indented.
  function halves(lines) {
    const indent = (i) => lines[i].text.search(/\S|$/);
    const far = (i) => Math.abs(i - lines.length / 2);
    const places = [...lines.keys()].filter(
      (i) => i && far(i) < lines.length / 5);
    const cut = places.sort(
      (a, b) => indent(a) - indent(b) || far(a) - far(b))[0];
    return [lines.slice(0, cut), lines.slice(cut)];
  }

  lectures.mirrorSlides = (mirror) => {
    const section = mirror.closest("section");
    const notes = [...mirror.querySelectorAll(":scope > :is(p, ul, ol)")];
    const gap = gapOf(mirror.id.split(".").slice(1).join("."));
    const formulas = [...mirror.querySelectorAll(":scope > .math-wrapper")];
    const attempt = (kind, formal, panes) => {
      const parts = [heading(section), ...formal ? formulas.map(copy) : [],
        element("div", `codes ${kind}`, ...panes.map(paneOf))];
      if (gap) parts.push(element(
        "p", "foot", lectures.words.gap.replace("{gap}", gap)));
      const made = slide("mirror", section, parts, notes);
      made.origin = mirror;
      return made;
    };
    // The largest size at which nothing is cut off and no line is broken;
    // broken, if `wrap`.
    const tried = (panes, {formal = true, wrap = false} = {}) => {
      const kinds = panes.length === 2 && panes[0][0] === hand && !wrap
        ? ["beside", "below"] : ["below"];
      const made = kinds.map((kind) => attempt(kind, formal, panes));
      const fits = (one, [size, code]) => {
        one.style.setProperty("--size", `${size}px`);
        one.style.setProperty("--code", `${code}px`);
        return !overflows(one) && (wrap || [
          ...one.querySelectorAll(".codes .line")].every(
          (line) => line.clientHeight < 2 * code));
      };
      const sizes = formal && formulas.length ? SIZES : LARGE;
      const found = sizes.reduce((best, size) => best
        ?? made.find((one) => fits(one, size)), undefined);
      made.forEach((one) => one !== found && one.remove());
      // The formula may have the room that the code leaves.
      const code = parseFloat(found?.style.getPropertyValue("--code"));
      if (found) [72, 60, 52, ...SIZES.map(([size]) => size)].find(
        (size) => fits(found, [size, code]));
      return found;
    };
    const either = (panes, options) => tried(panes, options)
      ?? tried(panes, {...options, wrap: true});

    const hand = mirror.querySelector(".pane.hand");
    const inside = mirror.querySelectorAll(".pane.inside");
    const torch = inside.length ? [...inside]
      : [mirror.querySelector(".pane.torch")];
    // What has a mirror of its own is not shown again.
    const elsewhere = ({number}, i, lines) => {
      const head = lines.find((one) => one.number === number).text;
      const name = head.match(/^\s*def (\w+)/)?.[1];
      return document.getElementById(`${mirror.id}.${name}`);
    };
    let sides = [hand, ...torch].map((pane) => [
      pane, matter(pane).filter((...one) => !elsewhere(...one))]).filter(
      ([, lines]) => lines.some(said));
    if (!sides.length || !formulas.length && sides[0][1].length < 2)
      return [];
    const text = ([, lines]) => lines.filter(said).map(
      (line) => line.text.trim()).join("\n");
    if (sides.length === 2 && text(sides[0]) === text(sides[1]))
      sides = [[...sides[0], ...torch]];
    const bare = ([pane, lines, ...others]) => [
      pane, lines.filter(said), ...others];
    const short = sides.some(([, lines]) => lines.length < 4);
    const whole = either(sides)
      ?? (short ? either(sides.map(bare)) : undefined);
    if (whole) return [whole];
    // Both of torch's functions, beside each other's.
    const behind = sides.slice(1);
    const pair = behind.length > 1 ? either(behind) : undefined;
    return (pair ? sides.slice(0, 1) : sides).flatMap((side) => {
      let one = either([side]) ?? either([bare(side)]);
      if (!one && side[0] !== hand)
        one = either([side], {formal: false})
          ?? either([bare(side)], {formal: false});
      for (let lines = fewer(bare(side)[1]); !one && lines;
           lines = fewer(lines))
        one = either([[side[0], lines]]);
      return one ? [one] : halves(bare(side)[1]).map((lines, i) => either(
        [[side[0], lines]], {formal: !i})).filter(Boolean);
    }).concat(pair ?? []);
  };
})();
