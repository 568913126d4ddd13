"""What the names of arguments mean: `learning_rate` is lr.

People name the same thing in many ways. A name means one role, for a
kind of optimiser: `beta` is the momentum of SGD, and alpha of RMSprop.
"""

import re
from dataclasses import dataclass

# role: names, compared in lower case without underscores
OPTIONS = {
    "lr": "lr learningrate eta stepsize alpha lrate rate a0 learnrate a",
    "beta1": "beta1 b1 betaone rho1 betam mu1 gamma1 momentum gamma mu",
    "beta2": "beta2 b2 betatwo rho2 betav mu2 gamma2 rho",
    "betas": "betas beta",
    "eps": "eps epsilon e epsilion smallnumber delta smooth stability fuzz "
           "fudge tiny smoothing",
    "weight_decay": "weightdecay wd l2 lambda lmbda lambd lam wdecay",
    "momentum": "momentum mu gamma beta rho mom momentumrate beta1 m0 "
                "momentumcoefficient momentumfactor moment friction alpha",
    "alpha": "rho decayrate decay beta gamma alpha beta2 b2 smoothing forget "
             "momentum discount rhorate",
    "nesterov": "nesterov usenesterov isnesterov nesterovmomentum nag",
    "dampening": "dampening damping",
    "amsgrad": "amsgrad useamsgrad",
    "lr_decay": "lrdecay learningratedecay",
    "centered": "centered centred",
}
# The options of each kind, the more likely meaning first.
OPTIONS_OF = {
    "SGD": ["lr", "momentum", "weight_decay", "nesterov", "dampening"],
    "RMSprop": ["lr", "alpha", "eps", "weight_decay", "centered",
                "momentum"],
    "Adagrad": ["lr", "eps", "weight_decay", "lr_decay"],
    "Adam": ["lr", "beta1", "beta2", "betas", "eps", "weight_decay",
             "amsgrad"],
    "AdamW": ["lr", "beta1", "beta2", "betas", "eps", "weight_decay",
              "amsgrad"],
}
VALUES = {
    "pairs": "gradsandvars paramsandgrads gradsandparams pairs varsandgrads",
    "hyper": "hyperparams hyperparameters hp hyper",
    "param": "w weight param parameter theta x var variable p value weights "
             "params parameters thetas position point xk wt target tensor "
             "data theta0 x0",
    "grad": "dw grad gradient g grads gradients dx dtheta grad_wrt_w "
            "gradwrtw dparam derivative delta dl dldw gt gradw nabla "
            "gradwrttheta dp dweights dweight ws_grad gradp update df dydx "
            "curgrad paramgrad partial paramgrads",
    "b": "b bias biases oldbias",
    "db": "db dbias dbiases gradb gradbias nablab",
    "t": "t step iteration iter timestep steps n epoch i iterations tstep "
         "counter k it nstep time globalstep numsteps steptime",
    "m": "m moment1 firstmoment expavg mt ms m1 meangrad mean mw avg moment "
         "m0 exp_avg movingmean mdw mgrad mprev",
    "v": "v moment2 secondmoment expavgsq vt vs m2 sqgrad s velocity "
         "velocities cache squareavg sqavg gsquared accumulator momentums "
         "eg2 sw vw r sumsquares gradsquared sumsq squaredgrads h n2 g2 "
         "sumsquaredgradients state_sum vel vdw sdw v0 vprev acc accum "
         "runningavg sq squares sgrad ss gradsquaresum st rt buf u q",
    "vmax": "vmax vhat maxv maxexpavgsq vhatmax",
    "config": "config state optimstate optconfig states optstate "
              "optimizerstate conf memory opt cfg optimizer",
    "one": "batchsize bs nsamples numsamples",
    "layer": "layer",
    "layers": "layers layerlist",
    "model": "model net network nn neuralnetwork neuralnet",
    "key": "key name index idx layername paramname layerid id paramid l "
           "parameter_name",
}
# For names that are in no list, the first that fits.
PATTERNS = {
    "lr": r"^(initial|base|init)?lr\d?$|learningrate\w?$|stepsize$",
    "beta1": r"(beta|decay|rho|coef)\w*(1|one|first|m)$|^first\w*decay",
    "beta2": r"(beta|decay|rho|coef)\w*(2|two|second|v)$|"
             r"^second\w*decay|^betasq|^betarms",
    "eps": r"(?<!st)eps|smooth|stabil|fudge",
    "weight_decay": r"^(?!.*decoupl)\w*(weightdecay|wd)$|^l2(reg|$)",
    "momentum": r"momentum(coef|factor|rate|term|param)?\w?$",
    "alpha": r"decayrate$",
    "nesterov": r"nesterov",
}
VALUE_PATTERNS = {
    "v": r"gradsq|sqgrad|^sqrs?$|squared?s?(grad|$)|grad\w*(sum|sq)|"
         r"accum|veloc|cache|secondm|moment2|2ndm|prev(update|step)|"
         r"^[vs][dt]?[wb]$",
    "m": r"firstm|moment1|1stm|meangrad|gradmean|momentum|^m[dt]?[wb]$",
    "grad": r"grad|nabla|deriv|^d(w|theta|param|weight|loss|j|l)",
    "db": r"^(d|grad|nabla|delta)b",
    "param": r"param|weight|theta|variable|^w\d?$|^coefs?$",
    "t": r"step|iter|epoch|^t$|count",
    "key": r"(layer|param)(id|idx|index|name|num|no)$|key|^idx",
}


