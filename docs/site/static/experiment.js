"use strict";
// Draws what docs/site/experiment.py has put on the page as JSON; the
// slider moves through the steps. A graph is already drawn: the slider
// shows and hides its parts.
document.addEventListener("DOMContentLoaded", () => {
  const WIDTH = 700, HEIGHT = 360, LEFT = 56, BOTTOM = 44, TOP = 30;
  const NAMESPACE = "http://www.w3.org/2000/svg";
  let boxes = 0;

  function draw(box) {
    const data = JSON.parse(box.querySelector("script").textContent);
    const svg = box.querySelector("svg");
    const slider = box.querySelector("input");
    const caption = box.querySelector("output");
    const moving = [];
    slider.addEventListener("input", show);
    if (box.matches(".graph")) {
      for (const part of svg.querySelectorAll("[data-from]"))
        moving.push((n) => part.setAttribute("visibility",
          n >= part.dataset.from && n < part.dataset.to
            ? "inherit" : "hidden"));
      show();
      return;
    }
    const [[x0, x1], [y0, y1]] = [data.x, data.y];
    const X = (x) => LEFT + (x - x0) / (x1 - x0) * (WIDTH - LEFT - 12);
    const Y = (y) => HEIGHT - BOTTOM
      - (y - y0) / (y1 - y0) * (HEIGHT - BOTTOM - TOP);
    // A point that diverges is drawn far outside and clipped.
    const far = (v) => Math.max(-9999, Math.min(9999, v));
    const at = (points) => points.filter((p) => p[0] !== null)
      .map(([x, y]) => `${far(X(x))},${far(y === null ? -9999 : Y(y))}`)
      .join(" ");
    const add = (tag, attributes, parent = svg, text = "") => {
      const element = document.createElementNS(NAMESPACE, tag);
      for (const [name, value] of Object.entries(attributes))
        element.setAttribute(name, value);
      element.textContent = text;
      return parent.appendChild(element);
    };

    svg.setAttribute("viewBox", `0 0 ${WIDTH} ${HEIGHT}`);
    const clip = `plot-${boxes++}`;
    add("rect", {x: LEFT, y: TOP, width: WIDTH - LEFT - 12,
                 height: HEIGHT - BOTTOM - TOP},
        add("clipPath", {id: clip}));
    add("rect", {class: "frame", x: LEFT, y: TOP,
                 width: WIDTH - LEFT - 12, height: HEIGHT - BOTTOM - TOP});
    const end = {"text-anchor": "end"}, middle = {"text-anchor": "middle"};
    for (const v of [x0, (x0 + x1) / 2, x1])
      add("text", {x: X(v), y: HEIGHT - BOTTOM + 16,
                   ...(v === x1 ? end : middle)}, svg, short(v));
    for (const v of [y0, (y0 + y1) / 2, y1])
      add("text", {x: LEFT - 5, y: Y(v) + 4, ...end}, svg, short(v));
    add("text", {x: (LEFT + WIDTH) / 2, y: HEIGHT - 8, ...middle}, svg,
        data.x_label);
    add("text", {x: 4, y: TOP - 12}, svg, data.y_label);

    const plot = add("g", {"clip-path": `url(#${clip})`});
    for (const points of data.contours)
      add("polyline", {class: "contour", points: at(points)}, plot);
    let colour = 0;
    for (const [name, points] of Object.entries(data.points)) {
      const kind = `c${colour++}`;
      for (const [x, y] of points)
        add("circle", {class: `point ${kind}`, cx: X(x), cy: Y(y), r: 3.5},
            plot);
      legend(name, kind, false);
    }
    for (const [name, frames] of Object.entries(data.lines)) {
      const kind = `c${colour++}`;
      const line = add("polyline", {class: `line ${kind}`}, plot);
      moving.push((n) => line.setAttribute("points", at(frames[n])));
      legend(name, kind, true);
    }
    for (const [name, points] of Object.entries(data.paths)) {
      const kind = `c${colour++}`;
      const line = add("polyline", {class: `path ${kind}`}, plot);
      const dot = add("circle", {class: `dot ${kind}`, r: 5}, plot);
      moving.push((n) => {
        const part = points.slice(0, n + 1);
        line.setAttribute("points", at(part));
        const [x, y] = part[part.length - 1];
        dot.setAttribute("cx", far(X(x)));
        dot.setAttribute("cy", y === null ? -9999 : far(Y(y)));
      });
      legend(name, kind, true);
    }

    function legend(name, kind, line) {
      const row = box.querySelectorAll(".legend text").length;
      const group = add("g", {class: "legend"});
      const x = WIDTH - 20, y = TOP + 18 + 18 * row;
      const mark = line ? ["line", {x1: x - 18, x2: x, y1: y - 4,
                                    y2: y - 4, class: `line ${kind}`}]
        : ["circle", {cx: x - 9, cy: y - 4, r: 4, class: `point ${kind}`}];
      add(...mark, group);
      add("text", {x: x - 24, y, ...end}, group, name);
    }

    function show() {
      const n = Number(slider.value);
      for (const move of moving) move(n);
      caption.textContent = data.captions[n];
      slider.setAttribute("aria-valuetext", data.captions[n]);
    }
    show();
  }

  function short(value) {
    return String(Number(value.toPrecision(3))).replace("-", "\u2212");
  }

  document.querySelectorAll(".experiment").forEach(draw);
});
