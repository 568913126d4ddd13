"""More forms of optimisers: layers, pairs, directions, bases."""

from tests.judge.forms import Form, block
from tests.judge.forms_flags import _made, with_betas, with_flags
from tests.judge.forms_optimisers import (STEPS, _class, _o, _pair,
                                          _self, steps_of)


def _mine(form: Form):
    return lambda role: f"self.{form.name(role)}"


def direction(seed: int) -> tuple[str, list[str]]:
    """What p is to be reduced by; the caller does it."""
    form = Form(seed)
    _self(form)
    if "wd" in form.options:
        form.options.pop("wd")
        form.kind = {"AdamW": "Adam"}.get(form.kind, form.kind)
        form.assign.pop()
    g, t = form.name("g"), f"self.{form.name('t')}"
    body, step = form.body("", g, _mine(form), t, _o(form))
    back = form.one(f"return {step}", f"return -({step})",
                    f"return {step}")
    method = form.one("update", "get_update", "step", "compute_update",
                      "calculate_update", "__call__")
    return _class(form, form.arguments(), _made(form), method, g,
                  [f"{t} += 1"] * form.steps + body + [back])


def weight_and_bias(seed: int) -> tuple[str, list[str]]:
    """The weight and the bias of one layer, each with its state."""
    form = Form(seed)
    _self(form)
    w, dw = form.one("w", "W", "weights"), form.one("dw", "dW", "grad_w")
    b, db = form.one("b", "bias"), form.one("db", "grad_b")
    t = f"self.{form.name('t')}"
    ends = form.one("_w _b", "_dw _db", "w b").split()
    made, lines = [], [f"{t} += 1"] * form.steps
    again = form.random.getstate()
    for p, g, end in (w, dw, ends[0]), (b, db, ends[1]):
        made += [f"self.{form.name(role)}{end} = 0" for role in form.state]
        form.random.setstate(again)
        body, step = form.body(
            p, g, lambda role: f"self.{form.name(role)}{end}", t, _o(form))
        lines += body + [f"{p} = {p} - ({step})"]
    made += [f"{t} = 0"] * form.steps
    taken = form.one(f"{w}, {b}, {dw}, {db}", f"{w}, {dw}, {b}, {db}")
    return _class(form, form.arguments(), made, form.one(*STEPS), taken,
                  lines + [f"return {w}, {b}"])


def layers(seed: int) -> tuple[str, list[str]]:
    """A layer, which keeps the state of its weights and biases."""
    form = Form(seed)
    _self(form)
    t = f"self.{form.name('t')}"
    names = form.one_of(["weights", "dweights", "biases", "dbiases"],
                        ["W", "dW", "b", "db"],
                        ["weights", "grad_weights", "bias", "grad_bias"])
    lines = []
    if form.state:
        lines = block(f'if not hasattr(layer, "{form.state[0]}_w"):', [
            f"layer.{one}_{end} = {form.zeros(f'layer.{name}')}"
            for one in form.state
            for end, name in (("w", names[0]), ("b", names[2]))])
    lines += [f"{t} += 1"] * form.steps
    for i, end in (0, "w"), (2, "b"):
        p, g = f"layer.{names[i]}", f"layer.{names[i + 1]}"
        body, step = form.body(p, g, lambda role: f"layer.{role}_{end}", t,
                               _o(form))
        lines += body + [f"{p} -= {step}"]
    if form.maybe():
        lines, taken = block("for layer in layers:", lines), "layers"
        lines.sort(key=lambda one: t not in one or "+= 1" not in one)
        lines = [one.strip() if f"{t} += 1" in one else one
                 for one in lines]
    else:
        taken = "layer"
    made = [f"{t} = 0"] * form.steps
    if taken == "layer" and form.steps:
        # Each layer would count; so the layer does.
        made = []
        lines = [one.replace(t, "layer.t") for one in lines]
        lines = [one.replace("layer.t += 1", "layer.t = getattr("
                             'layer, "t", 0) + 1') for one in lines]
    return _class(form, form.arguments(), made,
                  form.one("update", "update_params", "step"), taken, lines)


def apply_gradients(seed: int) -> tuple[str, list[str]]:
    """Pairs of a gradient and its parameter, or two lists in a zip."""
    form = Form(seed)
    _self(form)
    ps, gs = form.name("ps"), form.name("gs")
    pairs = form.maybe(0.4) and not form.torch
    order = form.one("g, p", "p, g")
    given = {"g, p": "grads_and_vars", "p, g": "params_and_grads"}[order]
    state = {role: f"self.{form.name(role)}" for role in form.state}
    t = f"self.{form.name('t')}"
    lines = block(f"if {state['m' if form.steps else form.state[0]]}"
                  " is None:" if state else "if False:", [
                      f"{one} = [{form.zeros('p')} for "
                      + (f"{order} in {given}]" if pairs
                         else f"p in {ps}]")
                      for one in state.values()] or ["pass"])
    lines = lines if state else []
    lines += [f"{t} += 1"] * form.steps
    body, step = form.body("p", "g", lambda role: f"{state[role]}[i]", t,
                           _o(form))
    over = given if pairs else f"zip({gs}, {ps})"
    order = order if pairs else "g, p"
    lines += block(f"for i, ({order}) in enumerate({over}):",
                   body + [f"p -= {step}"])
    made = [f"{one} = None" for one in state.values()]
    made += [f"{t} = 0"] * form.steps
    return _class(form, form.arguments(), made,
                  "apply_gradients" if pairs else form.one(*STEPS),
                  given if pairs else _pair(form, "ps", "gs"), lines)


