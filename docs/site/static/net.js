"use strict";
// A net that trains in the page: scratch's formulas in JavaScript.
//
//   const run = lectures.net.start(choice, data);
//   run.step();    // one update; returns the loss before it
//
// A matrix is a Float64Array, row by row: x (rows, m), W (n, m), b (n,).
// G is the gradient of the loss with respect to a function's output.
(() => {
  // A function, so that bugs.js can plant a bug in its source.
  function engine() {
    // x W^T + b
    function linear(x, {m, n, weight, bias}) {
      const rows = x.length / m, output = new Float64Array(rows * n);
      for (let i = 0; i < rows; i++)
        for (let c = 0; c < n; c++) {
          let sum = 0;
          for (let j = 0; j < m; j++)
            sum += x[i * m + j] * weight[c * m + j];
          output[i * n + c] = sum + bias[c];
        }
      return output;
    }

    // dL/dx_ij = sum_c G_ic W_cj
    function linear_input_gradient({m, n, weight}, upstream) {
      const rows = upstream.length / n;
      const gradient = new Float64Array(rows * m);
      for (let i = 0; i < rows; i++)
        for (let c = 0; c < n; c++)
          for (let j = 0; j < m; j++)
            gradient[i * m + j] += upstream[i * n + c] * weight[c * m + j];
      return gradient;
    }

    // dL/dW_cj = sum_i G_ic x_ij,  dL/db_c = sum_i G_ic
    function linear_parameter_gradients({m, n}, x, upstream) {
      const rows = x.length / m;
      const weight = new Float64Array(n * m), bias = new Float64Array(n);
      for (let i = 0; i < rows; i++)
        for (let c = 0; c < n; c++) {
          const g = upstream[i * n + c];
          for (let j = 0; j < m; j++)
            weight[c * m + j] += g * x[i * m + j];
          bias[c] += g;
        }
      return {weight, bias};
    }

    // max(x, 0)
    const relu = (x) => x <= 0 ? 0 : x;

    // s = 1 / (1 + exp(-x)), without overflow
    function sigmoid(x) {
      const z = Math.exp(x < 0 ? x : -x);
      return (x < 0 ? z : 1) / (1 + z);
    }

    // t = (exp(x) - exp(-x)) / (exp(x) + exp(-x)), without overflow
    function tanh(x) {
      const power = 2 * (x < 0 ? x : -x), z = Math.exp(power);
      const difference = power > -1 ? -Math.expm1(power) : 1 - z;
      return (x < 0 ? -difference : difference) / (1 + z);
    }

    // dL/dx from an output h of the activation and its gradient g
    const activations = {
      relu: [relu, (h, g) => h <= 0 ? 0 : g],
      sigmoid: [sigmoid, (s, g) => g * s * (1 - s)],
      tanh: [tanh, (t, g) => g * (1 - t * t)],
    };

    // The mean of n losses, from their sum, and its gradient.
    const mean = (sum, upstream, n) => [
      sum / n, upstream.map((g) => g / n)];

    // L = mean((x - y)^2),  dL/dx = 2 (x - y) / n
    function mse_loss_gradient(x, y) {
      let loss = 0;
      const upstream = x.map((value, i) => {
        const error = value - y[i];
        loss += error * error;
        return 2 * error;
      });
      return mean(loss, upstream, y.length);
    }

    // L = mean(log(1 + exp(x)) - x y),  dL/dx = (s - y) / n
    function binary_cross_entropy_with_logits_gradient(logits, y) {
      let loss = 0;
      const upstream = logits.map((x, i) => {
        // exp(x) overflows: max(x, 0) - x y + log(1 + exp(-|x|))
        const linear = x * ((x < 0 ? 0 : 1) - y[i]);
        loss += linear + Math.log1p(Math.exp(-Math.abs(x)));
        return sigmoid(x) - y[i];
      });
      return mean(loss, upstream, y.length);
    }

    // L = mean(-log p_y) for p = softmax(x),  dL/dx = (p - q) / n, where
    // q is 1 at the class y, else 0
    function cross_entropy_gradient(x, y) {
      const classes = x.length / y.length, e = new Float64Array(classes);
      const upstream = new Float64Array(x.length);
      let loss = 0;
      for (let i = 0; i < y.length; i++) {
        const label = y[i], row = i * classes;
        // exp(x) overflows: the maximum is subtracted from every x
        let highest = x[row], sum = 0;
        for (let c = 0; c < classes; c++)
          highest = Math.max(highest, x[row + c]);
        for (let c = 0; c < classes; c++) {
          e[c] = Math.exp(x[row + c] - highest);
          sum += e[c];
        }
        // -log p_y = log(sum_c exp(x_c)) - x_y
        loss += Math.log(sum) - (x[row + label] - highest);
        for (let c = 0; c < classes; c++) {
          const p = e[c] / sum, q = c === label ? 1 : 0;
          upstream[row + c] = p - q;
        }
      }
      return mean(loss, upstream, y.length);
    }

    const losses = {
      mse_loss: mse_loss_gradient,
      cross_entropy: cross_entropy_gradient,
      binary_cross_entropy_with_logits:
        binary_cross_entropy_with_logits_gradient,
    };

    // Linear layers of the given widths, an activation between them. One
    // layer is a regression, which starts at 0.
    class MLP {
      constructor(widths, generator, activation) {
        [this.activation, this.slope] = activations[activation];
        this.layers = widths.slice(1).map((n, i) => {
          const m = widths[i], bound = 1 / m ** 0.5;
          const weight = new Float64Array(n * m), bias = new Float64Array(n);
          if (widths.length > 2)
            for (const p of [weight, bias])
              generator.uniform_(p, bound);
          return {m, n, weight, bias};
        });
      }

      parameters() {
        return this.layers.flatMap(({weight, bias}) => [weight, bias]);
      }

      // h[0] = x, and h[i + 1] is the output of layer i.
      forward(x) {
        const h = [x], last = this.layers.length - 1;
        this.layers.forEach((layer, i) => {
          x = linear(x, layer);
          if (i < last) x = x.map(this.activation);
          h.push(x);
        });
        return h;
      }

      // From G after the activation to G before it; h is its output.
      through(h, upstream) {
        return upstream.map((g, k) => this.slope(h[k], g));
      }

      // The chain rule, from the last layer to the first.
      backward(h, upstream) {
        for (let i = this.layers.length - 1; i >= 0; i--) {
          const layer = this.layers[i];
          const gradient = linear_parameter_gradients(layer, h[i], upstream);
          for (const name of ["weight", "bias"])
            accumulate(layer[name], gradient[name]);
          // through the weights of layer i, then the activation before it
          if (i > 0) {
            upstream = linear_input_gradient(layer, upstream);
            upstream = this.through(h[i], upstream);
          }
        }
      }
    }

    // A gradient is added to the one that is there.
    function accumulate(p, gradient) {
      p.grad = p.grad ? gradient.map((g, i) => p.grad[i] + g) : gradient;
    }

    // The mini-batches of one epoch; size 0: all rows, in order.
    function* batches(x, y, size, generator) {
      const rows = y.length, m = x.length / rows;
      if (size === 0) {
        yield [x, y];
        return;
      }
      // As DataLoader does, draw a seed for its workers: 64 bits.
      generator.random();
      generator.random();
      const order = generator.randperm(rows);
      for (let start = 0; start < rows; start += size) {
        const taken = order.slice(start, start + size);
        yield [Float64Array.from({length: taken.length * m}, (_, k) =>
          x[taken[Math.floor(k / m)] * m + k % m]),
               Float64Array.from(taken, (i) => y[i])];
      }
      // Once the rows run out, DataLoader's sampler draws again.
      generator.randperm(rows);
    }

    // A step yields its loss once it has updated the parameters.
    function* train(optimizer, model, loss_gradient, x, y, size, generator) {
      for (;;)
        for (const [rows, targets] of batches(x, y, size, generator)) {
          const h = model.forward(rows);
          const [loss, upstream] = loss_gradient(h.at(-1), targets);
          model.backward(h, upstream);
          optimizer.step();
          yield loss;
          optimizer.zero_grad();
        }
    }

    return {losses, activations, MLP, train};
  }

  (globalThis.lectures ??= {}).engine = engine;
})();
