"""The museum: bugs of the kind that people write, and what sees each.

    python -m tests.bugs                 the list
    python -m tests.bugs adam-no-t       plant one, and see it caught
    python -m tests.bugs --check         plant all; none may survive
    python -m tests.bugs --table         how many examples it takes
"""

import argparse
import inspect
import statistics
import sys
from collections.abc import Iterator

from tests.planting import (Bug, Verdict, Work, diff, judge_all, prove,
                            warm_up)

EVENTS = "test_optim.py::test_random_events"
TO_THE_BIT = "test_optim.py::test_centered_on_a_constant_gradient"

OPTIMISERS = [
    Bug("sgd-ascent", "optim.SGD.update",
        {"p.sub_(g, alpha=lr)": "p.add_(g, alpha=lr)"},
        "The gradient points where to go.", f"{EVENTS}[SGD]"),
    Bug("sgd-lr-twice", "optim.SGD.update",
        {"p.sub_(g, alpha=lr)": "p.sub_(lr * g, alpha=lr)"},
        "g still has to be scaled.", f"{EVENTS}[SGD]"),
    Bug("sgd-decay-sign", "optim.SGD.update",
        {"g = g + weight_decay * p if": "g = g - weight_decay * p if"},
        "Decay takes something away, so it is a minus.",
        f"{EVENTS}[SGD]"),
    Bug("sgd-decay-after-momentum", "optim.SGD.update",
        {"g = g + weight_decay * p if weight_decay else g":
         "decay = weight_decay * p",
         "p.sub_(g, alpha=lr)": "p.sub_(g + decay, alpha=lr)"},
        "The penalty has no business in the velocity.",
        f"{EVENTS}[SGD]"),
    Bug("sgd-decay-writes-into-grad", "optim.SGD.update",
        {"g = g + weight_decay * p if weight_decay else g":
         "g = g.add_(weight_decay * p) if weight_decay else g"},
        "In place saves memory.", f"{EVENTS}[SGD]"),
    Bug("momentum-damped", "optim.SGD.update",
        {"else momentum * v + (1 - dampening) * g)":
         "else momentum * v + (1 - momentum) * g)"},
        "A moving average has weights that sum to 1.",
        f"{EVENTS}[SGD]"),
    Bug("momentum-dampens-the-first-step", "optim.SGD.update",
        {"v = (g.clone() if v is None":
         "v = ((1 - dampening) * g if v is None"},
        "The first step is a step like the others.", f"{EVENTS}[SGD]"),
    Bug("momentum-buffer-is-the-gradient", "optim.SGD.update",
        {"v = (g.clone() if v is None": "v = (g if v is None"},
        "The first velocity is the gradient.", f"{EVENTS}[SGD]"),
    Bug("momentum-holds-the-lr", "optim.SGD.update",
        {"g = g + weight_decay * p if weight_decay else g":
         "g, lr = lr * (g + weight_decay * p), 1"},
        "v <- momentum v + lr g is how Polyak wrote it.",
        f"{EVENTS}[SGD]"),
    Bug("momentum-not-kept", "optim.SGD.update",
        {'state["momentum_buffer"] = v': "pass"},
        "v is a variable, it will be there.", f"{EVENTS}[SGD]"),
    Bug("lr-captured-at-the-start", "optim.SGD.update",
        {"p.sub_(g, alpha=lr)":
         'self.lr = getattr(self, "lr", lr)\n        '
         "p.sub_(g, alpha=self.lr)"},
        "The learning rate is a constant.", f"{EVENTS}[SGD]"),
    Bug("nesterov-looks-back", "optim.SGD.update",
        {'state["momentum_buffer"] = v':
         'old = state.get("momentum_buffer", v)\n            '
         'state["momentum_buffer"] = v',
         "g = g + momentum * v if nesterov":
         "g = g + momentum * old if nesterov"},
        "Look ahead along the velocity that we had.",
        f"{EVENTS}[SGD]"),
    Bug("nesterov-forgets-the-gradient", "optim.SGD.update",
        {"g = g + momentum * v if nesterov":
         "g = momentum * v if nesterov"},
        "The gradient is in v already.", f"{EVENTS}[SGD]"),
    Bug("rmsprop-starts-at-g2", "optim.RMSprop.update",
        {'state.get("square_avg", 0)': 'state.get("square_avg", g * g)'},
        "The mean of one number is the number.", f"{EVENTS}[RMSprop]",
        "zc911/MatrixSlow #28"),
    Bug("rmsprop-starts-at-ones", "optim.RMSprop.update",
        {'state.get("square_avg", 0)': 'state.get("square_avg", 1)'},
        "Starting at 1 avoids a division by 0.", f"{EVENTS}[RMSprop]"),
    Bug("rmsprop-eps-in-the-root", "optim.RMSprop.update",
        {"scale = s.sqrt() + eps": "scale = (s + eps).sqrt()"},
        "Epsilon keeps the root away from 0.", f"{EVENTS}[RMSprop]",
        "google-deepmind/optax #532, d2l-ai/d2l-en PR #2691"),
    Bug("rmsprop-alpha-swapped", "optim.RMSprop.update",
        {'s = alpha * state.get("square_avg", 0) + (1 - alpha) * g * g':
         's = (1 - alpha) * state.get("square_avg", 0) + alpha * g * g'},
        "alpha is the weight of the new.", f"{EVENTS}[RMSprop]"),
    Bug("rmsprop-squares-the-weight", "optim.RMSprop.update",
        {"(1 - alpha) * g * g": "((1 - alpha) * g) ** 2"},
        "The square of it all.", f"{EVENTS}[RMSprop]"),
    Bug("rmsprop-momentum-holds-the-lr", "optim.RMSprop.update",
        {'state.get("momentum_buffer", 0) + g / scale':
         'state.get("momentum_buffer", 0) + lr * g / scale',
         "p.sub_(v, alpha=lr)": "p.sub_(v)"},
        "As in the slides: v holds the update.", f"{EVENTS}[RMSprop]"),
    Bug("centered-clamped", "optim.RMSprop.update",
        {"s = s - m * m": "s = (s - m * m).clamp(min=0)"},
        "A variance can't be negative: torch's can.", TO_THE_BIT),
    Bug("centered-kept", "optim.RMSprop.update",
        {"s = s - m * m": 's = state["square_avg"] = s - m * m'},
        "s is the variance from here on.", f"{EVENTS}[RMSprop]"),
    Bug("centered-mean-squared-once", "optim.RMSprop.update",
        {"s = s - m * m": "s = s - m"},
        "Mean square less mean.", f"{EVENTS}[RMSprop]"),
    Bug("adagrad-decay-off-by-one", "optim.Adagrad.update",
        {"(t - 1) * lr_decay": "t * lr_decay"},
        "t steps, t times the decay.", f"{EVENTS}[Adagrad]"),
    Bug("adagrad-without-root", "optim.Adagrad.update",
        {"(s.sqrt() + eps)": "(s + eps)"},
        "Divide by the sum of squares.", f"{EVENTS}[Adagrad]"),
    Bug("adagrad-forgets", "optim.Adagrad.update",
        {'s = state["sum"] = state["sum"] + g * g':
         's = state["sum"] = g * g'},
        "The square of the gradient.", f"{EVENTS}[Adagrad]"),
    Bug("adagrad-eps-in-the-root", "optim.Adagrad.update",
        {"(s.sqrt() + eps)": "(s + eps).sqrt()"},
        "Epsilon keeps the root away from 0.", f"{EVENTS}[Adagrad]"),
    Bug("adam-no-t", "optim.Adam.update",
        {"1 - b1 ** t": "1 - b1", "1 - b2 ** t": "1 - b2"},
        "m / (1 - beta1), as the formula reads at first sight.",
        f"{EVENTS}[Adam]", "eriklindernoren/ML-From-Scratch #35 and #90"),
    Bug("adam-t-off-by-one", "optim.Adam.update",
        {"1 - b1 ** t": "1 - b1 ** (t + 1)",
         "1 - b2 ** t": "1 - b2 ** (t + 1)"},
        "Steps count from 1, and so does the counter already.",
        f"{EVENTS}[Adam]"),
    Bug("adam-uncorrected", "optim.Adam.update",
        {"step_size = lr / (1 - b1 ** t)": "step_size = lr",
         " / (1 - b2 ** t) ** 0.5": ""},
        "The bias is gone after a few steps.", f"{EVENTS}[Adam]"),
    Bug("adam-v-uncorrected", "optim.Adam.update",
        {" / (1 - b2 ** t) ** 0.5": ""},
        "The first moment is the one that matters.", f"{EVENTS}[Adam]"),
    Bug("adam-t-shared", "optim.Adam.update",
        {'t = state["step"] = state.get("step", 0) + 1':
         'self.t = getattr(self, "t", 0) + 1\n        '
         't = state["step"] = self.t'},
        "One optimiser, one clock.", f"{EVENTS}[Adam]"),
    Bug("adam-t-stands-still", "optim.Adam.update",
        {'t = state["step"] = state.get("step", 0) + 1':
         't = state["step"] = 1'},
        "t starts at 1.", f"{EVENTS}[Adam]"),
    Bug("adam-betas-swapped", "optim.Adam.update",
        {"b1, b2 = betas": "b2, b1 = betas"},
        "Momentum is the long memory.", f"{EVENTS}[Adam]"),
    Bug("adam-eps-in-the-root", "optim.Adam.update",
        {"scale = v.sqrt() / (1 - b2 ** t) ** 0.5 + eps":
         "scale = (v / (1 - b2 ** t) + eps).sqrt()"},
        "sqrt(v + eps) is never 0.", f"{EVENTS}[Adam]"),
    Bug("adam-eps-before-the-correction", "optim.Adam.update",
        {"scale = v.sqrt() / (1 - b2 ** t) ** 0.5 + eps":
         "scale = (v.sqrt() + eps) / (1 - b2 ** t) ** 0.5"},
        "The paper's faster form, with the same epsilon.",
        f"{EVENTS}[Adam]",
        "karpathy/nanochat #304, google-deepmind/optax #571"),
    Bug("adam-eps-1e-7", "optim.Adam.__init__",
        {"eps: float = 1e-8": "eps: float = 1e-7"},
        "Another library's default.",
        "test_optim.py::test_defaults[Adam]"),
    Bug("adam-squares-the-weight", "optim.Adam.update",
        {"(1 - b2) * g * g": "((1 - b2) * g) ** 2"},
        "The square of it all.", f"{EVENTS}[Adam]"),
    Bug("adam-v-of-sizes", "optim.Adam.update",
        {"(1 - b2) * g * g": "(1 - b2) * g.abs()"},
        "A mean of sizes, whose root is taken.", f"{EVENTS}[Adam]"),
    Bug("adam-v-starts-at-g2", "optim.Adam.update",
        {'state.get("exp_avg_sq", 0)': 'state.get("exp_avg_sq", g * g)'},
        "No zero, no bias to correct.", f"{EVENTS}[Adam]",
        "zc911/MatrixSlow #28"),
    Bug("adam-v-starts-at-ones", "optim.Adam.update",
        {'state.get("exp_avg_sq", 0)': 'state.get("exp_avg_sq", 1)'},
        "Starting at 1 avoids a division by 0.", f"{EVENTS}[Adam]"),
    Bug("adam-m-from-the-wrong-end", "optim.Adam.update",
        {'g, 1 - b1)': 'g, b1)'},
        "beta is the weight of the gradient.", f"{EVENTS}[Adam]"),
    Bug("adam-decay-writes-into-grad", "optim.Adam.update",
        {"g = g + weight_decay * p if weight_decay else g":
         "g = g.add_(weight_decay * p) if weight_decay else g"},
        "In place saves memory.", f"{EVENTS}[Adam]"),
    Bug("amsgrad-overwrites-v", "optim.Adam.update",
        {'state["max_exp_avg_sq"] = v':
         'state["max_exp_avg_sq"] = state["exp_avg_sq"] = v'},
        "v never falls.", f"{EVENTS}[Adam]"),
    Bug("amsgrad-not-kept", "optim.Adam.update",
        {'state["max_exp_avg_sq"] = v': "pass"},
        "v is the maximum by now.", f"{EVENTS}[Adam]"),
    Bug("adamw-decay-without-lr", "optim.AdamW.update",
        {"p.mul_(1 - lr * weight_decay)": "p.mul_(1 - weight_decay)"},
        "Decoupled: nothing to do with the learning rate.",
        f"{EVENTS}[AdamW]"),
    Bug("adamw-coupled", "optim.AdamW.update",
        {"p.mul_(1 - lr * weight_decay)": "pass",
         "betas, eps, 0, amsgrad)": "betas, eps, weight_decay, amsgrad)"},
        "Weight decay is an L2 penalty.", f"{EVENTS}[AdamW]"),
    Bug("adamw-decay-after-the-step", "optim.AdamW.update",
        {"p.mul_(1 - lr * weight_decay)\n        super()":
         "super()",
         "betas, eps, 0, amsgrad)":
         "betas, eps, 0, amsgrad)\n        p.mul_(1 - lr * weight_decay)"},
        "The order won't matter.", f"{EVENTS}[AdamW]"),
    Bug("state-by-shape", "_optimizer.Optimizer.step",
        {"for p, state in zip(self.params, self.state):":
         "by_shape = {p.shape: state for p, state\n"
         "                    in zip(self.params, self.state)}\n"
         "        for p in self.params:\n"
         "            state = by_shape[p.shape]"},
        "A buffer for each shape.", f"{EVENTS}[Adam]"),
    Bug("state-shared", "_optimizer.Optimizer.__init__",
        {"[{} for _ in self.params]": "[{}] * len(self.params)"},
        "A list of empty dicts.", f"{EVENTS}[SGD]",
        crash="RuntimeError"),
    Bug("missing-gradient-is-zero", "_optimizer.Optimizer.step",
        {"            if p.grad is not None:\n"
         "                self.update(p.data, p.grad, state, **options)":
         "            g = 0 * p.data if p.grad is None else p.grad\n"
         "            self.update(p.data, g, state, **options)"},
        "No gradient means that it is 0.", f"{EVENTS}[SGD]"),
    Bug("zero-grad-forgotten", "_optimizer.Optimizer.zero_grad",
        {"p.grad = None": "pass"},
        "backward() sets the gradient.", "test_optim.py::test_zero_grad"),
    Bug("zero-grad-fills", "_optimizer.Optimizer.zero_grad",
        {"p.grad = None":
         "p.grad = None if p.grad is None else 0 * p.grad"},
        "Zero means zero: momentum then moves on.",
        "test_optim.py::test_zero_grad"),
    Bug("t-restarts-with-a-file", "_optimizer._like",
        {"return int(value)": "return 0"},
        "A new optimiser starts at step 0.", f"{EVENTS}[Adam]"),
    Bug("loaded-state-shared", "_optimizer._like",
        {"return value.to(p).clone()": "return value.to(p)"},
        "Loading is assigning.",
        "test_optim.py::test_a_loaded_state_is_a_copy"),
    Bug("loaded-options-forgotten", "_optimizer.Optimizer.load_state_dict",
        {"self.param_groups = [{name: group[name] for name in options}]":
         "pass"},
        "The options are given to the constructor.",
        f"{EVENTS}[RMSprop]"),
]

