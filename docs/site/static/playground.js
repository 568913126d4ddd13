"use strict";
// The playground: its controls, the training, and the address. What is
// drawn is in board.js and plots.js, what is trained in net.js.
document.addEventListener("DOMContentLoaded", () => {
  const {address, board, net, plots} = lectures;
  const form = document.querySelector(".playground");
  const page = JSON.parse(form.querySelector("script").textContent);
  const {data, words, spec} = page;
  const controls = lectures.form(form, page);
  const trouble = form.querySelector(".trouble");
  const [run, step, reset, copy] = ["run", "step", "reset", "copy"].map(
    (name) => form.querySelector(`[data-do=${name}]`));
  const speed = form.querySelector("[data-do=speed]");
  const curves = form.querySelector(".losses svg");
  // Milliseconds of a frame for training; the rest is for the drawings.
  const BUDGET = 14;
  const panels = [...form.querySelectorAll(".panel")].map((one) => ({
    kind: one.dataset.kind, box: one, run: null,
    board: board.panel(one, words, lookAt),
    status: one.querySelector("output"),
  }));
  const [right, wrong] = panels;
  const views = {};
  let state, colours, running = false, frame = 0, drawn = 0, told = 0;
  let written = "";

  // Starts the trainings of a state: one, or two if a bug is planted.
  function begin(next) {
    const choice = address.choice(next, spec);
    const started = [net.start({...choice, bug: ""}, data)];
    if (next.bug) started.push(net.start(choice, data));
    state = next;
    [right.run, wrong.run] = [started[0], started[1] ?? null];
    wrong.box.hidden = !state.bug;
    form.classList.toggle("two", Boolean(state.bug));
    views[state.data] ??= board.view(net.table(data, state.data));
    drawn = 0;
    controls.fill(state);
    tell();
    wake();
  }

  // What the reader has chosen, if it is possible; else a message, and
  // all stays as it was.
  function change(part) {
    attempt(() => {
      const next = controls.chosen(state, part);
      begin({...next, step: running ? 0 : state.step});
    }, words.impossible);
  }

  function attempt(action, message) {
    try {
      action();
      trouble.hidden = true;
      return true;
    } catch (error) {
      trouble.textContent = error.wanted === undefined ? error.message
        : message.replace("{part}", error.part).replace(
          "{wanted}", error.wanted);
      trouble.hidden = false;
      if (state) controls.fill(state);
      return false;
    }
  }

  function fromAddress() {
    const {hash} = location;
    if (hash === written && state) return;
    if (running) go(false);
    const text = document.getElementById(hash.slice(1)) ? "" : hash;
    if (!attempt(() => begin(address.read(text, spec)), words.bad_address))
      begin(address.read("", spec));
  }

  // The address in the browser: of what is seen now. Without one the
  // page shows its default.
  function tell() {
    const usual = address.write(address.read("", spec), spec);
    written = address.write(state, spec);
    if (location.hash || written !== usual)
      history.replaceState(null, "", written);
  }

  function lookAt(unit) {
    state.unit = state.unit === unit ? "" : unit;
    tell();
    draw();
  }

  // Training

  function wake() {
    if (!frame) frame = requestAnimationFrame(advance);
  }

  function advance(now) {
    frame = 0;
    const end = performance.now() + BUDGET;
    const trained = right.run.step_count;
    for (let n = 0; performance.now() < end
         && (running ? n < Number(speed.value)
                     : right.run.step_count < state.step); n++) {
      for (const {run} of panels)
        if (run && (run === right.run || !run.diverged)) run.step();
    }
    if (running) state.step = right.run.step_count;
    // Browsers allow an address to change a few times a second.
    if (running && now - told > 1000) {
      told = now;
      tell();
    }
    if (running && (state.step >= address.MOST_STEPS
                    || right.run.diverged && !wrong.run)) go(false);
    const behind = right.run.step_count < state.step;
    // On the way to a given step the drawings may wait.
    if (!behind || now - drawn > 200 || !trained) {
      drawn = now;
      draw();
    }
    if (running || behind) wake();
  }

  function go(on) {
    running = on;
    run.textContent = on ? run.dataset.pause : run.dataset.run;
    if (on) wake();
    else tell();
  }

  // Drawing

  function draw() {
    const seen = views[state.data];
    colours ??= plots.colours();
    for (const {run, board: one, status} of panels) {
      if (!run) continue;
      one.draw(run, state, seen, colours);
      status.textContent = said(run);
    }
    form.querySelector(".count").textContent = right.run.step_count;
    plots.losses(curves, panels.filter((one) => one.run).reverse().map(
      ({kind, run}) => ({kind: state.bug ? kind : "only",
                         losses: run.losses})));
  }

  function said(run) {
    const loss = run.losses.at(-1), accuracy = run.accuracy();
    const usual = right.run.losses.at(-1);
    if (loss === undefined) return words.untrained;
    if (run.diverged)
      return words.diverged.replace("{step}", run.losses.findIndex(
        (one) => !isFinite(one)) + 1);
    return words.loss.replace("{loss}", plots.short(loss)) + (
      accuracy === null ? "" : words.accuracy.replace(
        "{accuracy}", (100 * accuracy).toFixed(1))) + (
      run === wrong.run && Math.abs(loss - usual) <= 1e-9 * usual
        ? words.equal : "");
  }

  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("change", ({target}) => {
    if (target.name && target.name !== "rate") change(target);
  });
  form.elements.rate.addEventListener("input", ({target}) => change(target));
  form.addEventListener("click", ({target}) => {
    if (target.matches("button[value]")) change(target);
    // The row of the layer that was removed
    if (!target.isConnected) form.querySelector("[value=add]").focus();
  });
  run.addEventListener("click", () => go(!running));
  step.addEventListener("click", () => {
    go(false);
    state.step = Math.min(right.run.step_count + 1, address.MOST_STEPS);
    tell();
    wake();
  });
  reset.addEventListener("click", () => {
    go(false);
    attempt(() => begin({...state, step: 0}));
  });
  copy.addEventListener("click", async () => {
    history.replaceState(null, "", address.write(state, spec));
    let told = copy.dataset.copied;
    try {
      await navigator.clipboard.writeText(location.href);
    } catch {
      told = copy.dataset.failed;
    }
    copy.textContent = told;
    setTimeout(() => copy.textContent = copy.dataset.copy, 2000);
  });
  addEventListener("hashchange", () => {
    fromAddress();
    form.scrollIntoView({block: "start"});
  });
  const watcher = new ResizeObserver((entries) => {
    for (const {target, contentRect} of entries)
      plots.fit(target, contentRect);
    // Before the browser shows a canvas that its new size has cleared.
    draw();
  });
  const repaint = () => {
    colours = null;
    wake();
  };
  matchMedia("(prefers-color-scheme: dark)").addEventListener(
    "change", repaint);
  new MutationObserver(repaint).observe(
    document.body, {attributeFilter: ["data-theme"]});
  fromAddress();
  for (const drawing of [curves, ...form.querySelectorAll(".picture")]) {
    plots.fit(drawing, drawing.getBoundingClientRect());
    watcher.observe(drawing);
  }
});