def lr_with_the_call(seed: int) -> tuple[str, list[str]]:
    """lr comes with each call; the rest with the constructor."""
    form = Form(seed)
    lr, w, g = form.name("lr"), form.name("p"), form.name("g")
    _self(form)
    form.assign = [one for one in form.assign
                   if not one.endswith(f" {lr}")]
    arguments = [one for one in form.arguments(0)
                 if one.split("=")[0] != lr]
    t = f"self.{form.name('t')}"
    body, step = form.body(w, g, _mine(form), t, lambda role: lr
                           if role == "lr" else f"self.{form.name(role)}")
    lines = [f"{t} += 1"] * form.steps + body
    return _class(form, arguments, _made(form) + ["pass"] * (
        not form.assign and not form.state), form.one(*STEPS),
        f"{_pair(form, 'p', 'g')}, {lr}",
        lines + [f"return {w} - ({step})"])


def based(seed: int) -> tuple[str, list[str]]:
    """A base class with the loop; the formula in a subclass."""
    form = Form(seed)
    ps, lr = form.one("params", "parameters"), form.name("lr")
    rest = [role for role in form.options if role != "lr"]
    t = f"self.{form.name('t')}"
    base = block("class Optimizer:", [
        *block(f"def __init__(self, {ps}, {lr}):",
               [f"self.{ps} = list({ps})", f"self.{lr} = {lr}"]), "",
        *block("def zero_grad(self):", block(
            f"for p in self.{ps}:", ["p.grad = None"])), "",
        *block("def step(self):", ["raise NotImplementedError"])])
    clock, skip, count = steps_of(form, t, f"self.{ps}")
    body, step = form.body("p.data", "p.grad", lambda role:
                           f"self.{form.name(role)}[i]", t + "[i]" * (
                               "[" in "".join(clock)), _o(form))
    name = form.title(True)
    made = [form.one(f"super().__init__({ps}, {lr})",
                     f"super({name}, self).__init__({ps}, {lr})")]
    made += [f"self.{form.name(role)} = {form.name(role)}"
             for role in rest]
    made += [f"self.{form.name(role)} = [{form.zeros('p.data')} for p in "
             f"self.{ps}]" for role in form.state]
    made += clock
    loop = block(f"for i, p in enumerate(self.{ps}):", [
        *skip, *body, f"p.data = p.data - ({step})"])
    taken = ", ".join(["self", ps, *form.arguments()])
    return name, [*base, "", "", *block(f"class {name}(Optimizer):", [
        *block(f"def __init__({taken}):", made), "",
        *block("def step(self):", count + loop)])]


def by_layer_number(seed: int) -> tuple[str, list[str]]:
    """parameters["W" + str(l)] and grads["dW" + str(l)]."""
    form = Form(seed)
    state = [form.one("v", "velocity")] if len(form.state) == 1 else [
        "v", "s"]
    named = dict(zip(form.state, state))
    lr = form.names["lr"] = form.one("learning_rate", "lr", "alpha") if (
        form.kind != "RMSprop") else "learning_rate"
    number = form.one("range(1, L + 1)", "range(L)")
    n = "l" if "1," in number else "(l + 1)"
    lines = []
    form.names["t"] = "t"
    again = form.random.getstate()
    for letter in "W", "b":
        form.random.setstate(again)
        key = f'"{letter}" + str{n}' if n != "l" else f'"{letter}" + str(l)'
        body, step = form.body(
            f"parameters[{key}]", f'grads["d" + {key}]', lambda role:
            f'{named[role]}["d" + {key}]', "t", form.name)
        lines += body + [f"parameters[{key}] = parameters[{key}] "
                         f"- ({step})"]
    taken = ["parameters", "grads", *state] + ["t"] * form.steps
    taken += [one for one in form.arguments(0)
              if one.startswith(lr)] + [
                  one for one in form.arguments(0)
                  if not one.startswith(lr)]
    name = "update_parameters_with_" + form.title(False)
    return name, block(f"def {name}({', '.join(taken)}):", [
        "L = len(parameters) // 2", *block(f"for l in {number}:", lines),
        f"return {', '.join(['parameters', *state])}"])


def of_zipped_lists(seed: int) -> tuple[str, list[str]]:
    """New lists of everything, by zip; nothing is changed in place."""
    form = Form(seed)
    ps, gs = form.name("ps"), form.name("gs")
    keep = {role: one + "s" for role, one in zip(form.state, "mv")}
    body, step = form.body("p", "g", lambda role: role, "t", form.name)
    names = ["p", "g", *form.state]
    over = ", ".join([ps, gs, *keep.values()])
    new = ["new_" + ps, *["new_" + one for one in keep.values()]]
    lines = [f"{one} = []" for one in new] + block(
        f"for {', '.join(names)} in zip({over}):", [
            *body, f"{new[0]}.append(p - ({step}))",
            *[f"new_{many}.append({one})" for one, many in keep.items()]])
    taken = [ps, gs, *keep.values(), *["t"] * form.steps,
             *form.arguments(0)]
    name = form.title(False)
    return name, block(f"def {name}({', '.join(taken)}):",
                       lines + [f"return {', '.join(new)}"])


FORMS = [direction, weight_and_bias, layers, apply_gradients,
         lr_with_the_call, based, with_betas, by_layer_number,
         of_zipped_lists, with_flags]