FUNCTIONS = [
    Bug("relu-slope-1-at-0", "activations.relu",
        {"input <= 0": "input < 0"},
        "0 is on the side that passes.",
        "test_activations.py::test_relu"),
    Bug("relu-slope-half-at-0", "activations.relu",
        {"input.masked_fill(input <= 0, 0)":
         "torch.maximum(input, torch.zeros_like(input))"},
        "max(x, 0) is what the formula says.",
        "test_activations.py::test_relu"),
    Bug("sigmoid-textbook", "activations.sigmoid",
        {"return torch.where(negative, z, 1) / (1 + z)":
         "return 1 / (1 + torch.exp(-input))"},
        "1 / inf is 0, so all is well.",
        "test_activations.py::test_sigmoid"),
    Bug("sigmoid-by-abs", "activations.sigmoid",
        {"z = torch.exp(torch.where(negative, input, -input))":
         "z = torch.exp(-input.abs())"},
        "exp(-|x|) never overflows; its slope at 0 is 0.",
        "test_activations.py::test_gradient_at_zero[sigmoid-0.25-dtype0]"),
    Bug("tanh-textbook", "activations.tanh",
        {"return torch.where(negative, -difference, difference) / (1 + z)":
         "a, b = torch.exp(input), torch.exp(-input)\n"
         "    return (a - b) / (a + b)"},
        "The formula in the book.", "test_activations.py::test_tanh"),
    Bug("tanh-without-expm1", "activations.tanh",
        {"torch.where(power > -1, -torch.expm1(power), 1 - z)": "1 - z"},
        "1 - exp(-2|x|) is 1 - exp(-2|x|).",
        "test_activations.py::test_tanh"),
    Bug("tanh-by-expm1-alone", "activations.tanh",
        {"torch.where(power > -1, -torch.expm1(power), 1 - z)":
         "-torch.expm1(power)"},
        "expm1 is exact everywhere; its slope is not.",
        "test_every_value.py::test_every_number_of_16_bits[tanh-dtype0]"),
    Bug("softplus-textbook", "activations.softplus",
        {"return torch.where(negative, 0, input) + torch.log1p(z)":
         "return torch.log(1 + torch.exp(input))"},
        "The formula in the book.", "test_activations.py::test_softplus"),
    Bug("softplus-slope-1-at-0", "activations.softplus",
        {"torch.where(negative, 0, input)": "input.clamp(min=0)",
         "z = torch.exp(torch.where(negative, input, -input))":
         "z = torch.exp(-input.abs())"},
        "max(x, 0) + log(1 + exp(-|x|)), by clamp and abs.",
        "test_activations.py::test_gradient_at_zero[softplus-0.5-dtype0]"),
    Bug("softplus-both-branches", "activations.softplus",
        {"return torch.where(negative, 0, input) + torch.log1p(z)":
         "return torch.where(input > 20, input,\n"
         "                       torch.log1p(torch.exp(input)))"},
        "where chooses, so the other branch is not computed.",
        "test_activations.py::test_softplus"),
    Bug("softplus-without-log1p", "activations.softplus",
        {"torch.log1p(z)": "torch.log(1 + z)"},
        "log1p(z) is log(1 + z).",
        "test_activations.py::test_softplus"),
    Bug("softmax-without-maximum", "activations.softmax",
        {"z = torch.exp(input - highest)": "z = torch.exp(input)"},
        "The constant cancels anyway.",
        "test_activations.py::test_softmax"),
    Bug("softmax-global-maximum", "activations.softmax",
        {"input.detach().max(dim, keepdim=True).values":
         "input.detach().max()"},
        "Any constant will do.", "test_activations.py::test_softmax"),
    Bug("softmax-wrong-axis", "activations.softmax",
        {"return z / z.sum(dim, keepdim=True)":
         "return z / z.sum(0, keepdim=True)"},
        "Sum over the classes; which axis was that?",
        "test_activations.py::test_softmax"),
    Bug("softmax-without-keepdim", "activations.softmax",
        {"return z / z.sum(dim, keepdim=True)": "return z / z.sum(dim)"},
        "Broadcasting sorts it out.",
        "test_activations.py::test_softmax",
        crash="RuntimeError"),
    Bug("log-of-softmax", "activations.log_softmax",
        {"return z - torch.log(torch.exp(z).sum(dim, keepdim=True))":
         "p = torch.exp(z)\n"
         "    return torch.log(p / p.sum(dim, keepdim=True))"},
        "log_softmax is the log of softmax.",
        "test_activations.py::test_log_softmax"),
    Bug("log-of-p-plus-1e-12", "activations.log_softmax",
        {"return z - torch.log(torch.exp(z).sum(dim, keepdim=True))":
         "p = torch.exp(z)\n"
         "    return torch.log(p / p.sum(dim, keepdim=True) + 1e-12)"},
        "A small number keeps the log from -inf.",
        "test_activations.py::test_log_softmax"),
    Bug("sum-for-mean", "losses._reduce",
        {"return loss.mean()": "return loss.sum()"},
        "The learning rate takes care of the scale.",
        "test_losses.py::test_mse_loss"),
    Bug("mean-twice", "losses._reduce",
        {"return loss.mean()": "return loss.mean() / len(loss)"},
        "The mean over the batch.", "test_losses.py::test_mse_loss"),
    Bug("half-the-square", "losses.mse_loss",
        {"error * error": "0.5 * error * error"},
        "The 2 of the slope then cancels.",
        "test_losses.py::test_mse_loss"),
    Bug("rows-against-a-column", "losses.mse_loss",
        {"check_same_shape(input, target)": "pass"},
        "Broadcasting is convenient.",
        "test_linear_regression.py::"
        "test_targets_in_one_dimension_are_refused"),
    Bug("cross-entropy-target-swapped", "losses.binary_cross_entropy",
        {"p, y = input.detach(), target":
         "p, y = input.detach(), 1 - target"},
        "Which of the two is the label?",
        "test_losses.py::test_binary_cross_entropy"),
    Bug("cross-entropy-plus-eps", "losses.binary_cross_entropy",
        {"torch.log(p).clamp(min=-100)": "torch.log(p + 1e-12)"},
        "A small number keeps the log from -inf.",
        "test_losses.py::test_binary_cross_entropy"),
    Bug("cross-entropy-slope-by-autograd", "losses.binary_cross_entropy",
        {"p, y = input.detach(), target": "p, y = input, target",
         "loss + slope * (input - p)": "loss"},
        "Autograd can do it: 0 * inf at p = 0.",
        "test_losses.py::test_binary_cross_entropy"),
    Bug("logits-through-a-probability",
        "losses.binary_cross_entropy_with_logits",
        {"return _reduce(linear + torch.log1p(z), reduction)":
         "p = 1 / (1 + torch.exp(-x))\n"
         "    return _reduce((y - 1) * torch.log(1 - p)\n"
         "                   - y * torch.log(p), reduction)"},
        "Sigmoid first, then the cross-entropy.",
        "test_losses.py::test_binary_cross_entropy_with_logits"),
    Bug("logits-slope-at-0", "losses.binary_cross_entropy_with_logits",
        {"z = torch.exp(x * (2 * n - 1))": "z = torch.exp(-x.abs())"},
        "exp(-|x|) never overflows; its slope at 0 is 0.",
        "test_losses.py::test_binary_cross_entropy_with_logits"),
    Bug("label-shifted", "losses._pick",
        {"return input[rows, target]": "return input[rows, target - 1]"},
        "Classes count from 1.", "test_losses.py::test_cross_entropy"),
    Bug("smoothing-among-the-others", "losses.cross_entropy",
        {"share = label_smoothing / input.shape[1]":
         "share = label_smoothing / max(input.shape[1] - 1, 1)"},
        "The other classes share it.",
        "test_losses.py::test_cross_entropy"),
    Bug("smoothing-adds-up-to-more", "losses.cross_entropy",
        {"(1 - label_smoothing) * loss": "loss"},
        "Smoothing is a term that is added.",
        "test_losses.py::test_cross_entropy"),
    Bug("accuracy-always-0", "losses.accuracy",
        {'return _reduce(right, "mean").item()':
         "return float(int(right.sum()) // len(right))"},
        "Right ones divided by all of them, as integers.",
        "test_losses.py::test_accuracy", "MorvanZhou/PyTorch-Tutorial #59"),
    Bug("lerp-one-way", "tensors.lerp",
        {"return end - (end - input) * (1 - weight)":
         "return input + weight * (end - input)"},
        "One formula is enough; it misses the end by a rounding.",
        "test_tensors.py::test_lerp"),
    Bug("slope-from-one-side", "tensors.numerical_gradient",
        {"(function(x + step) - function(x - step)) / (2 * eps)":
         "(function(x + step) - function(x)) / eps"},
        "The definition of the derivative.",
        "test_tensors.py::test_numerical_gradient"),
]

