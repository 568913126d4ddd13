"""Correct optimisers in many forms, drawn from a seed.

Each is written as people write it: other names, another order, one
array or many, in place or returned. All are right.
"""

import random
import re
from collections.abc import Callable

KINDS = {"SGD": ["SGD", "sgd", "GradientDescent", "sgd_update"],
         "Momentum": ["Momentum", "SGDMomentum", "sgd_momentum",
                      "MomentumOptimizer"],
         "RMSprop": ["RMSprop", "RMSProp", "rmsprop", "update_rmsprop"],
         "Adagrad": ["Adagrad", "AdaGrad", "adagrad", "adagrad_update"],
         "Adam": ["Adam", "AdamOptimizer", "adam", "adam_update"],
         "AdamW": ["AdamW", "adamw", "adamw_step"]}
# Two arguments of one code never have the same name.
NAMES = {"lr": "learning_rate lr alpha eta step_size",
         "b1": "beta1 b1 beta_1 rho1", "b2": "beta2 b2 beta_2 rho2",
         "eps": "eps epsilon", "mu": "momentum mu gamma beta",
         "rho": "rho decay_rate decay beta gamma alpha",
         "wd": "weight_decay wd lmbda", "t": "t iteration time_step",
         "p": "w weights params theta param W x",
         "ps": "params weights parameters",
         "g": "grad dw g gradient grads gradients dW grad_w",
         "gs": "grads gradients grad dparams",
         "m": "m mt moment1 exp_avg", "v": "v vt moment2 exp_avg_sq",
         "u": "v velocity vel", "s": "s cache v sq_grad G E_g2 r",
         "config": "config state cache"}
OPTIONS = {"SGD": {"lr": 0.01}, "Momentum": {"lr": 0.01, "mu": 0.9},
           "RMSprop": {"lr": 0.01, "rho": 0.9, "eps": 1e-8},
           "Adagrad": {"lr": 0.01, "eps": 1e-8},
           "Adam": {"lr": 0.001, "b1": 0.9, "b2": 0.999, "eps": 1e-8},
           "AdamW": {"lr": 0.001, "b1": 0.9, "b2": 0.999, "eps": 1e-8,
                     "wd": 0.01}}
STATE = {"SGD": "", "Momentum": "u", "RMSprop": "s", "Adagrad": "s",
         "Adam": "m v", "AdamW": "m v"}
# Names that some write as learningRate.
CAMEL = (r"\b(learning_rate|step_size|beta_[12]|weight_decay|exp_avg"
         r"|exp_avg_sq|time_step|decay_rate|y_true|y_pred|y_hat|layer_name"
         r"|grad_output)\b")
Lookup = Callable[[str], str]


def block(text: str, lines: list[str], deeper: int = 1) -> list[str]:
    """A head and what stands under it."""
    return [text, *["    " * deeper + line for line in lines]]


