"use strict";
// What the playground shows, as an address, and back:
// #data=blobs&net=2-10-2&opt=Adam&lr=0.1&bug=adam-no-t&step=200
//
// A state has these entries, with all options of the optimiser; `step`
// is how many steps were trained, `unit` the one that is looked at, "1.3"
// for the third of the first hidden layer. `spec` is what the page says
// is possible, see docs/site/board.py.
(globalThis.lectures ??= {}).address = (() => {
  const MOST_STEPS = 20000;
  // Short: other entries are there only if they are not as usual.
  const ALWAYS = ["data", "net", "opt", "lr"];
  const {keys} = Object;

  // Each entry: its name, its usual value, what reads it (undefined if
  // it is impossible), and what is possible. The later ones depend on
  // the state so far.
  function* entries(state, spec) {
    yield ["data", spec.start.data, ...among(keys(spec.data))];
    const {inputs, outputs, rows} = spec.data[state.data];
    yield ["loss", keys(outputs)[0], ...among(keys(outputs))];
    const last = outputs[state.loss], units = range(1, spec.width);
    yield ["net", [inputs, ...spec.start.hidden, last], (said) => {
      const widths = said.split("-").map(Number);
      const hidden = widths.slice(1, -1);
      return [inputs, ...hidden, last].join("-") === said
        && hidden.length <= spec.layers && hidden.every(units)
        ? widths : undefined;
    }, `${inputs}-${last}, ${inputs}-10-${last}, ${inputs}-4-4-${last} …`];
    yield ["act", spec.activations[0], ...among(spec.activations)];
    yield ["opt", spec.start.opt, ...among(keys(spec.optimizers))];
    for (const [name, usual] of Object.entries(spec.optimizers[state.opt]))
      yield [name, name === "lr" ? spec.start.lr : usual, ...option(usual)];
    yield ["batch", 0, ...whole(rows)];
    yield ["seed", 0, ...whole(2 ** 32 - 1)];
    yield ["bug", "", ...among(lectures.net.bugs(choice(state, spec)))];
    yield ["step", 0, ...whole(MOST_STEPS)];
    yield ["unit", "", (said) => {
      const [layer, unit] = said.split(".");
      return layer >= 1 && range(1, state.net[layer])(Number(unit))
        ? said : undefined;
    }, "1.1, 1.2 …"];
  }

  const range = (low, high) => (n) =>
    Number.isInteger(n) && low <= n && n <= high;
  const among = (values) =>
    [(said) => values.find((one) => String(one) === said),
     values.join(", ") || "-"];
  const number = (said) =>
    said.trim() && said >= 0 && isFinite(said) ? Number(said) : undefined;
  const whole = (most) => [(said) =>
    range(0, most)(number(said)) ? Number(said) : undefined,
                           `0, 1, …, ${most}`];

  function option(usual) {
    if (typeof usual === "boolean") return among([true, false]);
    if (!Array.isArray(usual)) return [number, "0, 0.001, 0.1 …"];
    return [(said) => {
      const all = said.split(",").map(number);
      return all.length === usual.length && !all.includes(undefined)
        ? all : undefined;
    }, String(usual)];
  }

  // Throws an error with what is impossible, and what is possible.
  function read(text, spec) {
    const state = {}, parts = new URLSearchParams(text.replace("#", ""));
    const impossible = (name, wanted) => Object.assign(new Error(), {
      part: `${name}=${parts.get(name)}`, wanted});
    for (const [name, usual, parse, wanted] of entries(state, spec)) {
      state[name] = parts.has(name) ? parse(parts.get(name)) : usual;
      if (state[name] === undefined) throw impossible(name, wanted);
    }
    for (const name of parts.keys())
      if (!(name in state)) throw impossible(name, keys(state).join(", "));
    return state;
  }

  function write(state, spec) {
    const parts = [];
    for (const [name, usual] of entries(state, spec)) {
      const said = [state[name]].flat().join(name === "net" ? "-" : ",");
      if (ALWAYS.includes(name) || said !== String(usual))
        parts.push(`${name}=${said}`);
    }
    return `#${parts.join("&")}`;
  }

  // What net.js calls a choice.
  function choice(state, spec) {
    const {data, loss, net, act, opt, batch, seed, bug} = state;
    return {data, loss, widths: net, activation: act, optimizer: opt,
            batch_size: batch, seed, bug: bug ?? "",
            options: Object.fromEntries(keys(spec.optimizers[opt]).map(
              (name) => [name, state[name]]))};
  }

  return {read, write, choice, MOST_STEPS};
})();
