"""The forms of optimisers: what they are called with, and how often."""

from tests.judge.forms import Form, block

STEPS = "update step __call__ update_params apply optimize".split()


def _self(form: Form) -> None:
    """The options are attributes of the object."""
    form.assign = [f"self.{form.name(role)} = {form.name(role)}"
                   for role in form.options]


def _o(form: Form):
    return lambda role: f"self.{form.name(role)}"


def _written(form: Form, p: str, step: str, data: bool = False,
             place: bool = True) -> list[str]:
    """p is reduced, in place or not."""
    return form.one_of([f"{p} -= {step}"], *[[f"{p} = {p} - {step}"]] * (
        not place), *[[f"{p}[:] = {p} - {step}"]] * (
            place and not data and not form.torch and p.isidentifier()))


def _pair(form: Form, p: str, g: str) -> str:
    pair = [form.name(p), form.name(g)]
    return ", ".join(pair[::-1] if form.maybe(0.25) else pair)


def _class(form: Form, arguments: list[str], made: list[str], step: str,
           taken: str, lines: list[str]) -> tuple[str, list[str]]:
    name = form.title(True)
    head = form.one(f"class {name}:", f"class {name}(object):")
    made = form.assign + made
    if form.maybe(0.5):
        form.random.shuffle(made)
    init = block(f"def __init__({', '.join(['self', *arguments])}):", made)
    call = block(f"def {step}({', '.join(filter(None, ['self', taken]))}):",
                 lines)
    return name, block(head, [*init, "", *call])


def one_array(seed: int) -> tuple[str, list[str]]:
    """An object for one array; the state is made with the first call."""
    form = Form(seed)
    _self(form)
    p, g = _pair(form, "p", "g"), form.name("g")
    lazy, w = form.maybe(), form.name("p")
    state = [f"self.{form.name(role)}" for role in form.state]
    made = [f"{one} = {None if lazy else 0}" for one in state]
    lines = []
    if lazy and state:
        lines = block(f"if {state[0]} is None:",
                      [f"{one} = {form.zeros(w)}" for one in state])
    t = f"self.{form.name('t')}"
    if form.steps:
        made.append(f"{t} = 0")
        lines.append(form.one(f"{t} += 1", f"{t} = {t} + 1"))
    body, step = form.body(w, g, lambda role: f"self.{form.name(role)}",
                           t, _o(form))
    back = form.one_of([f"return {w} - ({step})"],
                       [f"{w} = {w} - ({step})", f"return {w}"],
                       [f"{w} -= {step}", f"return {w}"],
                       [f"{w} -= {step}"])
    return _class(form, form.arguments(), made, form.one(*STEPS), p,
                  lines + body + back)


def keyed(seed: int) -> tuple[str, list[str]]:
    """One object; each array has a key."""
    form = Form(seed)
    _self(form)
    key = form.one("key", "name", "param_name", "layer_name")
    w, g, keep = form.name("p"), form.name("g"), form.name("t")
    made = [f"self.{form.name(role)} = {{}}" for role in form.state]
    made += [f"self.{keep} = {{}}"] * form.steps
    t = f"self.{keep}[{key}]"
    lines = []
    if form.state:
        first = f"self.{form.name(form.state[0])}"
        lines = block(f"if {key} not in {first}:", [
            f"self.{form.name(role)}[{key}] = {form.zeros(w)}"
            for role in form.state] + [f"{t} = 0"] * form.steps)
    lines += [f"{t} += 1"] * form.steps
    body, step = form.body(
        w, g, lambda role: f"self.{form.name(role)}[{key}]", t, _o(form))
    back = form.one_of([f"return {w} - ({step})"],
                       [f"{w} -= {step}", f"return {w}"])
    taken = form.one(f"{key}, {w}, {g}", f"{w}, {g}, {key}")
    return _class(form, form.arguments(), made, form.one(*STEPS), taken,
                  lines + body + back)