DATA = [
    Bug("std-with-n-minus-1", "data.standardize",
        {"** 2).sum(dim=0) / n).sqrt()": "** 2).sum(dim=0) / (n - 1)).sqrt()"},
        "The sample's standard deviation.",
        "test_data.py::test_standardize"),
    Bug("std-by-row", "data.standardize",
        {"mean = reference.sum(dim=0) / n":
         "mean = reference.mean(dim=1, keepdim=True)",
         "(input - mean)": "(input - input.mean(dim=1, keepdim=True))"},
        "axis=1, or was it 0?", "test_data.py::test_standardize"),
    Bug("test-data-with-its-own-mean", "data.standardize",
        {"mean = reference.sum(dim=0) / n": "mean = input.mean(dim=0)"},
        "Each set is standardised for itself.",
        "test_data.py::test_standardize"),
    Bug("constant-column-blown-up", "data.standardize",
        {"torch.where(constant, 1, std)": "torch.where(std == 0, 1, std)"},
        "A constant column has a spread of 0; rounding says 1e-17.",
        "test_data.py::test_a_constant_column_stays_small"),
    Bug("test-row-in-training", "data.train_test_split",
        {"order[train:]": "order[train - 1:]"},
        "Off by one, at the border.",
        "test_data.py::test_train_test_split"),
    Bug("split-unshuffled", "data.train_test_split",
        {"torch.randperm(len(x), generator=as_generator(generator))":
         "torch.arange(len(x))"},
        "The rows come in no order anyway.",
        "test_data.py::test_train_test_split"),
    Bug("shuffle-x-without-y", "data._deal",
        {"yield tuple(tensor.index_select(0, rows) for tensor in tensors)":
         "yield (tensors[0].index_select(0, rows), *[\n"
         "            tensor[start:start + batch_size]\n"
         "            for tensor in tensors[1:]])"},
        "Shuffle the rows of x.", "test_data.py::test_batches"),
    Bug("shuffle-the-batches-only", "data._deal",
        {"    for start in range(0, end, batch_size):\n":
         "    order, starts = torch.arange(n), range(0, end, batch_size)\n"
         "    if shuffle:\n"
         "        starts = batch_size * torch.randperm(\n"
         "            len(starts), generator=generator)\n"
         "    for start in starts:\n"},
        "It is enough to shuffle the batches.",
        "test_data.py::test_batches"),
    Bug("tail-dropped", "data._deal",
        {"end = n - n % batch_size if drop_last else n":
         "end = n - n % batch_size"},
        "Whole batches only.", "test_data.py::test_batches",
        crash="ValueError"),
    Bug("same-order-every-epoch", "data._deal",
        {"order = (torch.randperm(n, generator=generator) if shuffle":
         "order = (torch.randperm(\n"
         "        n, generator=torch.Generator().manual_seed(0)) if shuffle"},
        "Seed before shuffling, to be reproducible.",
        "test_data.py::test_batches"),
]

