"use strict";
// A panel of the playground: one net as a diagram, and a picture of what
// it, or one of its units, answers. Each unit is a button with a small
// picture of its own.
(globalThis.lectures ??= {}).board = (() => {
  const {pixels, plane, curve, small, part, short, fresh} = lectures.plots;
  // values along each side of a plane, and along a line
  const SIDE = 50, LINE = 161;
  const COLUMNS = 8, ROWS = 7;

  // Where the net is looked at: over the plane or line of its inputs, or
  // on the first images.
  function view({x, y, m}) {
    const points = Array.from(y, (_, n) => x.subarray(n * m, n * m + m));
    if (m > 2) {
      const count = Math.min(COLUMNS * ROWS, y.length);
      return {kind: "image", m, count, points, y,
              rows: x.subarray(0, count * m)};
    }
    const range = around(x, 0.08);
    const along = (n, count) =>
      range[0] + n / (count - 1) * (range[1] - range[0]);
    if (m === 1)
      return {kind: "line", m, count: LINE, points, y, range,
              rows: Float64Array.from({length: LINE}, (_, n) =>
                along(n, LINE)),
              heights: around(y, 0.2)};
    const rows = Float64Array.from({length: 2 * SIDE * SIDE}, (_, n) =>
      n % 2 ? along(SIDE - 1 - Math.floor(n / 2 / SIDE), SIDE)
        : along(n / 2 % SIDE, SIDE));
    return {kind: "plane", m, count: SIDE * SIDE, rows, points, y, range};
  }

  // The units of a net, and the edges between them. `look` is called
  // with the name of the unit that was pressed, as in an address.
  function panel(box, words, look) {
    const diagram = box.querySelector(".net");
    const svg = diagram.querySelector("svg");
    const picture = box.querySelector(".picture");
    const formula = box.querySelector(".formula");
    let units = [], edges = [], shape = "";

    function build(state, seen) {
      const widths = state.net;
      const columns = seen.kind === "image" ? [1, ...widths.slice(1)]
        : widths;
      const most = Math.max(...columns);
      diagram.querySelectorAll(".unit, .column").forEach((one) =>
        one.remove());
      diagram.style.setProperty("--most", most);
      svg.setAttribute("viewBox", `0 0 100 ${most}`);
      const across = (layer) => layer / (columns.length - 1);
      const down = (layer, k) => most / 2 + k - (columns[layer] - 1) / 2;
      units = columns.map((n, layer) => {
        const name = document.createElement("span");
        name.className = "column";
        name.style.setProperty("--x", across(layer));
        name.textContent = layer === 0 ? words.input
          : layer === columns.length - 1 ? words.output
          : words.hidden.replace("{layer}", layer);
        diagram.append(name);
        return Array.from({length: n}, (_, k) => {
          const unit = layer ? button(layer, k, columns)
            : inputUnit(k, seen);
          unit.style.setProperty("--x", across(layer));
          unit.style.setProperty("--y", down(layer, k));
          diagram.append(unit);
          return unit;
        });
      });
      edges = columns.slice(1).map((n, at) => Array.from({length: n}, (_, k) =>
        Array.from({length: columns[at]}, (_, i) => {
          const [x, end] = [across(at) * 100, across(at + 1) * 100];
          const [y, last] = [down(at, i), down(at + 1, k)];
          const middle = (x + end) / 2;
          return part("path", {
            d: `M${x} ${y}C${middle} ${y} ${middle} ${last} ${end} ${last}`});
        })));
      svg.replaceChildren(...edges.flat(2));
    }

    function inputUnit(k, seen) {
      const unit = document.createElement("span");
      unit.className = "unit input";
      unit.textContent = seen.kind === "image"
        ? Array(2).fill(Math.sqrt(seen.m)).join("\u00d7")
        : inputName(k, seen.m);
      return unit;
    }

    function button(layer, k, columns) {
      const unit = document.createElement("button");
      unit.type = "button";
      unit.className = "unit";
      unit.ariaLabel = unitName(layer, k, columns);
      unit.title = unit.ariaLabel;
      unit.append(document.createElement("canvas"));
      unit.addEventListener("click", () => look(`${layer}.${k + 1}`));
      return unit;
    }

    function unitName(layer, k, widths) {
      if (layer < widths.length - 1)
        return words.one_hidden.replace("{layer}", layer).replace(
          "{unit}", k + 1);
      return widths[layer] === 1 ? words.one_output
        : words.one_class.replace("{unit}", k);
    }

    function draw(run, state, seen, colours) {
      const wanted = `${seen.kind} ${state.net}`;
      if (wanted !== shape) build(state, seen);
      shape = wanted;
      const {outputs, hidden} = run.output(seen.rows, seen.count);
      const layers = [...hidden, outputs];
      const [layer, unit] = state.unit.split(".").map(Number);
      drawEdges(run, seen, layer, unit);
      for (const [at, values] of layers.entries()) {
        const width = state.net[at + 1];
        for (let k = 0; k < width; k++) {
          const element = units[at + 1][k];
          const pressed = String(at + 1 === layer && k + 1 === unit);
          if (element.ariaPressed !== pressed) element.ariaPressed = pressed;
          face(element.firstChild, run.layers[at], column(values, width, k),
               k, at, seen, colours);
        }
      }
      const looking = layer ? column(
        layers[layer - 1], state.net[layer], unit - 1) : null;
      if (seen.kind === "plane")
        plane(picture, looking ? scaled(looking) : margin(outputs, state),
              looking || state.loss === "mse_loss" ? Number : sureness,
              seen.range, seen.points, seen.y, colours);
      else if (seen.kind === "line")
        curve(picture, seen.rows, looking ?? outputs, seen.range,
              looking ? even(looking) : seen.heights,
              looking ? [] : seen.points, seen.y, colours);
      else gallery(outputs, looking, state.net.at(-1), seen, colours);
      const said = looking ? describe(run, state, seen, layer, unit - 1)
        : words[seen.kind];
      if (formula.textContent !== said) formula.textContent = said;
    }

    function drawEdges(run, seen, layer, unit) {
      diagram.classList.toggle("looking", Boolean(layer));
      for (const [at, ends] of edges.entries()) {
        const {weight, m} = run.layers[at];
        for (const [k, paths] of ends.entries())
          for (const [i, path] of paths.entries()) {
            const w = paths.length === m ? weight[k * m + i] : NaN;
            const size = (0.5 + 2.4 * Math.sqrt(Math.min(9, Math.abs(w)))
            ).toFixed(1);
            const kind = `${w > 0 ? "up" : w <= 0 ? "down" : "none"}${
              at + 1 === layer && k + 1 === unit ? " into" : ""}`;
            if (path.size !== size)
              path.setAttribute("stroke-width", w > 0 || w <= 0 ? size : 1);
            if (path.kind !== kind) path.setAttribute("class", kind);
            Object.assign(path, {size, kind});
          }
      }
    }

    // The small picture on a unit.
    function face(canvas, {weight, m}, values, k, at, seen, colours) {
      if (seen.kind === "plane")
        pixels(canvas, scaled(values), colours.shades, 0.85);
      else if (seen.kind === "line") small(canvas, values, colours);
      else
        pixels(canvas, scaled(at === 0 ? weight.subarray(k * m, k * m + m)
          : preferred(values, seen)), colours.shades);
    }

    // Digits with the net's answers, or with what a unit answers.
    function gallery(outputs, looking, classes, seen, colours) {
      const [brush, width, height] = fresh(picture);
      const step = [width / COLUMNS, height / ROWS];
      const size = Math.min(step[0] - 10, step[1] - 22);
      const most = looking && Math.max(1e-12, ...looking.map(Math.abs));
      const tile = gallery.tile ??= document.createElement("canvas");
      brush.imageSmoothingEnabled = false;
      brush.textAlign = "center";
      for (let n = 0; n < seen.count; n++) {
        const x = (n % COLUMNS + 0.5) * step[0];
        const y = Math.floor(n / COLUMNS) * step[1] + 2;
        pixels(tile, seen.points[n], colours.inks);
        brush.drawImage(tile, x - size / 2, y, size, size);
        if (looking) {
          const length = looking[n] / most * size / 2;
          brush.fillStyle = length > 0 ? colours.one : colours.zero;
          brush.fillRect(x, y + size + 4, length, 7);
          continue;
        }
        const row = outputs.subarray(n * classes, (n + 1) * classes);
        const said = row.indexOf(Math.max(...row));
        brush.fillStyle = said === seen.y[n] ? colours.ink : colours.wrong;
        brush.font = brush.font.replace(/^.*?\d+px/, said === seen.y[n]
          ? "13px" : "bold 15px");
        brush.fillText(said < 0 ? "NaN" : said, x, y + size + 15);
      }
    }

    function describe(run, state, seen, layer, k) {
      const {weight, bias, m} = run.layers[layer - 1];
      const last = layer === state.net.length - 1;
      const sum = m > 16 ? words.image_sum : signed(
        [...weight.subarray(k * m, k * m + m)].map((w, i) => [
          w, layer > 1 ? `h${low(i + 1)}` : inputName(i, seen.m)]),
        bias[k]);
      return `${unitName(layer, k, state.net)} = ${
        last ? sum : `${state.act}(${sum})`}`;
    }

    return {draw};
  }

  function inputName(k, inputs) {
    return inputs === 1 ? "x" : `x${low(k + 1)}`;
  }

  function low(n) {
    return String(n).replace(/\d/g, (digit) =>
      String.fromCharCode(0x2080 + Number(digit)));
  }

  // 0.5 x₁ − 2 x₂ + 1
  function signed(terms, bias) {
    const all = [...terms, [bias, ""]].map(([w, name], n) =>
      `${w < 0 ? (n ? "\u2212 " : "\u2212") : n ? "+ " : ""}${
        short(Math.abs(w))}${name && "\u00a0"}${name}`);
    return all.join(" ");
  }

  function column(values, width, k) {
    const rows = new Float64Array(values.length / width);
    for (let n = 0; n < rows.length; n++) rows[n] = values[n * width + k];
    return rows;
  }

  function scaled(values) {
    let most = 1e-12;
    for (const v of values) if (Math.abs(v) > most) most = Math.abs(v);
    return values.map((v) => v / most);
  }

  // A range around 0.
  function even(values) {
    const most = 1.1 * Math.max(1e-12, ...values.map(Math.abs));
    return isFinite(most) ? [-most, most] : [-1, 1];
  }

  function around(values, part) {
    const low = Math.min(...values), high = Math.max(...values);
    const edge = part * (high - low);
    return [low - edge, high + edge];
  }

  // How much more the net is for class 1 than for class 0.
  function margin(outputs, {loss, net}) {
    if (loss === "mse_loss") return outputs.map((v) => 2 * v - 1);
    if (net.at(-1) === 1) return outputs;
    const zero = column(outputs, 2, 0);
    return column(outputs, 2, 1).map((one, n) => one - zero[n]);
  }

  // The probability of class 1, from -1 to 1.
  const sureness = (logit) => Math.tanh(logit / 2);

  // The mean image, each weighted by how far the unit's answer to it is
  // from its mean answer.
  function preferred(values, seen) {
    const mean = values.reduce((sum, v) => sum + v, 0) / values.length;
    const image = new Float64Array(seen.m);
    for (let n = 0; n < seen.count; n++)
      for (let i = 0; i < seen.m; i++)
        image[i] += (values[n] - mean) * seen.rows[n * seen.m + i];
    return image;
  }

  return {view, panel};
})();