def many(seed: int) -> tuple[str, list[str]]:
    """Lists or dicts of arrays, and of their gradients."""
    form = Form(seed)
    _self(form)
    ps, gs, dicts = form.name("ps"), form.name("gs"), form.maybe()
    at_start = form.maybe(0.3)
    i = "key" if dicts else "i"
    state = {role: f"self.{form.name(role)}" for role in form.state}
    zero = form.zeros(f"{ps}[key]" if dicts else "p")
    empty = (f"{{key: {zero} for key in {ps}}}" if dicts
             else f"[{zero} for p in {ps}]")
    t = f"self.{form.name('t')}"
    made = [f"{one} = {empty if at_start else None}"
            for one in state.values()] + [f"{t} = 0"] * form.steps
    keep = at_start and form.maybe()
    here = f"self.{ps}" if keep else ps
    made += [f"self.{ps} = {ps}"] * keep
    lines = [] if at_start or not state else block(
        f"if {[*state.values()][0]} is None:",
        [f"{one} = {empty}" for one in state.values()])
    lines += [f"{t} += 1"] * form.steps
    body, step = form.body(f"{here}[{i}]", f"{gs}[{i}]",
                           lambda role: f"{state[role]}[{i}]", t, _o(form))
    loop = (form.one(f"for key in {here}:", f"for key in {here}.keys():")
            if dicts else f"for i in range(len({here})):")
    lines += block(loop, body + _written(form, f"{here}[{i}]", step,
                                         place=False))
    lines += [f"return {here}"] * form.maybe()
    return _class(form, [ps] * at_start + form.arguments(0.5), made,
                  form.one(*STEPS), f"{gs}" if keep else _pair(
                      form, "ps", "gs"), lines)


def steps_of(form: Form, t: str, params: str) -> tuple[
        list[str], list[str], list[str]]:
    """How t starts, what each parameter begins with, and each step.

    A parameter without a gradient has no step: torch does not count it.
    """
    skip = ["if p.grad is None:", "    continue"]
    if not form.steps:
        return [], skip, []
    if form.maybe():
        return [f"{t} = 0"], [], [f"{t} += 1"]
    return ([f"{t} = [0] * len({params})"], [*skip, f"{t}[i] += 1"], [])


def objects(seed: int) -> tuple[str, list[str]]:
    """Objects with .data and .grad, given to the constructor."""
    form = Form(seed)
    _self(form)
    ps = form.one("params", "parameters")
    p = "p.data" if not form.torch or form.maybe() else "p"
    t = f"self.{form.name('t')}"
    by_id = form.maybe(0.3)
    i = "id(p)" if by_id else "i"
    zero = form.zeros("p.data")
    made = [f"self.params = {form.one(ps, f'list({ps})')}"]
    for role in form.state:
        made.append(f"self.{form.name(role)} = " + (
            f"{{id(p): {zero} for p in self.params}}" if by_id
            else f"[{zero} for p in self.params]"))
    clock, skip, count = steps_of(form, t, "self.params")
    made += clock
    body, step = form.body(p, "p.grad",
                           lambda role: f"self.{form.name(role)}[{i}]",
                           t + "[i]" * ("[" in "".join(clock)), _o(form))
    loop = block("for i, p in enumerate(self.params):", skip + body
                 + _written(form, p, step, True))
    if p == "p":
        loop = block("with torch.no_grad():", loop)
    lines = count + loop
    form.assign, made = [], form.assign + made
    name, lines = _class(form, [ps, *form.arguments()], [], "step", "",
                         lines)
    at = next(i for i, one in enumerate(lines) if "def __init__" in one)
    lines[at + 1:at + 1] = ["        " + one for one in made]
    if form.maybe():
        lines += ["", "    def zero_grad(self):",
                  "        for p in self.params:",
                  "            p.grad = None"]
    return name, lines


def handed(seed: int) -> tuple[str, list[str]]:
    """A function; the state goes in and comes back."""
    form = Form(seed)
    p, g = form.name("p"), form.name("g")
    state = [form.name(role) for role in form.state]
    body, step = form.body(p, g, form.name, form.name("t"), form.name)
    counted = [form.name("t")] * form.steps
    given = form.arguments(0.4)
    needed = [one for one in given if "=" not in one]
    defaults = given[len(needed):]
    taken = _pair(form, "p", "g").split(", ") + state + counted + needed
    back = ", ".join([p, *state])
    place = form.maybe(0.3) and not state
    lines = body + ([f"{p} -= {step}"] if place else form.one_of(
        [f"{p} = {p} - ({step})", f"return {back}"],
        [f"new = {p} - ({step})",
         f"return {', '.join(['new', *state])}"]))
    name = form.title(False)
    return name, block(f"def {name}({', '.join(taken + defaults)}):", lines)