TRAININGS = [
    Bug("gradient-accumulated", "linear_regression.train",
        {"if not keep_gradients:": "if False:"},
        "backward() sets the gradient, so nothing has to be cleared.",
        "test_linear_regression.py::test_training",
        "the source lecture of this project"),
    Bug("bias-not-cleared", "linear_regression.train",
        {"            b.grad = None\n": ""},
        "The weight is what matters.",
        "test_linear_regression.py::test_training"),
    Bug("stop-after-the-update", "linear_regression.train",
        {"        if loss < stop:\n            yield loss.item()\n"
         "            return\n": "",
         "        yield loss.item()\n":
         "        yield loss.item()\n        if loss < stop:\n"
         "            return\n"},
        "One step more does no harm.",
        "test_linear_regression.py::test_training"),
    Bug("velocity-restarts-every-epoch", "logistic_regression.train",
        {"        loss = loss_function(model(x), y)\n":
         "        velocity = [0 * p.detach() for p in model.parameters()]\n"
         "        loss = loss_function(model(x), y)\n"},
        "An epoch begins from rest.",
        "test_logistic_regression.py::test_training"),
    Bug("velocity-adds-twice", "logistic_regression.train",
        {"            p.grad = None\n": ""},
        "The velocity remembers the gradients already.",
        "test_logistic_regression.py::test_training"),
    Bug("boundary-at-zero", "logistic_regression.classify",
        {"> 0.5": "> 0"},
        "Positive means class 1: of a logit, not of a probability.",
        "test_logistic_regression.py::test_boundary_is_the_line"),
    Bug("partial-batch-by-the-full-size", "softmax_regression.train",
        {"w.data.sub_(w.grad, alpha=lr)":
         "w.data.sub_(w.grad, alpha=lr * len(rows) / batch_size)"},
        "Divide the sum by batch_size.",
        "test_softmax_regression.py::test_training", "d2l-ai/d2l-en #1000"),
    Bug("gamma-every-step", "softmax_regression.train",
        {"            yield loss.item()\n":
         "            yield loss.item()\n            lr *= gamma\n"},
        "The learning rate falls as the training goes on.",
        "test_softmax_regression.py::test_training"),
    Bug("bias-left-out", "softmax_regression.train",
        {"            b.data.sub_(b.grad, alpha=lr)\n": ""},
        "The weights are trained.",
        "test_softmax_regression.py::test_training"),
    Bug("relu-after-the-last-layer", "mlp.MLP.__call__",
        {"return x @ weight.T + bias": "return relu(x @ weight.T + bias)"},
        "Every layer is followed by a relu.",
        "test_mlp.py::test_module_sequential_and_hand_are_one"),
    Bug("relu-left-out", "mlp.MLP.__call__",
        {"x = relu(x @ w.T + b)": "x = x @ w.T + b"},
        "Two layers are deeper than one.",
        "test_mlp.py::test_module_sequential_and_hand_are_one"),
    Bug("start-without-root", "mlp.MLP.__init__",
        {"bound = 1 / m ** 0.5": "bound = 1 / m"},
        "One over the columns in.", "test_mlp.py::test_start"),
    Bug("start-from-another-draw", "mlp.MLP.__init__",
        {"generator = as_generator(generator)\n":
         "generator = as_generator(0)\n"},
        "A fixed seed makes it reproducible.", "test_mlp.py::test_start"),
    Bug("never-shuffled", "mlp._deal",
        {"shuffle=generator is not None": "shuffle=False"},
        "The rows come in no order anyway.",
        "test_mlp.py::test_training"),
    Bug("logit-above-half", "mlp.classify",
        {"(sigmoid(output)[:, 0] > 0.5)": "(output[:, 0] > 0.5)"},
        "Above a half is a yes: of a probability, not of a logit.",
        "test_mlp.py::test_classify"),
    Bug("checkpoint-without-momentum", "checkpoint.save",
        {"            arrays[f\"state.{i}.{name}\"] = to_numpy(value)\n": ""},
        "The weights are the model.",
        "test_checkpoint.py::test_stopped_and_continued"
        "[scratch.checkpoint]"),
    Bug("checkpoint-without-generator", "checkpoint.load",
        {'    generator.set_state(torch.from_numpy(arrays["generator"]))\n':
         ""},
        "Shuffling is random anyway.",
        "test_checkpoint.py::test_stopped_and_continued"
        "[scratch.checkpoint]"),
    Bug("checkpoint-repeats-an-epoch", "checkpoint.train",
        {"save(path, model, optimizer, epoch + 1, saved)":
         "save(path, model, optimizer, epoch, saved)"},
        "epoch is the epoch.",
        "test_checkpoint.py::test_stopped_and_continued"
        "[scratch.checkpoint]"),
    Bug("checkpoint-replaces-the-parameters", "checkpoint.load",
        {"p.data.copy_(value)": "p.data = value"},
        "Loading is assigning; the optimiser keeps the old memory.",
        "test_checkpoint.py::test_everything_comes_back"),
]

