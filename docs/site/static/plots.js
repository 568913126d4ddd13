"use strict";
// The pictures of the playground: a plane, a curve, images, the losses.
// A number below 0 has the colour of class 0, one above that of class 1;
// 0 is the page.
(globalThis.lectures ??= {}).plots = (() => {
  const NAMESPACE = "http://www.w3.org/2000/svg";
  const LEFT = 38, BOTTOM = 24, EDGE = 6;
  const FONT = "12px system-ui, sans-serif";

  // The page's colours, as they are now: light or dark.
  function colours() {
    const style = getComputedStyle(document.body);
    const brush = document.createElement("canvas").getContext("2d");
    const [page, zero, one, ink, grey, wrong] = [
      "--color-background-primary", "--c0", "--c1",
      "--color-foreground-primary", "--color-foreground-muted", "--bug",
    ].map((name) => {
      brush.fillStyle = style.getPropertyValue(name);
      return brush.fillStyle;
    });
    return {page, zero, one, ink, grey, wrong,
            shades: shades(page, zero, one), inks: shades(page, page, ink)};
  }

  // Pixels for -1 to 1, in 2 * 128 + 1 steps; the last is for NaN.
  function shades(...ends) {
    const [middle, zero, one] = ends.map((text) => [1, 3, 5].map(
      (at) => parseInt(text.slice(at, at + 2), 16)));
    const pixel = (rgb) => new Uint32Array(
      Uint8Array.of(...rgb, 255).buffer)[0];
    return Uint32Array.from({length: 258}, (_, k) => {
      const t = k / 128 - 1, end = t > 0 ? one : zero;
      return pixel(k > 256 ? [128, 128, 128]
        : middle.map((v, i) => v + Math.abs(t) * (end[i] - v)));
    });
  }

  // A square of pixels: values from -1 to 1, row by row, from the top.
  function pixels(canvas, values, shades, most = 1) {
    const side = Math.sqrt(values.length);
    if (canvas.width !== side)
      Object.assign(canvas, {width: side, height: side});
    const brush = canvas.getContext("2d");
    const image = brush.createImageData(side, side);
    const dots = new Uint32Array(image.data.buffer);
    for (let i = 0; i < dots.length; i++) {
      const t = Math.max(-1, Math.min(1, values[i])) * most;
      dots[i] = shades[t === t ? Math.round(128 + 128 * t) : 257];
    }
    brush.putImageData(image, 0, 0);
  }

  // A drawing knows its size, so that no frame has to measure it.
  function fit(drawing, {width, height}) {
    drawing.size = [width, height];
    if (drawing.getContext)
      [drawing.width, drawing.height] = drawing.size.map((v) =>
        Math.round(v * devicePixelRatio));
  }

  // A canvas whose unit is a pixel of the page, cleared.
  function fresh(canvas) {
    const [width, height] = canvas.size, brush = canvas.getContext("2d");
    brush.setTransform(canvas.width / width, 0, 0, canvas.height / height,
                       0, 0);
    brush.clearRect(0, 0, width, height);
    brush.font = FONT;
    return [brush, width, height];
  }

  // Axes with numbers; returns where a point stands.
  function axes(brush, width, height, x, y, look) {
    const [right, floor] = [width - EDGE, height - BOTTOM];
    const X = (v) => LEFT + (v - x[0]) / (x[1] - x[0]) * (right - LEFT);
    const Y = (v) => floor - (v - y[0]) / (y[1] - y[0]) * (floor - EDGE);
    brush.strokeStyle = look.grey;
    brush.fillStyle = look.ink;
    brush.lineWidth = 1;
    brush.strokeRect(LEFT, EDGE, right - LEFT, floor - EDGE);
    brush.textAlign = "center";
    for (const v of ticks(...x, 4)) brush.fillText(short(v), X(v), floor + 16);
    brush.textAlign = "right";
    for (const v of ticks(...y, 4)) brush.fillText(short(v), LEFT - 5,
                                                   Y(v) + 4);
    return [X, Y];
  }

  // Values over a square, and the points that were learned from: class
  // 0 as discs, class 1 as squares. The line is where the value is 0;
  // `tint` brings a value between -1 and 1.
  function plane(canvas, values, tint, [low, high], rows, classes, look) {
    const side = Math.sqrt(values.length);
    const [brush, width, height] = fresh(canvas);
    const behind = plane.behind ??= document.createElement("canvas");
    pixels(behind, values.map(tint), look.shades, 0.5);
    brush.imageSmoothingQuality = "high";
    const box = [LEFT, EDGE, width - EDGE - LEFT, height - BOTTOM - EDGE];
    // The outermost values stand on the frame, not half a pixel inside.
    brush.drawImage(behind, 0.5, 0.5, side - 1, side - 1, ...box);
    const [X, Y] = axes(brush, width, height, [low, high], [low, high],
                        look);
    brush.beginPath();
    for (const [[a, b], [c, d]] of contour(values, side)) {
      const at = (u, v) => [box[0] + u / (side - 1) * box[2],
                            box[1] + v / (side - 1) * box[3]];
      brush.moveTo(...at(a, b));
      brush.lineTo(...at(c, d));
    }
    brush.strokeStyle = look.ink;
    brush.lineWidth = 1.75;
    brush.stroke();
    brush.strokeStyle = look.page;
    brush.lineWidth = 1;
    for (const [i, [a, b]] of rows.entries()) {
      const [x, y] = [X(a), Y(b)];
      brush.fillStyle = classes[i] ? look.one : look.zero;
      brush.beginPath();
      if (classes[i]) brush.rect(x - 3.2, y - 3.2, 6.4, 6.4);
      else brush.arc(x, y, 3.7, 0, 7);
      brush.fill();
      brush.stroke();
    }
  }

  // Marching squares: pieces of the line on which the value changes its
  // sign.
  function contour(values, side) {
    const pieces = [];
    for (let j = 0; j + 1 < side; j++)
      for (let i = 0; i + 1 < side; i++) {
        const at = j * side + i;
        const [a, b] = [values[at], values[at + 1]];
        const [c, d] = [values[at + side], values[at + side + 1]];
        const cut = [];
        if (a * b < 0) cut.push([i + a / (a - b), j]);
        if (b * d < 0) cut.push([i + 1, j + b / (b - d)]);
        if (c * d < 0) cut.push([i + c / (c - d), j + 1]);
        if (a * c < 0) cut.push([i, j + a / (a - c)]);
        for (let k = 0; k + 1 < cut.length; k += 2)
          pieces.push([cut[k], cut[k + 1]]);
      }
    return pieces;
  }

  // A curve, and the points that it was learned from.
  function curve(canvas, xs, ys, x, y, rows, targets, look) {
    const [brush, width, height] = fresh(canvas);
    const [X, Y] = axes(brush, width, height, x, y, look);
    brush.save();
    brush.beginPath();
    brush.rect(LEFT, EDGE, width - EDGE - LEFT, height - BOTTOM - EDGE);
    brush.clip();
    stroke(brush, x.map((v) => [X(v), Y(0)]), look.grey, 0.5);
    brush.fillStyle = look.zero;
    for (const [i, [v]] of rows.entries()) {
      brush.beginPath();
      brush.arc(X(v), Y(targets[i]), 3, 0, 7);
      brush.fill();
    }
    stroke(brush, [...ys].map((v, i) => [X(xs[i]), Y(v)]), look.one, 3);
    brush.restore();
  }

  function stroke(brush, points, colour, width) {
    brush.beginPath();
    for (const [x, y] of points)
      if (isFinite(y)) brush.lineTo(x, Math.max(-9999, Math.min(9999, y)));
    brush.strokeStyle = colour;
    brush.lineWidth = width;
    brush.lineJoin = "round";
    brush.stroke();
  }

  // A curve as small as a unit, 0 in its middle.
  function small(canvas, ys, look) {
    if (canvas.width !== 64) Object.assign(canvas, {width: 64, height: 64});
    const brush = canvas.getContext("2d");
    brush.clearRect(0, 0, 64, 64);
    const most = Math.max(1e-12, ...ys.map(Math.abs));
    stroke(brush, [[0, 32], [64, 32]], look.grey, 1);
    stroke(brush, [...ys].map((v, i) => [
      i / (ys.length - 1) * 64, 32 - v / most * 28]), look.one, 4);
  }

  // The losses as lines. What is far above the first one leaves the
  // drawing at the top.
  function losses(svg, series) {
    const [width, height] = svg.size;
    const [right, floor] = [width - 14, height - 22];
    const lines = series.map((one) => thin(one.losses));
    const last = Math.max(10, ...lines.map((line) => line.at(-1)?.[0] ?? 0));
    const [first] = series[0].losses, reached = Math.max(
      ...lines.at(-1).map(([, v]) => v).filter(isFinite));
    const high = 1.15 * (first > 0 ? Math.min(reached, 3 * first) : 1);
    const X = (n) => LEFT + 12 + n / last
      * (right - LEFT - 12);
    const Y = (v) => floor - v / high * (floor - EDGE);
    const parts = [part("path", {
      class: "frame", d: `M${LEFT + 12} ${EDGE}V${floor}H${right}`})];
    for (const v of ticks(0, high, 3))
      parts.push(part("text", {x: LEFT + 7, y: Y(v) + 4,
                               "text-anchor": "end"}, short(v)));
    for (const n of ticks(0, last, width / 110))
      parts.push(part("text", {x: X(n), y: height - 5,
                               "text-anchor": "middle"}, short(n)));
    for (const [k, line] of lines.entries())
      parts.push(part("polyline", {
        class: `line ${series[k].kind}`,
        points: line.map(([n, v]) => [
          X(n), isFinite(v) ? Math.max(-height, Y(v)) : -height,
        ].map((at) => at.toFixed(1))).join(" ")}));
    svg.setAttribute("viewBox", `0 0 ${width} ${height}`);
    svg.replaceChildren(...parts);
  }

  // At most some hundreds of the values, with their numbers; the last
  // one among them.
  function thin(values) {
    const stride = Math.ceil(values.length / 400), last = values.length - 1;
    return Array.from({length: Math.ceil(last / stride) + 1}, (_, k) =>
      Math.min(k * stride, last)).map((n) => [n, values[n]]);
  }

  function part(tag, attributes, text = "") {
    const element = document.createElementNS(NAMESPACE, tag);
    for (const [name, value] of Object.entries(attributes))
      element.setAttribute(name, value);
    element.textContent = text;
    return element;
  }

  // Round numbers from a to b, about that many.
  function ticks(a, b, count) {
    const raw = (b - a) / count, unit = 10 ** Math.floor(Math.log10(raw));
    const step = unit * [1, 2, 5, 10].find((m) => m * unit >= raw * 0.999);
    const result = [];
    for (let k = Math.ceil(a / step - 1e-9); k * step <= b + step * 1e-9;
      k++)
      result.push(k * step);
    return result;
  }

  function short(value) {
    return String(Number(value.toPrecision(3))).replace("-", "\u2212");
  }

  return {colours, fit, pixels, plane, curve, small, losses, part, short,
          fresh};
})();
