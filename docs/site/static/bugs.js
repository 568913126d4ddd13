"use strict";
// Bugs of the museum, planted into the JavaScript of net.js and
// optimizers.js as tests/museum plants them into scratch.
(() => {
  const lectures = globalThis.lectures ??= {};
  const BINARY = "binary_cross_entropy_with_logits";

  // In a class or function the old lines and the new ones; then what the
  // choice must have for the bug to matter: an option, a loss, ...
  const BUGS = {
    "class Optimizer": {
      "zero-grad-forgotten": [{"p.grad = null;": ";"}],
    },
    "class SGD": {
      "sgd-ascent": [{"p - lr * g": "p + lr * g"}],
      "sgd-lr-twice": [{"p - lr * g": "p - lr * (lr * g)"}],
      "sgd-decay-sign": [{
        "g + weight_decay * p": "g - weight_decay * p"}, "weight_decay"],
      "momentum-not-kept": [{
        "state.momentum_buffer = v;": ""}, "momentum"],
      "momentum-is-an-average": [{
        "v === undefined ? g :": "v === undefined ? (1 - momentum) * g :",
        "(1 - dampening) * g": "(1 - momentum) * g"}, "momentum"],
      "nesterov-looks-back": [{
        "state.momentum_buffer = v;":
        "const old = state.momentum_buffer ?? v;\n"
        + "          state.momentum_buffer = v;",
        "g + momentum * v : v": "g + momentum * old : v"}, "nesterov"],
      "nesterov-is-momentum": [{
        "nesterov ? g + momentum * v : v": "v"}, "nesterov"],
    },
    "class RMSprop": {
      "rmsprop-starts-at-g2": [{
        "state.square_avg ?? 0": "state.square_avg ?? g * g"}],
      "rmsprop-alpha-swapped": [{
        "alpha * (state.square_avg ?? 0) + (1 - alpha) * g * g":
        "(1 - alpha) * (state.square_avg ?? 0) + alpha * g * g"}],
      "centered-mean-squared-once": [{
        "s = s - m * m": "s = s - m"}, "centered"],
    },
    "class Adagrad": {
      "adagrad-decay-off-by-one": [{
        "lr / (1 + (t - 1) * lr_decay);": "lr / (1 + t * lr_decay);",
      }, "lr_decay"],
      "adagrad-without-root": [{"(Math.sqrt(s) + eps)": "(s + eps)"}],
      "adagrad-forgets": [{
        "state.sum = (state.sum ?? 0) + g * g": "state.sum = g * g"}],
    },
    "class Adam": {
      "adam-no-t": [{
        "1 - b1 ** t)": "1 - b1)", "1 - b2 ** t)": "1 - b2)"}],
      "adam-t-off-by-one": [{
        "1 - b1 ** t)": "1 - b1 ** (t + 1))",
        "1 - b2 ** t)": "1 - b2 ** (t + 1))"}],
      "adam-uncorrected": [{
        "lr / (1 - b1 ** t);": "lr;", " / (1 - b2 ** t) ** 0.5": ""}],
      "adam-v-uncorrected": [{" / (1 - b2 ** t) ** 0.5": ""}],
      "adam-betas-swapped": [{"[b1, b2] = betas": "[b2, b1] = betas"}],
      "adam-eps-in-the-root": [{
        "Math.sqrt(v) / (1 - b2 ** t) ** 0.5 + eps":
        "Math.sqrt(v / (1 - b2 ** t) + eps)"}],
      "adam-v-starts-at-g2": [{
        "state.exp_avg_sq ?? 0": "state.exp_avg_sq ?? g * g"}],
      "adam-m-from-the-wrong-end": [{"g, 1 - b1)": "g, b1)"}],
      "adam-without-root": [{
        "Math.sqrt(v) / (1 - b2 ** t) ** 0.5": "v / (1 - b2 ** t)"}],
      "adam-correction-multiplied": [{
        "lr / (1 - b1 ** t);": "lr * (1 - b1 ** t);",
        " / (1 - b2 ** t) ** 0.5": " * (1 - b2 ** t) ** 0.5"}],
      "amsgrad-not-kept": [{
        "state.max_exp_avg_sq = v;": ""}, "amsgrad"],
    },
    "class AdamW": {
      "adamw-decay-without-lr": [{
        "1 - lr * weight_decay": "1 - weight_decay"}, "weight_decay"],
      "adamw-coupled": [{
        "p = p * (1 - lr * weight_decay);": ";",
        "{...options, weight_decay: 0}": "options"}, "weight_decay"],
      "adamw-decay-after-the-step": [{
        "p = p * (1 - lr * weight_decay);": ";",
        "{...options, weight_decay: 0});":
        "{...options, weight_decay: 0})\n"
        + "          * (1 - lr * weight_decay);"}, "weight_decay"],
    },
    "const mean": {
      "sum-for-mean": [{
        "sum / n, upstream.map((g) => g / n)": "sum, upstream"}],
    },
    "function mse_loss_gradient": {
      "half-the-square": [{
        "error * error": "0.5 * error * error",
        "2 * error": "error"}, "mse_loss"],
      "gradient-of-the-sum": [{
        "mean(loss, upstream, y.length)": "[loss / y.length, upstream]",
      }, "mse_loss"],
    },
    "function binary_cross_entropy_with_logits_gradient": {
      "logits-through-a-probability": [{
        "loss += linear + Math.log1p(Math.exp(-Math.abs(x)));":
        "const p = 1 / (1 + Math.exp(-x));\n        loss += "
        + "(y[i] - 1) * Math.log(1 - p) - y[i] * Math.log(p);",
        "sigmoid(x) - y[i]":
        "((1 - y[i]) / (1 - p) - y[i] / p) * p * (1 - p)"}, BINARY],
      "sigmoid-slope-twice": [{
        "return sigmoid(x) - y[i];": "const s = sigmoid(x);\n"
        + "        return (s - y[i]) * s * (1 - s);"}, BINARY],
    },
    "function cross_entropy_gradient": {
      "label-shifted": [{
        "label = y[i],": "label = (y[i] + classes - 1) % classes,",
      }, "cross_entropy"],
      "softmax-without-maximum": [{
        "Math.max(highest, x[row + c])": "0"}, "cross_entropy"],
      "log-softmax-maximum-not-given-back": [{
        "(x[row + label] - highest)": "x[row + label]"}, "cross_entropy"],
      "softmax-entry-by-entry": [{
        "= p - q;": "= (p - q) * p * (1 - p);"}, "cross_entropy"],
    },
    "function linear_parameter_gradients": {
      "bias-gradient-is-a-mean": [{"bias[c] += g;": "bias[c] += g / rows;"}],
    },
    "const activations": {
      "relu-masks-by-the-gradient": [{
        "h <= 0 ? 0 : g": "g <= 0 ? 0 : g"}, "relu"],
    },
    "class MLP": {
      "start-without-root": [{"1 / m ** 0.5": "1 / m"}, "hidden"],
      "start-from-another-draw": [{
        "[this.activation,": "generator = new lectures.Generator(0);\n"
        + "        [this.activation,"}, "hidden", "seed"],
      "relu-left-out": [{
        "if (i < last) x = x.map(this.activation);": "",
        "upstream = this.through(h[i], upstream);": ""}, "relu"],
      "relu-after-the-last-layer": [{
        "if (i < last) x": "x",
        "backward(h, upstream) {": "backward(h, upstream) {\n"
        + "        upstream = this.through(h.at(-1), upstream);"}, "relu"],
      "relu-forgotten-on-the-way-back": [{
        "upstream = this.through(h[i], upstream);": ""}, "relu"],
      "bias-left-out": [{"=> [weight, bias]);": "=> [weight]);"}],
    },
    "function* batches": {
      "never-shuffled": [{
        "= generator.randperm(rows)": "= [...Array(rows).keys()]",
      }, "batch_size"],
      "shuffle-x-without-y": [{
        "(i) => y[i]": "(_, k) => y[start + k]"}, "batch_size"],
    },
    "function* train": {
      "partial-batch-by-the-full-size": [{
        "model.backward(h, upstream);": "model.backward(h, upstream.map(\n"
        + "            (g) => g * targets.length / size));"}, "batch_size"],
    },
  };

  // The code with new lines in one class or function, as in plant.py.
  function plant(code, where, patch) {
    const source = String(code);
    // up to the next definition
    const [body] = source.match(new RegExp(
      `\\n    ${where.replace("*", "\\*")}\\b[^]*?(?=\\n\\n    \\S)`)) ?? [];
    if (body === undefined) return code;
    let changed = body;
    for (const [old, now] of Object.entries(patch)) {
      if (changed.split(old).length !== 2)
        throw new Error(`'${old}' must be in ${where} once`);
      changed = changed.replace(old, () => now);
    }
    return new Function(
      `"use strict"; return ${source.replace(body, () => changed)}`)();
  }

  // Net and optimisers, with a bug or with none ("").
  function planted(name) {
    let code = [lectures.engine, lectures.optimizers];
    for (const [where, bugs] of Object.entries(BUGS))
      if (Object.hasOwn(bugs, name))
        code = code.map((one) => plant(one, where, bugs[name][0]));
    return {engine: code[0](), optimizers: code[1]()};
  }

  // The names of the bugs that matter for a choice.
  function applicable(choice) {
    const {widths, activation, loss, options, optimizer} = choice;
    const optimizers = lectures.optimizers(), hidden = widths.length > 2;
    const facts = {...optimizers[optimizer].defaults, ...options, ...choice,
                   [loss]: true, hidden,
                   relu: hidden && activation === "relu"};
    // Its class, and those that it inherits from.
    const unused = new Set(Object.keys(optimizers));
    for (let one = optimizers[optimizer]; one.name;
         one = Object.getPrototypeOf(one))
      unused.delete(one.name);
    return Object.entries(BUGS).flatMap(([where, bugs]) =>
      unused.has(where.split(" ")[1]) ? [] : Object.keys(bugs).filter(
        (name) => bugs[name].slice(1).every((fact) => facts[fact])));
  }

  lectures.bugs = {BUGS, planted, applicable};
})();