GRADIENTS = [
    Bug("softmax-entry-by-entry", "backprop.cross_entropy_gradient",
        {"(torch.exp(log_p) - q).div_(n)":
         "(torch.exp(log_p) - q).mul_(\n"
         "        torch.exp(log_p) * (1 - torch.exp(log_p))).div_(n)"},
        "The slope of softmax is p (1 - p), as for sigmoid.",
        "test_backprop.py::test_losses",
        "eriklindernoren/ML-From-Scratch #71"),
    Bug("sigmoid-slope-twice",
        "backprop.binary_cross_entropy_with_logits_gradient",
        {"return loss, (s - y).div_(x.numel())":
         "return loss, ((s - y) * s * (1 - s)).div_(x.numel())"},
        "The chain rule asks for the sigmoid's slope.",
        "test_backprop.py::test_losses"),
    Bug("gradient-of-the-sum", "backprop.mse_loss_gradient",
        {"error * (2 / input.numel())": "error * 2"},
        "The slope of a square is 2 x.", "test_backprop.py::test_losses"),
    Bug("bias-gradient-is-a-mean", "backprop.linear_parameter_gradients",
        {"upstream.sum(dim=0)": "upstream.mean(dim=0)"},
        "The bias is shared by the rows.",
        "test_backprop.py::test_linear"),
    Bug("relu-forgotten-on-the-way-back", "backprop.mlp_gradients",
        {"upstream = relu_gradient(h[i], upstream)": "pass"},
        "relu is linear where it is on.",
        "test_backprop.py::test_mlp_gradients"),
    Bug("relu-masks-by-the-gradient", "backprop.relu_gradient",
        {"upstream * output.sign()": "upstream.clamp(min=0)"},
        "relu of the gradient.", "test_backprop.py::test_relu"),
    Bug("input-of-the-wrong-layer", "backprop.mlp_gradients",
        {"linear_parameter_gradients(h[i - 1], upstream)":
         "linear_parameter_gradients(h[i], upstream)"},
        "Layer i takes h[i].",
        "test_backprop.py::test_mlp_gradients"),
]

