"use strict";
// The form of the playground. Its fields have the names of the address,
// so that what they say is read and checked as an address is.
(globalThis.lectures ??= {}).form = (form, {data, spec, words}) => {
  const {address, net} = lectures;
  // Round learning rates, for the slider.
  const RATES = [-4, -3, -2, -1, 0, 1].flatMap((power) =>
    [1, 2, 3, 5, 7].map((n) => Number(`${n}e${power}`)));
  const STEPS = {eps: "any", momentum: 0.1, dampening: 0.1, lr_decay: 0.1};
  const fields = (name) => form.querySelectorAll(`[name="${name}"]`);

  // Show a state.
  function fill(state) {
    const hidden = state.net.slice(1, -1), {lr, bug} = state;
    menu("loss", Object.keys(spec.data[state.data].outputs));
    menu("bug", net.bugs(address.choice(state, spec)));
    layers(hidden);
    list(state.opt);
    const far = RATES.map((rate) => Math.abs(Math.log(rate / (lr || 1e-9))));
    const rate = far.indexOf(Math.min(...far));
    for (const [name, value] of Object.entries({
      ...state, net: hidden, rate}))
      for (const [n, field] of fields(name).entries())
        if (typeof value === "boolean") field.checked = value;
        else field.value = [value].flat()[n];
    form.elements.rate.ariaValueText = String(lr);
    const about = form.querySelector(".about-bug");
    about.hidden = !bug;
    about.querySelector("q").textContent = data.bugs[bug] ?? "";
    about.querySelector("a").href = `bugs.html#${bug}`;
  }

  // The options of a menu, after those that the page has.
  function menu(name, values) {
    const select = form.elements[name];
    select.replaceChildren(
      ...[...select.options].filter((one) => !one.value),
      ...values.map((value) => new Option(value, value)));
  }

  function layers(hidden) {
    const rows = form.querySelector(".layers");
    while (rows.children.length > hidden.length) rows.lastChild.remove();
    while (rows.children.length < hidden.length) {
      const copy = form.querySelector("template").content.cloneNode(true);
      const layer = rows.children.length + 1;
      for (const part of copy.querySelectorAll("[aria-label]"))
        part.ariaLabel = part.ariaLabel.replace("{layer}", layer);
      copy.querySelector("span").textContent = words.hidden.replace(
        "{layer}", layer);
      rows.append(copy);
    }
    form.querySelector("[value=add]").disabled = hidden.length >= spec.layers;
  }

  // A field, a box to tick, or several fields for each option.
  function list(optimizer) {
    const box = form.querySelector(".options");
    if (box.dataset.of === optimizer) return;
    box.dataset.of = optimizer;
    box.replaceChildren(...Object.entries(spec.optimizers[optimizer]).filter(
      ([name]) => name !== "lr").map(([name, value]) => {
      const label = document.createElement("label");
      const code = document.createElement("code");
      code.textContent = name;
      label.append(code, ...[value].flat().map((one, n, all) => {
        const field = Object.assign(document.createElement("input"), {
          name, type: typeof one === "boolean" ? "checkbox" : "number",
          step: STEPS[name] ?? 0.01, min: 0});
        if (all.length > 1) field.ariaLabel = `${name}[${n}]`;
        return field;
      }));
      return label;
    }));
  }

  // What the reader has chosen, as a state; throws if it is impossible.
  // `changed` is the field that was changed, or the button that was
  // pressed, for the layers of the net.
  function chosen(state, changed) {
    const said = {};
    for (const field of form.elements)
      if (field.name) (said[field.name] ??= []).push(
        field.type === "checkbox" ? field.checked : field.value);
    const {net: hidden = [], bug: [bug], rate} = said;
    const row = [...form.querySelectorAll(".layers > li")].indexOf(
      changed.closest("li"));
    if (changed.value === "add") hidden.push(hidden.at(-1) ?? 4);
    if (changed.value === "remove") hidden.splice(row, 1);
    if (changed.value === "more") hidden[row]++;
    if (changed.value === "fewer") hidden[row]--;
    if (changed.name === "rate") said.lr = RATES[rate];
    const {inputs, outputs} = spec.data[said.data];
    if (!outputs[said.loss]) said.loss = Object.keys(outputs)[0];
    said.net = [inputs, ...hidden, outputs[said.loss]].join("-");
    // A new optimiser has options of its own, but for the learning rate.
    const gone = changed.name === "opt" ? Object.keys(
      spec.optimizers[state.opt]).filter((name) => name !== "lr") : [];
    for (const name of [...gone, "bug", "rate"]) delete said[name];
    const next = address.read(Object.entries(said).map(
      ([name, value]) => `${name}=${value}`).join("&"), spec);
    // What does not fit any more is left out.
    if (net.bugs(address.choice(next, spec)).includes(bug)) next.bug = bug;
    const [layer, unit] = state.unit.split(".");
    if (unit <= next.net[layer]) next.unit = state.unit;
    return next;
  }

  return {fill, chosen};
};