def configured(seed: int) -> tuple[str, list[str]]:
    """A function with a dict of options, which keeps the state."""
    form = Form(seed)
    p, g, config = form.name("p"), form.name("g"), form.name("config")
    keys = {"lr": "learning_rate", "b1": "beta1", "b2": "beta2",
            "eps": "epsilon", "mu": "momentum", "rho": "decay_rate",
            "wd": "weight_decay"}

    def at(role: str) -> str:
        return f'{config}["{form.name(role)}"]'

    lines = block(f"if {config} is None:", [f"{config} = {{}}"])
    lines += [f'{config}.setdefault("{keys[role]}", {value})'
              for role, value in form.options.items()]
    lines += [f'{config}.setdefault("{form.name(role)}", {form.zeros(p)})'
              for role in form.state]
    if form.steps:
        lines += [f'{config}.setdefault("t", 0)', f'{config}["t"] += 1']
    body, step = form.body(p, g, at, f'{config}["t"]',
                           lambda role: f'{config}["{keys[role]}"]')
    name = form.title(False)
    lines += body + [f"new = {p} - ({step})", f"return new, {config}"]
    return name, block(f"def {name}({p}, {g}, {config}=None):", lines)


def function_of_many(seed: int) -> tuple[str, list[str]]:
    """A function of lists or dicts; the state is a dict."""
    form = Form(seed)
    ps, gs, state = form.name("ps"), form.name("gs"), "state"
    dicts = form.maybe()
    i = "key" if dicts else "i"
    zero = form.zeros(f"{ps}[{i}]")
    lines = []
    if form.state:
        first = form.name(form.state[0])
        lines = block(f'if "{first}" not in {state}:', [
            f'{state}["{form.name(role)}"] = ' + (
                f"{{key: {zero} for key in {ps}}}" if dicts
                else f"[{zero} for i in range(len({ps}))]")
            for role in form.state] + [f'{state}["t"] = 0'] * form.steps)
    lines += [f'{state}["t"] += 1'] * form.steps
    body, step = form.body(
        f"{ps}[{i}]", f"{gs}[{i}]",
        lambda role: f'{state}["{form.name(role)}"][{i}]',
        f'{state}["t"]', form.name)
    lines += block(f"for key in {ps}:" if dicts
                   else f"for i in range(len({ps})):",
                   body + [f"{ps}[{i}] = {ps}[{i}] - ({step})"])
    lines += [f"return {ps}"]
    taken = [ps, gs] + [state] * bool(form.state) + form.arguments(0)
    name = form.title(False)
    return name, block(f"def {name}({', '.join(taken)}):", lines)


def of_torch(seed: int) -> tuple[str, list[str]]:
    """A subclass of torch.optim.Optimizer."""
    form = Form(seed, torch=True)
    names = {role: {"b1": "beta1", "b2": "beta2", "rho": "alpha",
                    "mu": "momentum", "wd": "weight_decay"}.get(role, role)
             for role in form.options}
    form.names |= names
    defaults = ", ".join(f"{names[role]}={names[role]}"
                         for role in form.options)
    made = [f"super().__init__(params, dict({defaults}))"]
    inner = []
    if form.state:
        inner = block("if len(state) == 0:", [
            f'state["{role}"] = torch.zeros_like(p)'
            for role in form.state] + ['state["step"] = 0'] * form.steps)
        inner = ["state = self.state[p]", *inner]
    inner += ['state["step"] += 1'] * form.steps
    body, step = form.body("p", "p.grad", lambda role: f'state["{role}"]',
                           'state["step"]',
                           lambda role: f'group["{names[role]}"]')
    inner = ["if p.grad is None:", "    continue", *inner, *body,
             f"p -= {step}"]
    loops = block("for group in self.param_groups:",
                  block('for p in group["params"]:', inner))
    name = form.title(True)
    taken = ", ".join(["self", "params", *form.arguments(0)])
    return name, block(f"class {name}(torch.optim.Optimizer):", [
        *block(f"def __init__({taken}):", made), "",
        "@torch.no_grad()",
        *block("def step(self, closure=None):", loops)])


FORMS = [one_array, keyed, many, objects, handed, configured,
         function_of_many, of_torch]