FILES = [
    Bug("idx-little-endian", "images.read_idx",
        {'np.frombuffer(content[4:start], ">u4")':
         'np.frombuffer(content[4:start], "<u4")'},
        "Four bytes are an integer.", "test_images.py::test_read_idx",
        crash="ValueError"),
    Bug("idx-a-byte-early", "images.read_idx",
        {"offset=start)": "offset=start - 1)[:math.prod(shape)]"},
        "The header ends where the numbers begin, or one before.",
        "test_images.py::test_read_idx", crash="ValueError"),
    Bug("pixels-to-255", "images._load",
        {".div_(255)": ""},
        "A pixel is a number from 0 to 255.",
        "test_images.py::test_images"),
    Bug("pixels-by-256", "images._load",
        {".div_(255)": ".div_(256)"},
        "256 levels, so divide by 256.", "test_images.py::test_images"),
]

# The one topic without a side by hand: planted in torch_ref/cnn.py.
CNNS = [
    Bug("cnn-gradients-kept", "cnn.Training._advance",
        {"        self.optimizer.zero_grad()\n": ""},
        "backward() sets the gradient.",
        "test_cnn.py::test_training_is_adam_on_the_mean_loss[lecture]"),
    Bug("cnn-softmax-before-the-loss", "cnn.CNN.forward",
        {"return self.linear(x.flatten(1))":
         "return self.linear(x.flatten(1)).softmax(1)"},
        "A loss wants probabilities: this one takes logits.",
        "test_cnn.py::test_forward"),
    Bug("cnn-std-without-mean", "cnn.CNN.forward",
        {"x = (x - self.mean) / self.std": "x = x / self.std - self.mean"},
        "Scale, then shift.", "test_cnn.py::test_normalised"),
    Bug("cnn-schedule-once-an-epoch", "cnn.Training._advance",
        {"        self.scheduler.step()\n": ""},
        "The schedule moves at the end of an epoch.",
        "test_cnn.py::test_training_is_adam_on_the_mean_loss[fast]"),
]