class Form:
    """One drawing: the names, and the formula in pieces."""

    def __init__(self, seed: int, torch: bool = False):
        self.random = random.Random(seed)
        self.kind = self.one(*KINDS)
        self.options = dict(OPTIONS[self.kind])
        self.torch = self.random.random() < 0.35 or torch
        self.np = "torch" if self.torch else "np"
        self.steps = self.kind.startswith("Adam")
        self.state = STATE[self.kind].split()
        if self.kind in ("Adam", "Momentum", "RMSprop") and self.maybe(0.2):
            self.options["wd"] = 0.0
        self.names: dict[str, str] = {}
        for role in (*self.options, *self.state, "t"):
            self.name(role)
        self.assign: list[str] = []

    def one(self, *choices: str) -> str:
        """One of them."""
        return self.random.choice(choices)

    def maybe(self, chance: float = 0.5) -> bool:
        """True as often."""
        return self.random.random() < chance

    def name(self, role: str) -> str:
        """The name of a role, drawn once."""
        if role not in self.names:
            free = [one for one in NAMES[role].split()
                    if one not in self.names.values()
                    and (one != "alpha" or self.kind != "RMSprop"
                         or self.names.get("lr") in ("lr",
                                                     "learning_rate"))]
            self.names[role] = self.one(*free)
        return self.names[role]

    def title(self, upper: bool) -> str:
        """A name of the optimiser, as classes or functions have it."""
        return self.one(*[one for one in KINDS[self.kind]
                          if one[0].isupper() == upper])

    def arguments(self, needed: float = 0.2) -> list[str]:
        """The options with their defaults, those without first."""
        roles = list(self.options)
        if self.maybe(0.2):
            self.random.shuffle(roles)
        bare = [role for role in roles[:1] if self.maybe(needed)]
        number = {role: self.one(str(value), f"{value:g}")
                  for role, value in self.options.items()}
        return [self.name(role) + ("" if role in bare
                                   else f"={number[role]}")
                for role in roles]

    # The formula.

    def square(self, g: str) -> str:
        """g^2"""
        return self.one(f"{g} ** 2", f"{g} * {g}", *(
            [f"{g}.pow(2)", f"torch.square({g})"] if self.torch else
            [f"np.square({g})", f"np.power({g}, 2)"]))

    def root(self, v: str) -> str:
        """The square root."""
        return self.one(f"{self.np}.sqrt({v})", f"({v}) ** 0.5")

    def blend(self, s: str, b: str, term: str) -> list[str]:
        """s <- b s + (1 - b) term"""
        return self.one_of(
            [f"{s} = {b} * {s} + (1 - {b}) * {term}"],
            [f"{s} = (1 - {b}) * {term} + {b} * {s}"],
            [f"{s} = {b} * {s} + (1.0 - {b}) * ({term})"],
            [f"{s} = {s} + (1 - {b}) * ({term} - {s})"],
            [f"{s} *= {b}", f"{s} += (1 - {b}) * {term}"])

    def one_of(self, *choices: list[str]) -> list[str]:
        """One of them, where each is a list of lines."""
        return self.random.choice(choices)

    def body(self, p: str, g: str, at: Lookup, t: str,
             o: Lookup) -> tuple[list[str], str]:
        """The lines that renew the state, and what p is reduced by."""
        lines = []
        if not self.torch and self.maybe(0.06):
            lines, g = [f"g32 = {g}.astype(np.float32)"], "g32"
        if self.kind != "AdamW" and "wd" in self.options:
            new = f"{g} + {o('wd')} * {p}"
            lines += self.one_of(
                [f"d = {new}"],
                [f"d = {g}", f"if {o('wd')}:", f"    d = {new}"],
                [f"d = {g}", f"if {o('wd')} != 0:", f"    d = {new}"])
            g = "d"
        lr = o("lr")
        if self.kind == "SGD":
            return lines, f"{lr} * {g}"
        if self.kind == "Momentum":
            u, mu = at("u"), o("mu")
            return lines + self.one_of(
                [f"{u} = {mu} * {u} + {g}"],
                [f"{u} = {g} + {mu} * {u}"],
                [f"{u} *= {mu}", f"{u} += 1 * {g}"]), f"{lr} * {u}"
        if self.steps:
            return self._adam(lines, p, g, at, t, o)
        s = at("s")
        if self.kind == "RMSprop":
            lines += self.blend(s, o("rho"), self.square(g))
        else:
            lines += [self.one(f"{s} += {self.square(g)}",
                               f"{s} = {s} + {self.square(g)}")]
        below = f"({self.root(s)} + {o('eps')})"
        return lines, self.one(f"{lr} * {g} / {below}",
                               f"({lr} / {below}) * {g}",
                               f"{g} / {below} * {lr}")

    def _adam(self, lines: list[str], p: str, g: str, at: Lookup, t: str,
              o: Lookup) -> tuple[list[str], str]:
        m, v, b1, b2 = at("m"), at("v"), o("b1"), o("b2")
        lines = lines + self.blend(m, b1, g) + self.blend(
            v, b2, self.square(g))
        c1, c2 = f"(1 - {b1} ** {t})", f"(1 - {b2} ** {t})"
        if not self.torch and self.maybe(0.2):
            c1, c2 = (f"(1 - np.power({b1}, {t}))",
                      f"(1 - np.power({b2}, {t}))")
        lr, eps, how = o("lr"), o("eps"), self.random.random()
        if how < 0.4:
            lines += [f"m_hat = {m} / {c1}", f"v_hat = {v} / {c2}"]
            step = f"{lr} * m_hat / ({self.root('v_hat')} + {eps})"
        elif how < 0.6:
            step = f"{lr} * ({m} / {c1}) / ({self.root(f'{v} / {c2}')}" \
                   f" + {eps})"
        elif how < 0.8:
            lines += [f"bias1 = {c1[1:-1]}", f"bias2 = {c2[1:-1]}",
                      f"denom = {self.root(v)} / bias2 ** 0.5 + {eps}"]
            step = f"{lr} / bias1 * {m} / denom"
        else:
            lines += [f"root = {c2} ** 0.5", f"lr_t = {lr} * root / {c1}"]
            step = f"lr_t * {m} / ({self.root(v)} + {eps} * root)"
        if self.kind == "AdamW":
            wd = o("wd")
            step = self.one(f"{step} + {lr} * {wd} * {p}",
                            f"({lr} * {wd} * {p} + {step})")
        return lines, step

    def zeros(self, p: str) -> str:
        """An array of zeros as large as p."""
        return self.one(f"{self.np}.zeros_like({p})", f"0 * {p}",
                        *[f"np.zeros({p}.shape)"] * (not self.torch))


def source(seed: int) -> tuple[str, str, str]:
    """What form it has, the name of the definition, and the source."""
    from tests.judge import (forms_functions, forms_optimisers,
                             forms_styles)
    draw = random.Random(seed)
    module = draw.choice([forms_optimisers, forms_functions, forms_styles])
    form = draw.choice(module.FORMS)
    name, lines = form(seed)
    text = "\n".join([*lines, ""])
    if draw.random() < 0.15 and form.__name__ != "configured":
        text = re.sub(CAMEL, lambda at: re.sub(
            "_(.)", lambda one: one[1].upper(), at[0]), text)
    if draw.random() < 0.15:
        # Options by their names only.
        text = re.sub(r"(def [a-z_]*\([^=)]*), (\w+=)", r"\1, *, \2", text)
    both = draw.random() < 0.1
    heads = ["import numpy as np"] * ("np." in text or both) + [
        "import torch"] * (both or any(
            mark in text for mark in ("torch", ".pow(", "dim=")))
    return form.__name__, name, "\n".join([*heads, "", "", text])
