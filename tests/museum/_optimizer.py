"""Bugs in what all optimisers share."""

from tests.museum.plant import Bug

EVENTS = "test_optim.py::test_random_events"

BUGS = [
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
        {"return value.detach().to(p).clone()":
         "return value.detach().to(p)"},
        "Loading is assigning.",
        "across/test_states.py::test_a_loaded_state_is_a_copy"),
    Bug("loaded-options-forgotten", "_optimizer.Optimizer.load_state_dict",
        {"self.state, self.param_groups = state, [options]":
         "self.state = state"},
        "The options are given to the constructor.",
        f"{EVENTS}[RMSprop]"),
    Bug("adam-t-counts-missed-steps", "_optimizer.Optimizer.step",
        {"                self.update(p.data, p.grad, state, **options)":
         "                self.update(p.data, p.grad, state, **options)\n"
         '            elif "step" in self.remembers:\n'
         '                state["step"] = state.get("step", 0) + 1'},
        "t counts the steps of the optimiser.", f"{EVENTS}[Adam]",
        "oreilly-japan/deep-learning-from-scratch-3 (DeZero)"),
]