HEADER = """\
# The museum of bugs

Small bugs of the kind that people write; where one was seen, the
repository and the thread are named. Each was planted in the real source
and caught by the property in the fourth column, which passes without
it. Examples: how many hypothesis tried up to the one that failed, the
median over 11 seeds, of at most 100; "no draw": a test of fixed input.

`python -m tests.bugs NAME` plants one, and prints the patch, the
property, and the smallest example with both results.

Not here, since nothing can tell them from the right code: a maximum
that is left in softmax's graph, whose slope adds up to 0; the loss from
logits with a branch of its own at x = 0, halfway between the two. Nor
what is another convention, such as p <- p - lr weight_decay p, which
rounds once more. Nor a wrong formula in a comment, which no test reads
(labmlai/annotated_deep_learning_paper_implementations #220).
"""

BUGS = {bug.name: bug for bug in (
    *OPTIMISERS, *FUNCTIONS, *DATA, *TRAININGS, *GRADIENTS, *FILES, *CNNS)}


def check() -> Iterator[str]:
    """Plant every bug; yield a line for each one that survives.

    First the proofs themselves: without a bug each has to pass.
    """
    proofs = sorted({bug.proof for bug in BUGS.values()})
    files = sorted({proof.split("::")[0] for proof in proofs})
    work: list[Work] = [
        (None, [proof for proof in proofs if proof.startswith(file)],
         ("--hypothesis-profile=glance",)) for file in files]
    # one seed, so that what is caught today is caught tomorrow
    work += [(bug, [bug.proof], ("--hypothesis-profile=museum",
                                 "--hypothesis-seed=0"))
             for bug in BUGS.values()]
    for verdict in judge_all(work):
        bug = BUGS.get(verdict.bug)
        if bug and not verdict.caught:
            yield f"{bug.name} survives {bug.proof}"
        elif bug and verdict.raised not in (
                bug.crash, "AssertionError", "Failed"):
            yield f"{bug.name} only crashes: {verdict.message}"
        if not verdict.bug and verdict.caught:
            yield f"without a bug: {verdict.output}"


