"use strict";
// lectures.net: what the page calls. `start` checks a choice and begins
// its training; messages are those of scratch.
(() => {
  const lectures = globalThis.lectures ??= {};

  // A data set of docs/site/playground.py: x is a matrix with m columns,
  // y has a number for each row; are these labels? Images are strings,
  // with a digit from 0 to g, 16, for each pixel.
  function table(data, name) {
    const {x, y} = data[name];
    const rows = x.flatMap((row) => typeof row === "string"
      ? Array.from(row, (ink) => parseInt(ink, 36) / 16) : row);
    return {x: Float64Array.from(rows), y: Float64Array.from(y),
            m: x[0].length, labels: y.every(Number.isInteger)};
  }

  function check_whole(name, value, least) {
    if (!Number.isSafeInteger(value))
      throw new TypeError(`${name} must be an integer, got `
                          + (typeof value === "string" ? `'${value}'`
                             : value));
    if (value < least)
      throw new RangeError(`${name} must be at least ${least}, got ${value}`);
  }

  function check_name(name, value, names) {
    const last = names.at(-1), others = names.slice(0, -1).join(", ");
    if (!names.includes(value))
      throw new RangeError(`${name} must be `
                           + (others ? `${others} or ${last}` : last)
                           + `, got '${value}'`);
  }

  // Throw unless the choice has a meaning for its data.
  function check(choice, {y, m, labels}, engine) {
    const {widths, loss, batch_size, seed} = choice;
    if (widths.length < 2)
      throw new RangeError("widths must have at least two entries, got "
                           + `[${widths.join(", ")}]`);
    for (const width of widths) check_whole("widths", width, 1);
    const outputs = widths.at(-1), rows = y.length;
    if (widths[0] !== m)
      throw new RangeError(`widths must start with ${m}, the features of `
                           + `${choice.data}, got ${widths[0]}`);
    if (widths.length > 2)
      check_name("activation", choice.activation,
                 Object.keys(engine.activations));
    check_name("loss", loss, Object.keys(engine.losses));
    if (loss === "cross_entropy") {
      if (!labels)
        throw new TypeError("target must have dtype torch.int64, got "
                            + "torch.float64");
      const outside = y.find((label) => label >= outputs);
      if (outside !== undefined)
        throw new RangeError(`target must be from 0 to ${outputs - 1}, `
                             + `got ${outside}`);
    } else if (outputs !== 1)
      throw new RangeError("input and target must have the same shape, got "
                           + `(${rows}, ${outputs}) and (${rows}, 1)`);
    if (loss === "binary_cross_entropy_with_logits") {
      const outside = y.find((value) => value < 0 || value > 1);
      if (outside !== undefined)
        throw new RangeError(`target must be in [0, 1], got ${outside}`);
    }
    // 0 stands for all rows.
    if (batch_size !== 0) check_whole("batch_size", batch_size, 1);
    check_whole("seed", seed, 0);
  }

  class Run {
    constructor(choice, data) {
      choice = {activation: "relu", options: {}, batch_size: 0, seed: 0,
                bug: "", ...choice};
      check_name("data", choice.data, ["blobs", "parabola", "digits"]);
      check_name("optimizer", choice.optimizer,
                 Object.keys(lectures.optimizers()));
      const {x, y, m, labels} = table(data, choice.data);
      check(choice, {y, m, labels}, lectures.engine());
      if (choice.bug)
        check_name("bug", choice.bug, lectures.bugs.applicable(choice));
      const {engine, optimizers} = lectures.bugs.planted(choice.bug);
      // One generator for the start and one for the mini-batches, with
      // the same seed, as in `python -m scratch`.
      const begin = () => new lectures.Generator(choice.seed);
      this.model = new engine.MLP(choice.widths, begin(), choice.activation);
      const optimizer = new optimizers[choice.optimizer](
        this.model.parameters(), choice.options);
      this.training = engine.train(
        optimizer, this.model, engine.losses[choice.loss], x, y,
        choice.batch_size, begin());
      Object.assign(this, {choice, x, y, losses: [], diverged: false});
    }

    // One update; returns the loss before it.
    step() {
      const loss = this.training.next().value;
      this.losses.push(loss);
      if (!Number.isFinite(loss)) this.diverged = true;
      return loss;
    }

    get step_count() {
      return this.losses.length;
    }

    get layers() {
      return this.model.layers;
    }

    // Those of the last step.
    get gradients() {
      return this.layers.map(({m, n, weight, bias}) => ({
        m, n, weight: weight.grad, bias: bias.grad}));
    }

    // The outputs for these rows, and what each hidden layer hands on.
    output(rows, count) {
      if (rows.length !== count * this.choice.widths[0])
        throw new RangeError(
          `rows must have shape (${count}, ${this.choice.widths[0]}), got `
          + `${rows.length} numbers`);
      const [, ...hidden] = this.model.forward(rows);
      return {outputs: hidden.pop(), hidden};
    }

    // The fraction of rows whose class is right; null without classes.
    accuracy() {
      if (this.choice.loss === "mse_loss") return null;
      const {outputs} = this.output(this.x, this.y.length);
      const classes = outputs.length / this.y.length;
      const right = this.y.filter((label, i) => {
        const row = outputs.subarray(i * classes, (i + 1) * classes);
        // One output: 1 where the logit is above 0. Several: the largest.
        return label === (classes === 1 ? Number(row[0] > 0)
          : row.indexOf(Math.max(...row)));
      });
      return right.length / this.y.length;
    }
  }

  lectures.net = {
    start: (choice, data) => new Run(choice, data),
    bugs: (choice) => lectures.bugs.applicable(choice),
    table,
  };
})();
