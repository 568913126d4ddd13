"""Forms of optimisers with flags, and with a pair of betas."""

from tests.judge.forms import Form, block
from tests.judge.forms_optimisers import STEPS, _class, _o, _pair, _self


def _made(form: Form) -> list[str]:
    """All state is 0 at first."""
    return [f"self.{form.name(role)} = 0" for role in form.state] + [
        f"self.{form.name('t')} = 0"] * form.steps


def with_betas(seed: int) -> tuple[str, list[str]]:
    """Adam with a pair of betas."""
    form = Form(seed)
    while not form.steps:
        seed += 10 ** 6
        form = Form(seed)
    _self(form)
    w = form.name("p")
    t = f"self.{form.name('t')}"
    form.names |= {"b1": "beta1", "b2": "beta2"}
    split = form.maybe()
    form.assign = [one for one in form.assign if not (
        one.split(" = ")[1] in NAMES_OF_BETAS)]
    form.assign.append("self.beta1, self.beta2 = betas" if split
                       else "self.betas = betas")
    arguments = [one for one in form.arguments(0)
                 if not one.startswith("beta")] + ["betas=(0.9, 0.999)"]
    o = _o(form)
    body, step = form.body(
        w, form.name("g"), _o(form), t, o if split else lambda role: {
            "b1": "self.betas[0]", "b2": "self.betas[1]"}.get(
                role) or o(role))
    lines = [f"{t} += 1"] * form.steps + body
    return _class(form, arguments, _made(form), form.one(*STEPS),
                  _pair(form, "p", "g"), lines + [f"{w} -= {step}",
                                                  f"return {w}"])


NAMES_OF_BETAS = ("beta1 b1 beta_1 rho1 beta2 b2 beta_2 rho2").split()


def with_flags(seed: int) -> tuple[str, list[str]]:
    """nesterov of SGD, amsgrad of Adam, centered of RMSprop."""
    form = Form(seed)
    while form.kind not in ("Momentum", "Adam", "RMSprop"):
        seed += 10 ** 6
        form = Form(seed)
    ps, kind = form.one("params", "parameters"), form.kind
    flag = {"Momentum": "nesterov", "Adam": "amsgrad",
            "RMSprop": "centered"}[kind]
    form.options = {role: value for role, value in form.options.items()
                    if role != "wd"}
    _self(form)
    o = _o(form)
    zero = form.zeros("p.data")
    lists = {"Momentum": ["buffer"], "Adam": ["m", "v", "v_max"],
             "RMSprop": ["square", "mean"]}[kind]
    made = [f"self.{flag} = {flag}", f"self.params = list({ps})",
            *form.assign, *[f"self.{one} = [{zero} for p in self.params]"
                            for one in lists]]
    at = {one: f"self.{one}[i]" for one in lists}
    lines, count = ["g = p.grad"], []
    top = f"{form.np}.maximum"
    if kind == "Momentum":
        u = at["buffer"]
        lines += [f"{u} = {o('mu')} * {u} + g",
                  *block(f"if self.{flag}:", [f"d = g + {o('mu')} * {u}"]),
                  *block("else:", [f"d = {u}"]),
                  f"p.data -= {o('lr')} * d"]
    elif kind == "RMSprop":
        lines += form.blend(at["square"], o("rho"), form.square("g"))
        lines += [f"v = {at['square']}", *block(f"if self.{flag}:", [
            *form.blend(at["mean"], o("rho"), "g"),
            f"v = v - {form.square(at['mean'])}"]),
            f"p.data -= {o('lr')} * g / ({form.root('v')} + {o('eps')})"]
    else:
        made += ["self.t = 0"]
        count = ["self.t += 1"]
        c2 = f"(1 - {o('b2')} ** self.t)"
        lines += form.blend(at["m"], o("b1"), "g")
        lines += form.blend(at["v"], o("b2"), form.square("g"))
        lines += [f"m_hat = {at['m']} / (1 - {o('b1')} ** self.t)",
                  f"v = {at['v']}", *block(f"if self.{flag}:", [
                      f"{at['v_max']} = {top}({at['v_max']}, v)",
                      f"v = {at['v_max']}"]),
                  f"v_hat = v / {c2}",
                  f"p.data -= {o('lr')} * m_hat / ({form.root('v_hat')}"
                  f" + {o('eps')})"]
    name = form.title(True)
    taken = ", ".join(["self", ps, *form.arguments(0), f"{flag}=False"])
    return name, block(f"class {name}:", [
        *block(f"def __init__({taken}):", made), "",
        *block("def step(self):", [*count, *block(
            "for i, p in enumerate(self.params):", lines)])])
