"use strict";
// Bugs of the museum, planted into the JavaScript of net.js and
// optimizers.js as tests/museum plants them into scratch: in a class or
// function, old lines: new lines. `when` tells for which choices.
(() => {
  const lectures = globalThis.lectures ??= {};
  const cross = ({loss}) => loss === "cross_entropy";
  const logits = ({loss}) => loss === "binary_cross_entropy_with_logits";
  const squares = ({loss}) => loss === "mse_loss";
  const hidden = ({widths}) => widths.length > 2;
  const relu = (choice) => hidden(choice) && choice.activation === "relu";
  const shuffled = ({batch_size}) => batch_size > 0;
  const bug = (where, patch, when = () => true) => ({where, patch, when});

  const BUGS = {
    "zero-grad-forgotten": bug("class Optimizer", {
      "p.grad = null;": ";"}),
    "sgd-ascent": bug("class SGD", {
      "p - lr * g": "p + lr * g"}),
    "sgd-lr-twice": bug("class SGD", {
      "p - lr * g": "p - lr * (lr * g)"}),
    "sgd-decay-sign": bug("class SGD", {
      "g + weight_decay * p": "g - weight_decay * p",
    }, ({weight_decay}) => weight_decay),
    "sgd-decay-after-momentum": bug("class SGD", {
      "if (weight_decay) g = g + weight_decay * p;":
      "const decay = weight_decay * p;",
      "p - lr * g": "p - lr * (g + decay)",
    }, ({momentum, weight_decay}) => momentum && weight_decay),
    "momentum-damped": bug("class SGD", {
      ": momentum * v + (1 - dampening) * g":
      ": momentum * v + (1 - momentum) * g",
    }, ({momentum}) => momentum),
    "momentum-dampens-the-first-step": bug("class SGD", {
      "v === undefined ? g :": "v === undefined ? (1 - dampening) * g :",
    }, ({momentum, dampening}) => momentum && dampening),
    "momentum-not-kept": bug("class SGD", {
      "state.momentum_buffer = v;": "",
    }, ({momentum}) => momentum),
    "momentum-is-an-average": bug("class SGD", {
      "v === undefined ? g : momentum * v + (1 - dampening) * g":
      "v === undefined ? (1 - momentum) * g\n"
      + "            : momentum * v + (1 - momentum) * g",
    }, ({momentum}) => momentum),
    "nesterov-looks-back": bug("class SGD", {
      "state.momentum_buffer = v;":
      "const old = state.momentum_buffer ?? v;\n"
      + "          state.momentum_buffer = v;",
      "g + momentum * v : v": "g + momentum * old : v",
    }, ({nesterov}) => nesterov),
    "nesterov-forgets-the-gradient": bug("class SGD", {
      "g + momentum * v : v": "momentum * v : v",
    }, ({nesterov}) => nesterov),
    "nesterov-is-momentum": bug("class SGD", {
      "nesterov ? g + momentum * v : v": "v",
    }, ({nesterov}) => nesterov),
    "rmsprop-starts-at-g2": bug("class RMSprop", {
      "state.square_avg ?? 0": "state.square_avg ?? g * g"}),
    "rmsprop-starts-at-ones": bug("class RMSprop", {
      "state.square_avg ?? 0": "state.square_avg ?? 1"}),
    "rmsprop-eps-in-the-root": bug("class RMSprop", {
      "Math.sqrt(s) + eps;": "Math.sqrt(s + eps);"}),
    "rmsprop-alpha-swapped": bug("class RMSprop", {
      "alpha * (state.square_avg ?? 0) + (1 - alpha) * g * g":
      "(1 - alpha) * (state.square_avg ?? 0) + alpha * g * g"}),
    "rmsprop-squares-the-weight": bug("class RMSprop", {
      "(1 - alpha) * g * g": "((1 - alpha) * g) ** 2"}),
    "centered-kept": bug("class RMSprop", {
      "s = s - m * m": "s = state.square_avg = s - m * m",
    }, ({centered}) => centered),
    "centered-mean-squared-once": bug("class RMSprop", {
      "s = s - m * m": "s = s - m",
    }, ({centered}) => centered),
    "adagrad-decay-off-by-one": bug("class Adagrad", {
      "lr / (1 + (t - 1) * lr_decay);": "lr / (1 + t * lr_decay);",
    }, ({lr_decay}) => lr_decay),
    "adagrad-without-root": bug("class Adagrad", {
      "(Math.sqrt(s) + eps)": "(s + eps)"}),
    "adagrad-forgets": bug("class Adagrad", {
      "state.sum = (state.sum ?? 0) + g * g": "state.sum = g * g"}),
    "adagrad-eps-in-the-root": bug("class Adagrad", {
      "Math.sqrt(s) + eps": "Math.sqrt(s + eps)"}),
    "adagrad-starts-at-0.1": bug("class Adagrad", {
      "state.sum ?? 0": "state.sum ?? 0.1"}),
    "adam-no-t": bug("class Adam", {
      "1 - b1 ** t)": "1 - b1)",
      "1 - b2 ** t)": "1 - b2)"}),
    "adam-t-off-by-one": bug("class Adam", {
      "1 - b1 ** t)": "1 - b1 ** (t + 1))",
      "1 - b2 ** t)": "1 - b2 ** (t + 1))"}),
    "adam-t-stands-still": bug("class Adam", {
      "state.step = (state.step ?? 0) + 1": "state.step = 1"}),
    "adam-uncorrected": bug("class Adam", {
      "lr / (1 - b1 ** t);": "lr;",
      " / (1 - b2 ** t) ** 0.5": ""}),
    "adam-v-uncorrected": bug("class Adam", {
      " / (1 - b2 ** t) ** 0.5": ""}),
    "adam-betas-swapped": bug("class Adam", {
      "[b1, b2] = betas": "[b2, b1] = betas"}),
    "adam-eps-in-the-root": bug("class Adam", {
      "Math.sqrt(v) / (1 - b2 ** t) ** 0.5 + eps":
      "Math.sqrt(v / (1 - b2 ** t) + eps)"}),
    "adam-eps-before-the-correction": bug("class Adam", {
      "Math.sqrt(v) / (1 - b2 ** t) ** 0.5 + eps":
      "(Math.sqrt(v) + eps) / (1 - b2 ** t) ** 0.5"}),
    "adam-squares-the-weight": bug("class Adam", {
      "(1 - b2) * g * g": "((1 - b2) * g) ** 2"}),
    "adam-v-of-sizes": bug("class Adam", {
      "(1 - b2) * g * g": "(1 - b2) * Math.abs(g)"}),
    "adam-v-starts-at-g2": bug("class Adam", {
      "state.exp_avg_sq ?? 0": "state.exp_avg_sq ?? g * g"}),
    "adam-v-starts-at-ones": bug("class Adam", {
      "state.exp_avg_sq ?? 0": "state.exp_avg_sq ?? 1"}),
    "adam-m-from-the-wrong-end": bug("class Adam", {
      "g, 1 - b1)": "g, b1)"}),
    "adam-without-root": bug("class Adam", {
      "Math.sqrt(v) / (1 - b2 ** t) ** 0.5 + eps":
      "v / (1 - b2 ** t) + eps"}),
    "adam-beta2-squared": bug("class Adam", {
      "1 - b2 ** t)": "1 - b2 ** 2)"}),
    "adam-corrected-twice": bug("class Adam", {
      "lr / (1 - b1 ** t);": "lr / (1 - b1 ** t) ** 2;",
      " / (1 - b2 ** t) ** 0.5": " / (1 - b2 ** t)"}),
    "adam-correction-multiplied": bug("class Adam", {
      "lr / (1 - b1 ** t);": "lr * (1 - b1 ** t);",
      " / (1 - b2 ** t) ** 0.5": " * (1 - b2 ** t) ** 0.5"}),
    "amsgrad-overwrites-v": bug("class Adam", {
      "state.max_exp_avg_sq = v;":
      "state.max_exp_avg_sq = state.exp_avg_sq = v;",
    }, ({amsgrad}) => amsgrad),
    "amsgrad-not-kept": bug("class Adam", {
      "state.max_exp_avg_sq = v;": "",
    }, ({amsgrad}) => amsgrad),
    "amsgrad-looks-one-back": bug("class Adam", {
      "v = Math.max(state.max_exp_avg_sq ?? v, v);":
      "const old = state.max_exp_avg_sq ?? 0;\n"
      + "          v = Math.max(old, v);",
      "state.max_exp_avg_sq = v;":
      "[state.max_exp_avg_sq, v] = [v, old];",
    }, ({amsgrad}) => amsgrad),
    "adamw-decay-without-lr": bug("class AdamW", {
      "1 - lr * weight_decay": "1 - weight_decay",
    }, ({weight_decay}) => weight_decay),
    "adamw-coupled": bug("class AdamW", {
      "p = p * (1 - lr * weight_decay);\n": "\n",
      "{...options, weight_decay: 0}": "options",
    }, ({weight_decay}) => weight_decay),
    "adamw-decay-after-the-step": bug("class AdamW", {
      "p = p * (1 - lr * weight_decay);\n": "\n",
      "return super.update(p, g, state, {...options, weight_decay: 0});":
      "return super.update(p, g, state, {...options, weight_decay: 0})\n"
      + "          * (1 - lr * weight_decay);",
    }, ({weight_decay}) => weight_decay),
    "sum-for-mean": bug("const mean", {
      "sum / n, upstream.map((g) => g / n)": "sum, upstream"}),
    "mean-twice": bug("const mean", {
      "sum / n, upstream.map((g) => g / n)":
      "sum / n / n, upstream.map((g) => g / n / n)"}),
    "half-the-square": bug("function mse_loss_gradient", {
      "error * error": "0.5 * error * error",
      "2 * error": "error",
    }, squares),
    "gradient-of-the-sum": bug("function mse_loss_gradient", {
      "return mean(loss, upstream, y.length);":
      "return [loss / y.length, upstream];",
    }, squares),
    "logits-through-a-probability": bug(
      "function binary_cross_entropy_with_logits_gradient", {
        "loss += linear + Math.log1p(Math.exp(-Math.abs(x)));":
        "const p = 1 / (1 + Math.exp(-x));\n"
        + "        loss += (y[i] - 1) * Math.log(1 - p)"
        + " - y[i] * Math.log(p);",
        "return sigmoid(x) - y[i];":
        "return ((1 - y[i]) / (1 - p) - y[i] / p) * p * (1 - p);",
      }, logits),
    "sigmoid-slope-twice": bug(
      "function binary_cross_entropy_with_logits_gradient", {
        "return sigmoid(x) - y[i];":
        "const s = sigmoid(x);\n"
        + "        return (s - y[i]) * s * (1 - s);",
      }, logits),
    "label-shifted": bug("function cross_entropy_gradient", {
      "label = y[i],": "label = (y[i] + classes - 1) % classes,",
    }, cross),
    "softmax-without-maximum": bug("function cross_entropy_gradient", {
      "let highest = -Infinity, sum": "let sum",
      "highest = Math.max(highest, x[row + c]);": ";",
      "(x[row + c] - highest)": "(x[row + c])",
      "(x[row + label] - highest)": "x[row + label]",
    }, cross),
    "log-softmax-maximum-not-given-back": bug(
      "function cross_entropy_gradient", {
        "(x[row + label] - highest)": "x[row + label]"}, cross),
    "softmax-entry-by-entry": bug("function cross_entropy_gradient", {
      "= p - q;": "= (p - q) * p * (1 - p);"}, cross),
    "relu-forgotten-on-the-way-back": bug("class MLP", {
      "upstream = this.through(h[i], upstream);": ""}, relu),
    "relu-masks-by-the-gradient": bug("const activations", {
      "h <= 0 ? 0 : g": "g <= 0 ? 0 : g"}, relu),
    "relu-left-out": bug("class MLP", {
      "if (i < last) x = x.map(this.activation);": "",
      "upstream = this.through(h[i], upstream);": "",
    }, relu),
    "relu-after-the-last-layer": bug("class MLP", {
      "if (i < last) x": "x",
      "backward(h, upstream) {":
      "backward(h, upstream) {\n"
      + "        upstream = this.through(h.at(-1), upstream);",
    }, relu),
    "bias-gradient-is-a-mean": bug("function linear_parameter_gradients", {
      "bias[c] += g;": "bias[c] += g / rows;"}),
    "bias-left-out": bug("class MLP", {
      "=> [weight, bias]);": "=> [weight]);"}),
    "start-without-root": bug("class MLP", {
      "1 / m ** 0.5": "1 / m"}, hidden),
    "start-from-another-draw": bug("class MLP", {
      "[this.activation, this.slope]":
      "generator = new lectures.Generator(0);\n"
      + "        [this.activation, this.slope]",
    }, (choice) => hidden(choice) && choice.seed > 0),
    "never-shuffled": bug("function* batches", {
      "= generator.randperm(rows)": "= [...Array(rows).keys()]"}, shuffled),
    "same-order-every-epoch": bug("function* batches", {
      "= generator.randperm": "= new lectures.Generator(0).randperm",
    }, shuffled),
    "shuffle-x-without-y": bug("function* batches", {
      "(i) => y[i]": "(_, k) => y[start + k]"}, shuffled),
    "partial-batch-by-the-full-size": bug("function* train", {
      "model.backward(h, upstream);":
      "model.backward(h, upstream.map(\n"
      + "            (g) => g * targets.length / size));",
    }, shuffled),
  };

  // The code with new lines in one class or function, as in plant.py.
  function plant(code, {where, patch}) {
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
    const code = [lectures.engine, lectures.optimizers];
    const [engine, optimizers] = name === "" ? code
      : code.map((one) => plant(one, BUGS[name]));
    return {engine: engine(), optimizers: optimizers()};
  }

  // The names of the bugs that make sense for a choice.
  function applicable(choice) {
    const optimizers = lectures.optimizers();
    const others = Object.keys(optimizers);
    const used = [];
    for (let one = optimizers[choice.optimizer]; one.name;
         one = Object.getPrototypeOf(one))
      used.push(one.name);
    const all = {...optimizers[choice.optimizer].defaults, ...choice,
                 ...choice.options};
    return Object.keys(BUGS).filter((name) => {
      const {where, when} = BUGS[name], owner = where.split(" ")[1];
      return when(all) && (used.includes(owner) || !others.includes(owner));
    });
  }

  lectures.bugs = {BUGS, planted, applicable};
})();
