"use strict";
// Optimisers: how a gradient changes a parameter. scratch/optim.py in
// JavaScript, for one entry at a time: `update` takes an entry p, its
// gradient g and what is remembered of it, and returns the new p.
(() => {
  // A function, so that bugs.js can plant a bug in its source.
  function optimizers() {
    // a + w (b - a), from the nearer end
    const lerp = (a, b, w) =>
      w < 0.5 ? a + w * (b - a) : b - (b - a) * (1 - w);

    class Optimizer {
      constructor(params, options = {}) {
        const {defaults, name} = this.constructor;
        for (const option of Object.keys(options))
          if (!(option in defaults))
            throw new TypeError(`${name}.__init__() got an unexpected `
                                + `keyword argument '${option}'`);
        this.params = params;
        this.options = {...defaults, ...options};
        for (const [option, value] of Object.entries(this.options))
          check_option(option, value, defaults[option]);
        this.state = params.map((p) => Array.from(p, () => ({})));
      }

      step() {
        this.params.forEach((p, k) => {
          for (let i = 0; i < p.length; i++)
            p[i] = this.update(p[i], p.grad[i], this.state[k][i],
                               this.options);
        });
      }

      zero_grad() {
        for (const p of this.params)
          p.grad = null;
      }
    }

    class SGD extends Optimizer {
      static defaults = {lr: 1e-3, momentum: 0, dampening: 0,
                         weight_decay: 0, nesterov: false};

      constructor(params, options) {
        super(params, options);
        const {momentum, dampening, nesterov} = this.options;
        if (nesterov && (momentum <= 0 || dampening !== 0))
          throw new RangeError(
            "nesterov needs momentum > 0 and dampening = 0, got momentum "
            + `${momentum} and dampening ${dampening}`);
      }

      update(p, g, state, {lr, momentum, dampening, weight_decay,
                           nesterov}) {
        // g <- g + weight_decay p
        if (weight_decay) g = g + weight_decay * p;
        if (momentum) {
          // v <- momentum v + (1 - dampening) g; at first a copy of g
          let v = state.momentum_buffer;
          v = v === undefined ? g : momentum * v + (1 - dampening) * g;
          state.momentum_buffer = v;
          g = nesterov ? g + momentum * v : v;
        }
        // p <- p - lr v; without momentum p <- p - lr g
        return p - lr * g;
      }
    }

    class RMSprop extends Optimizer {
      static defaults = {lr: 1e-2, alpha: 0.99, eps: 1e-8,
                         weight_decay: 0, momentum: 0, centered: false};

      update(p, g, state, {lr, alpha, eps, weight_decay, momentum,
                           centered}) {
        // g <- g + weight_decay p
        if (weight_decay) g = g + weight_decay * p;
        // s <- alpha s + (1 - alpha) g^2
        let s = alpha * (state.square_avg ?? 0) + (1 - alpha) * g * g;
        state.square_avg = s;
        if (centered) {
          // m <- alpha m + (1 - alpha) g
          const m = lerp(state.grad_avg ?? 0, g, 1 - alpha);
          state.grad_avg = m;
          // the variance: the mean square minus the squared mean
          s = s - m * m;
        }
        const scale = Math.sqrt(s) + eps;
        if (momentum) {
          // v <- momentum v + g / (sqrt(s) + eps)
          const v = momentum * (state.momentum_buffer ?? 0) + g / scale;
          state.momentum_buffer = v;
          // p <- p - lr v
          return p - lr * v;
        }
        // p <- p - lr g / (sqrt(s) + eps)
        return p - lr * g / scale;
      }
    }

    class Adagrad extends Optimizer {
      static defaults = {lr: 1e-2, lr_decay: 0, weight_decay: 0,
                         eps: 1e-10};

      update(p, g, state, {lr, lr_decay, weight_decay, eps}) {
        const t = state.step = (state.step ?? 0) + 1;
        // g <- g + weight_decay p
        if (weight_decay) g = g + weight_decay * p;
        // s <- s + g^2
        const s = state.sum = (state.sum ?? 0) + g * g;
        // p <- p - lr / (1 + (t - 1) lr_decay) g / (sqrt(s) + eps)
        lr = lr / (1 + (t - 1) * lr_decay);
        return p - lr * g / (Math.sqrt(s) + eps);
      }
    }

    class Adam extends Optimizer {
      static defaults = {lr: 1e-3, betas: [0.9, 0.999], eps: 1e-8,
                         weight_decay: 0, amsgrad: false};

      update(p, g, state, {lr, betas, eps, weight_decay, amsgrad}) {
        const [b1, b2] = betas;
        const t = state.step = (state.step ?? 0) + 1;
        // g <- g + weight_decay p
        if (weight_decay) g = g + weight_decay * p;
        // m <- b1 m + (1 - b1) g
        const m = lerp(state.exp_avg ?? 0, g, 1 - b1);
        // v <- b2 v + (1 - b2) g^2
        let v = b2 * (state.exp_avg_sq ?? 0) + (1 - b2) * g * g;
        state.exp_avg = m;
        state.exp_avg_sq = v;
        if (amsgrad) {
          // the largest v so far
          v = Math.max(state.max_exp_avg_sq ?? v, v);
          state.max_exp_avg_sq = v;
        }
        // p <- p - lr (m / (1 - b1^t)) / (sqrt(v / (1 - b2^t)) + eps)
        const step_size = lr / (1 - b1 ** t);
        const scale = Math.sqrt(v) / (1 - b2 ** t) ** 0.5 + eps;
        return p - step_size * m / scale;
      }
    }

    class AdamW extends Adam {
      static defaults = {...Adam.defaults, weight_decay: 1e-2};

      update(p, g, state, options) {
        const {lr, weight_decay} = options;
        // p <- (1 - lr weight_decay) p
        p = p * (1 - lr * weight_decay);
        return super.update(p, g, state, {...options, weight_decay: 0});
      }
    }

    // Throw for a value without meaning, with scratch's message.
    function check_option(name, value, usual) {
      // A flag, such as `nesterov`.
      if (typeof usual === "boolean" && typeof value === "boolean") return;
      if (name === "betas" && !(Array.isArray(value)
                                && value.length === 2))
        throw new RangeError(`betas must be two numbers, got ${value}`);
      for (const number of name === "betas" ? value : [value]) {
        if (typeof number !== "number")
          throw new TypeError(`${name} must be a number, got '${number}'`);
        // NaN fails both comparisons.
        if (name === "betas" && !(0 <= number && number < 1))
          throw new RangeError("betas must be in [0, 1), got "
                               + `[${value.join(", ")}]`);
        // Torch accepts any dampening.
        if (name !== "dampening" && !(0 <= number))
          throw new RangeError(
            `${name} must be at least 0, got ${number}`);
      }
    }

    return {SGD, RMSprop, Adagrad, Adam, AdamW};
  }

  (globalThis.lectures ??= {}).optimizers = optimizers;
})();