def plain(name: str) -> str:
    """In lower case, without underscores: learningRate is learningrate.
    """
    return re.sub(r"[^a-z0-9]", "", name.lower())


def _table(roles: dict[str, str]) -> dict[str, set[str]]:
    return {role: {plain(name) for name in names.split()}
            for role, names in roles.items()}


_OPTIONS, _VALUES = _table(OPTIONS), _table(VALUES)
LR = _OPTIONS["lr"]


def option(name: str, kind: str) -> str:
    """The option that an argument or attribute is, or "".

    The name itself decides before a synonym does: `alpha` is alpha of
    RMSprop unless the code has no other name for lr.
    """
    short = plain(name).removeprefix("self")
    for role in OPTIONS_OF[kind]:
        if short in _OPTIONS[role] and not (
                role == "betas" and kind not in ("Adam", "AdamW")):
            return role
    return ""


def options(names: list[str], kind: str) -> dict[str, str]:
    """name -> option for all names of a signature; each option once.

    `alpha` beside `lr` is RMSprop's alpha; alone it is lr.
    """
    found: dict[str, str] = {}
    for role in OPTIONS_OF[kind]:
        best = [name for name in names if name not in found
                and plain(name) in _OPTIONS[role]]
        # The order of the table is the order of preference.
        order = [plain(name) for name in OPTIONS[role].split()]
        best.sort(key=lambda name: order.index(plain(name)))
        best += [name for name in names if name not in found
                 and role in PATTERNS and not _listed(name)
                 and re.search(PATTERNS[role], plain(name))]
        if best:
            found[best[0]] = role
    _single_beta(found)
    return found


def _single_beta(found: dict[str, str]) -> None:
    """`beta` beside beta2 is beta1; it is a pair if it stands alone."""
    for name, role in found.items():
        if role == "betas" and plain(name) == "beta":
            one = {"beta1", "beta2"} - {*found.values()}
            if len(one) == 1:
                found[name] = one.pop()


def _listed(name: str) -> bool:
    """Does a list say what it is? Then no pattern is asked."""
    return any(plain(name) in names for names in (
        *_OPTIONS.values(), *_VALUES.values()))


def value(name: str, roles: str = "") -> str:
    """What an argument that is no option stands for, or "".

    roles: the only ones that count, in this order; all if empty.
    """
    short = plain(name)
    wanted = roles.split() or [*_VALUES]
    for role in wanted:
        if short in _VALUES.get(role, ()):
            return role
    return next((role for role, pattern in VALUE_PATTERNS.items()
                 if role in wanted and re.search(pattern, short)), "")


# Names of the function that is minimised, where nothing calls it.
VALUE = ("f func fun fn function objective objectivefunction cost "
         "costfunction lossfunction lossfn loss").split()


def function(name: str) -> str:
    """What an argument that is called stands for.

    "slope": the gradient at a point; "height": the value there.
    """
    if re.search(r"callback|print|log|hook|report|monitor", plain(name)):
        return "callback"
    return "slope" if value(name, "grad") or re.search(
        r"prime|^(g|jac\w*)$|^d[a-z]$", plain(name)) else "height"


def words(name: str) -> list[str]:
    """adam_update, AdamUpdate, Optimizer_Adam: the words, lower case."""
    spaced = re.sub(r"([a-z0-9])([A-Z])", r"\1 \2", name)
    spaced = re.sub(r"([A-Z]+)([A-Z][a-z])", r"\1 \2", spaced)
    return [word for word in re.split(r"[^A-Za-z0-9]+",
                                      spaced.lower().replace("_", " "))
            if word]


HELPERS = ("init initialize initialise initialization create plot train "
           "training test compare demo main schedule scheduler example "
           "animate visualize fit regression classifier").split()


@dataclass(frozen=True)
class Name:
    """The name of a definition, for topics to recognise."""

    # the last part of Class.method
    text: str

    @property
    def short(self) -> str:
        """In lower case, without underscores."""
        return plain(self.text)

    @property
    def parts(self) -> list[str]:
        """Its words, and every two neighbours as one."""
        parts = words(self.text)
        return parts + ["".join(pair) for pair in zip(parts, parts[1:])]

    @property
    def is_helper(self) -> bool:
        """A function that prepares, plots or trains."""
        return self.is_word(*HELPERS)

    def has(self, *marks: str) -> bool:
        """Is one of them inside?"""
        return any(mark in self.short for mark in marks)

    def is_word(self, *marks: str) -> bool:
        """Is one of them a word of it?"""
        return bool({*marks} & {*self.parts})
