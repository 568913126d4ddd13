"use strict";
// Draws what docs/site/experiment.py has put on the page as JSON; the
// slider moves through the steps. A graph is already drawn: the slider
// shows and hides its parts.
document.addEventListener("DOMContentLoaded", () => {
  const BOTTOM = 44, TOP = 30, RIGHT = 14;
  const NAMESPACE = "http://www.w3.org/2000/svg";
  let boxes = 0;

  function start(box) {
    const data = JSON.parse(box.querySelector("script").textContent);
    const svg = box.querySelector("svg");
    const slider = box.querySelector("input");
    const caption = box.querySelector("output");
    let moves = [], width = 0;

    function show() {
      const n = Number(slider.value);
      for (const move of moves) move(n);
      caption.textContent = minus(data.captions[n]);
      slider.setAttribute("aria-valuetext", caption.textContent);
    }

    // A pixel of the drawing is one of the page, so that its text is as
    // large as the page's; wide drawings are enlarged.
    function resize() {
      const now = Math.max(300, Math.min(560, svg.clientWidth || 560));
      if (now === width) return;
      width = now;
      moves = draw(svg, data, width, `plot-${boxes++}`);
      show();
    }

    slider.addEventListener("input", show);
    if (box.matches(".graph")) {
      moves = [...svg.querySelectorAll("[data-from]")].map((part) => (n) =>
        part.setAttribute("visibility",
          n >= part.dataset.from && n < part.dataset.to
            ? "inherit" : "hidden"));
      show();
    } else {
      resize();
      new ResizeObserver(resize).observe(svg);
    }
  }

  // Returns the functions that move its parts to position n.
  function draw(svg, data, width, clip) {
    const moves = [], series = [], dots = [];
    const height = Math.round(Math.max(230, width * 0.56));
    const [[x0, x1], [y0, y1]] = [data.x, data.y];
    const [below, beside] = [ticks(x0, x1, width / 90), ticks(y0, y1, 5)];
    const left = 12 + 8.5 * Math.max(...beside.map((v) => short(v).length));
    const end = width - RIGHT, floor = height - BOTTOM;
    const X = (x) => left + (x - x0) / (x1 - x0) * (end - left);
    const Y = (y) => floor - (y - y0) / (y1 - y0) * (floor - TOP);
    // A point that diverges is drawn far outside and clipped.
    const far = (v) => Math.max(-9999, Math.min(9999, v));
    const at = (points) => points.filter((p) => p[0] !== null)
      .map(([x, y]) => [far(X(x)), y === null ? -9999 : far(Y(y))]);
    // A point on the frame is drawn whole, one outside not at all.
    const framed = (x, y) => x >= left - 1 && x <= end + 1
      && y >= TOP - 1 && y <= floor + 1 ? "inherit" : "hidden";
    const add = (tag, attributes, parent = svg, text = "") => {
      const element = document.createElementNS(NAMESPACE, tag);
      for (const [name, value] of Object.entries(attributes))
        element.setAttribute(name, value);
      element.textContent = text;
      return parent.appendChild(element);
    };

    svg.replaceChildren();
    svg.setAttribute("viewBox", `0 0 ${width} ${height}`);
    add("rect", {x: left, y: TOP, width: end - left, height: floor - TOP},
        add("clipPath", {id: clip}));
    const middle = {"text-anchor": "middle"}, last = {"text-anchor": "end"};
    const frame = [`M${left} ${TOP}V${floor}H${end}`];
    for (const v of below) {
      frame.push(`M${X(v)} ${floor}v5`);
      add("text", {x: X(v), y: floor + 18, ...middle}, svg, short(v));
    }
    for (const v of beside) {
      frame.push(`M${left} ${Y(v)}h-5`);
      add("text", {x: left - 8, y: Y(v) + 4, ...last}, svg, short(v));
    }
    add("path", {class: "frame", d: frame.join("")});
    add("text", {x: (left + end) / 2, y: height - 6, ...middle}, svg,
        data.x_label);
    add("text", {x: 0, y: 14}, svg, data.y_label);

    const plot = add("g", {"clip-path": `url(#${clip})`});
    for (const points of data.contours)
      add("polyline", {class: "contour", points: at(points).join(" ")},
          plot);
    let colour = 0, key = end;
    const names = Object.keys(data.points);
    for (const [name, points] of Object.entries(data.points)) {
      const kind = names.length > 1 ? `c${colour++}` : "grey";
      for (const [x, y] of at(points)) {
        add("circle", {class: `point ${kind}`, cx: x, cy: y, r: 3.5,
                       visibility: framed(x, y)});
        dots.push([x, y]);
      }
      // Points have no end to stand at: their names are above.
      const text = add("text", {class: kind, x: key, y: 14, ...last}, svg,
                       name);
      key -= length(text) + 10;
      add("circle", {class: `point ${kind}`, cx: key, cy: 10, r: 3.5});
      key -= 14;
    }
    const alone = Object.keys({...data.lines, ...data.paths}).length
      + data.contours.length + names.length === 1;
    for (const [name, frames] of Object.entries(data.lines)) {
      const kind = `c${colour++}`;
      const line = add("polyline", {class: `line ${kind}`}, plot);
      const one = {name, kind, ends: false};
      series.push(one);
      moves.push((n) => {
        one.points = at(frames[n]);
        line.setAttribute("points", one.points.join(" "));
      });
    }
    for (const [name, points] of Object.entries(data.paths)) {
      const kind = `c${colour++}`;
      const line = add("polyline", {class: `path ${kind}`}, plot);
      const dot = add("circle", {class: `dot ${kind}`, r: 4.5});
      const one = {name, kind, ends: true};
      series.push(one);
      moves.push((n) => {
        one.points = at(points.slice(0, n + 1));
        line.setAttribute("points", one.points.join(" "));
        const [x, y] = one.points[one.points.length - 1];
        dot.setAttribute("cx", x);
        dot.setAttribute("cy", y);
        dot.setAttribute("visibility", framed(x, y));
      });
    }
    if (!alone) {
      for (const one of series) {
        one.text = add("text", {class: `name ${one.kind}`}, svg, one.name);
        one.width = length(one.text);
      }
      moves.push(() => place(series, dots, [left + 4, TOP, end, floor - 3]));
    }
    return moves;
  }

  // Writes each name beside its line: near the end, or anywhere along it
  // if the line has no dot, where it covers least.
  function place(series, dots, [left, top, right, bottom]) {
    const inside = ([x, y]) =>
      x >= left - 5 && x <= right + 1 && y >= top - 1 && y <= bottom + 4;
    for (const one of series)
      one.seen = between(one.points).filter(inside);
    const taken = [];
    for (const one of series) {
      one.text.setAttribute("visibility",
                            one.seen.length ? "inherit" : "hidden");
      let best = null;
      const parts = one.ends ? [1] : [1, 0.85, 0.7, 0.55, 0.4, 0.25];
      for (const part of one.seen.length ? parts : []) {
        const index = Math.floor((one.seen.length - 1) * part);
        const [x, y] = one.seen[index];
        for (const [dx, dy] of [8, -one.width / 2, -one.width - 8].flatMap(
          (dx) => [4, -10, 19, -26, 35, -42, 51, -58].map(
            (dy) => [dx, dy]))) {
          if (dy === 4 && dx === -one.width / 2) continue;
          const at = [
            Math.max(left, Math.min(right - one.width, x + dx)),
            Math.max(top + 12, Math.min(bottom, y + dy))];
          const box = [at[0] - 3, at[1] - 12, at[0] + one.width + 3,
                       at[1] + 4];
          const within = ([u, v]) =>
            u > box[0] && u < box[2] && v > box[1] && v < box[3];
          let cost = 4 * (1 - part) + Math.abs(dx + one.width / 2) / 30
            + Math.abs(dy - 4) / 12 + dots.filter(within).length;
          for (const other of series)
            cost += other.seen.filter(within).length
              * (other === one ? 1 : 1.5);
          for (const other of taken)
            if (box[0] < other[2] && other[0] < box[2]
                && box[1] < other[3] && other[1] < box[3])
              cost += 1000;
          // It does not jump to and fro while the slider moves.
          const spot = `${part} ${dx} ${dy}`;
          if (spot === one.spot) cost -= 2;
          if (!best || cost < best.cost) best = {cost, at, box, spot};
        }
      }
      if (best) {
        one.spot = best.spot;
        taken.push(best.box);
        one.text.setAttribute("x", best.at[0]);
        one.text.setAttribute("y", best.at[1]);
      }
    }
  }

  // Points along a line, at most 6 pixels apart where it is in sight.
  function between(points) {
    const all = points.slice(0, 1);
    for (let i = 1; i < points.length; i++) {
      const [[a, b], [c, d]] = [points[i - 1], points[i]];
      const count = Math.min(200, Math.ceil(Math.hypot(c - a, d - b) / 6));
      for (let k = 1; k <= count; k++)
        all.push([a + (c - a) * k / count, b + (d - b) * k / count]);
    }
    return all;
  }

  // Round numbers from a to b, about that many and at least three.
  function ticks(a, b, count) {
    const raw = (b - a) / count;
    const unit = 10 ** Math.floor(Math.log10(raw));
    const step = unit * [1, 2, 5, 10].find((m) => m * unit >= raw);
    const result = [];
    for (let k = Math.ceil(a / step - 1e-9); k * step <= b + step * 1e-9;
      k++)
      result.push(k * step);
    return result.length < 3 ? ticks(a, b, count * 1.5) : result;
  }

  // A drawing out of sight has no lengths yet.
  function length(text) {
    return text.getComputedTextLength() || 7 * text.textContent.length;
  }

  function short(value) {
    return minus(String(Number(value.toPrecision(3))));
  }

  function minus(text) {
    return text.replace(/-(?=[\d.])/g, "\u2212");
  }

  // A slide draws its copy of an experiment.
  (globalThis.lectures ??= {}).draw = start;
  document.querySelectorAll(".experiment:has(> script)").forEach(start);
});