def table(seeds: int) -> Iterator[str]:
    """The museum in Markdown, with the median examples to the kill."""
    verdicts: dict[str, list[Verdict]] = {name: [] for name in BUGS}
    for verdict in judge_all([
            (bug, [bug.proof], ("--hypothesis-profile=museum",
                                f"--hypothesis-seed={seed}"))
            for bug in BUGS.values() for seed in range(seeds)]):
        verdicts[verdict.bug].append(verdict)
    yield HEADER
    yield "| bug | where | what they thought | caught by | examples |"
    yield "|---|---|---|---|---:|"
    for name, found in verdicts.items():
        bug = BUGS[name]
        if not all(verdict.caught for verdict in found):
            examples = "not always"
        elif found[0].examples is None:
            examples = "no draw"
        else:
            counts = [verdict.examples for verdict in found]
            examples = f"{statistics.median(counts):.0f}"
        yield f"{row(bug)} {examples} |"


def row(bug: Bug) -> str:
    """A line of the table, up to the examples."""
    thought = bug.thought.replace("|", "\\|")
    seen = f" Seen in {bug.seen}." if bug.seen else ""
    test = bug.proof.split("::")[1]
    return f"| `{bug.name}` | `{bug.where}` | {thought}{seen} | `{test}` |"


def show(bug: Bug) -> str:
    """Plant one in this process; what a slide would say of it."""
    warm_up()
    verdict = prove(bug, [bug.proof], "--hypothesis-profile=slide",
                    "--hypothesis-seed=0")
    lines = [f"{bug.name}: {bug.thought}"]
    if bug.seen:
        lines.append(f"Seen in {bug.seen}.")
    lines += ["", f"{bug.wing}/{bug.topic}.py, {bug.where}", diff(bug), ""]
    if not verdict.caught:
        return "\n".join([*lines, f"{bug.proof} does not see it."])
    module = sys.modules[f"tests.{bug.proof.split('.py')[0]}"]
    name = bug.proof.split("::")[1].split("[")[0]
    says = inspect.getdoc(getattr(module, name)).splitlines()[0]
    lines += [f"Caught by {verdict.test}", f"  {says}", ""]
    if verdict.notes:
        lines += ["The smallest example that hypothesis found:", *[
            f"  {line}" for note in verdict.notes
            for line in note.splitlines()]]
    return "\n".join([*lines, f"  {verdict.message}"])


def main() -> int:
    """List the museum, plant one bug, or plant them all."""
    parser = argparse.ArgumentParser(
        prog="python -m tests.bugs",
        description=f"{len(BUGS)} bugs of this kind of code, and the "
                    "property that sees each.")
    parser.add_argument("name", nargs="?", metavar="NAME",
                        help="plant this one and print what caught it")
    parser.add_argument("--check", action="store_true",
                        help="plant all; exit 1 if one survives")
    parser.add_argument("--table", action="store_true",
                        help="plant all, 11 times; print a table")
    args = parser.parse_args()
    if args.name is not None and args.name not in BUGS:
        parser.error(f"no bug {args.name!r}; without a name all are "
                     "listed")
    if args.name is not None:
        print(show(BUGS[args.name]))
        return 0
    if args.check:
        survivors = list(check())
        print("\n".join([*survivors, f"{len(BUGS)} bugs, "
                         f"{len(survivors)} survive"]))
        return 1 if survivors else 0
    if args.table:
        for line in table(11):
            print(line)
        return 0
    for bug in BUGS.values():
        print(f"{bug.name:36} {bug.thought}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
