"""Other people's optimisers, rebuilt: each gets its verdict.

Their behaviours are those of public code, in the forms in which they
are called there.
"""

from pathlib import Path
from typing import Any

import pytest

from tests.judge import implementation
from tests.judge.verdict import (BUG, BUT, CONVENTION, DIFFERENT, EQUAL,
                                 RAISES, UNREAD)

CASES = Path(__file__).parent / "cases"
# file: name, the verdict, the names that explain it; sets of switches
# that cannot be told apart are written as "one | other"
TABLE: dict[str, list[Any]] = {
    "each": [
        ("AdamPlain", EQUAL),
        ("AdamNoPower", BUG, "adam-no-t | adam-t-stands-still"),
        ("AdamByName", EQUAL),
        ("RMSpropRooted", CONVENTION, "rmsprop-eps-in-the-root"),
        ("RMSpropGiven", CONVENTION, "rmsprop-eps-in-the-root"),
        ("AdagradRooted", CONVENTION, "adagrad-eps-in-the-root"),
        ("MomentumAveraged", CONVENTION, "momentum-is-an-average"),
        ("GradientDescentAveraged", CONVENTION, "momentum-is-an-average"),
        ("MomentumForgetful", RAISES),
        ("MomentumDeaf", BUG,
         "momentum-holds-the-lr + momentum-ignored (0.9)"),
        ("AdamWAfter", BUG, "adam-eps-before-the-correction + "
                            "adamw-decay-after-the-step"),
        ("AdamWRight", EQUAL),
        ("SGD", EQUAL)],
    "lists": [
        ("AdamOfLists", CONVENTION, "adam-eps-before-the-correction"),
        ("MomentumOfLists", CONVENTION, "momentum-holds-the-lr"),
        ("AdaGrad", BUT, "adagrad-eps-value (1e-07)"),
        ("AdamOfDicts", CONVENTION, "adam-eps-before-the-correction + "
                                    "adam-eps-value (1e-07)"),
        ("NesterovOfDicts", CONVENTION, "momentum-holds-the-lr"),
        ("AdamOfLayers", EQUAL),
        ("RMSProp", EQUAL),
        ("SGDPairs", EQUAL)],
    "functions": [
        ("sgd_momentum", CONVENTION, "momentum-holds-the-lr"),
        ("rmsprop_config", EQUAL),
        ("adam_config", EQUAL),
        ("Adam", EQUAL),
        ("update_parameters_with_adam", BUG,
         "adam-beta2-squared + adam-without-root"),
        ("update_with_adam_numbered", EQUAL),
        ("update_parameters_with_momentum", CONVENTION,
         "momentum-is-an-average"),
        ("adam_step", EQUAL),
        ("adam_array", EQUAL),
        ("adam_first", EQUAL),
        ("update_variables_Adam", EQUAL),
        ("update_variables_RMSProp", EQUAL),
        ("update_variables_momentum", CONVENTION,
         "momentum-is-an-average"),
        ("sgd_lambda", EQUAL),
        ("sgd", EQUAL),
        ("adagrad_cached", EQUAL)],
    "objects": [
        ("SGD", BUG, "momentum-not-kept | momentum-not-used"),
        ("MomentumSGD", EQUAL),
        ("Adam", CONVENTION, "adam-t-counts-missed-steps"),
        ("AdamClocked", BUG, "adam-t-shared + adam-decay-ignored"),
        ("RMSProp", EQUAL),
        ("SGDOptimizer", CONVENTION, "momentum-holds-the-lr"),
        ("HookedSGD", EQUAL),
        ("NetSGD", EQUAL),
        ("Adagrad", BUG, "missing-gradient-ends-the-step")],
    "torch": [
        ("Adam", EQUAL),
        ("AdamDeafToDecay", BUG,
         "amsgrad-of-corrected-v + adam-decay-ignored"),
        ("AdamW", CONVENTION, "adam-eps-in-the-root"),
        ("SGD", EQUAL),
        ("RMSpropOfTensors", EQUAL),
        ("sgd", EQUAL),
        ("sgd_momentum", EQUAL),
        ("adam", BUT, "adam-eps-value (1e-06)"),
        ("adam_of_tensors", EQUAL)],
    "directions": [
        ("Adam", EQUAL),
        ("AdamNegative", CONVENTION, "adam-eps-before-the-correction"),
        ("AdamOptimizer", BUG, "adam-uncorrected"),
        ("AdamPair", EQUAL),
        ("RMSprop", BUG, "rmsprop-alpha-swapped"),
        ("Optimizer_Adam", EQUAL),
        ("Optimizer_RMSprop", EQUAL),
        ("MomentumOfLayers", EQUAL)],
    "traps": [
        ("AdamSharedDefault", BUG, "state-shared-by-objects"),
        ("MomentumOfClass", BUG, "state-shared-by-objects"),
        ("MomentumByShape", BUG, "state-by-shape"),
        ("MomentumOfOne", DIFFERENT),
        ("AdamDeafToEps", BUG, "adam-eps-ignored (1e-08)"),
        ("RMSpropDeafToRho", BUG, "rmsprop-alpha-ignored (0.9)"),
        ("SGDDeafToLr", BUG, "sgd-lr-ignored (0.01)"),
        ("SGDDeafToDecay", BUG, "sgd-decay-ignored"),
        ("MomentumWithoutOptions", BUT, "momentum-value (0.9)"),
        ("AdamWithoutOptions", BUT, "adam-beta2-value (0.99)"),
        ("SGDClipped", BUT, "gradient-clipped (3)"),
        ("SGDWriting", BUT),
        ("MomentumKeeping", BUT)],
    "bugs": [
        ("AdamBase", EQUAL),
        ("AdamEpsAdded", BUG, "adam-eps-added"),
        ("AdamKeepsCorrected", BUG, "adam-keeps-the-corrected-moments"),
        ("AdamWithoutBrackets", BUG, "adam-m-without-brackets"),
        ("AdamOfNorm", BUG, "adam-v-of-the-norm"),
        ("AdamVByBeta1", BUG, "adam-v-corrected-by-beta1"),
        ("AdamWeighedByBeta1", BUG, "adam-v-weighed-by-beta1"),
        ("AdamBelieving", CONVENTION, "adam-is-adabelief"),
        ("AdamRootForgotten", BUG, "adam-v-corrected-without-root + "
                                   "adam-eps-before-the-correction"),
        ("AdamLrOverwritten", BUG, "adam-lr-is-overwritten"),
        ("AdamScheduled", CONVENTION, "lr-over-root-of-t"),
        ("AdamSingle", BUG, "adam-uncorrected"),
        ("RMSpropOfMean", BUG, "rmsprop-of-the-mean"),
        ("RMSpropFirstSquare", BUG, "rmsprop-starts-at-g2"),
        ("AdagradBeside", BUG, "adagrad-eps-beside-lr"),
        ("AdagradUnsquared", BUG, "adagrad-of-gradients"),
        ("MomentumUphill", BUG, "sgd-ascent + momentum-holds-the-lr"),
        ("MomentumCorrected", CONVENTION, "momentum-corrected"),
        ("MomentumOfLastStep", BUG, "momentum-holds-the-lr + "
                                    "momentum-buffer-is-the-gradient"),
        ("MomentumEveryTimeNew", BUG,
         "momentum-not-kept | momentum-not-used"),
        ("SGDDecayDoubled", CONVENTION, "sgd-decay-doubled"),
        ("SGDDividedByLength", DIFFERENT),
        ("SGDZeroForMissing", CONVENTION, "missing-gradient-is-zero")],
    "styles": [
        ("SGD", EQUAL),
        ("MomentumOptimizer", EQUAL),
        ("AdamOfKeywords", EQUAL),
        ("AdamOfConfig", EQUAL),
        ("AdamOfEpochs", EQUAL),
        ("AdamOfProducts", EQUAL),
        ("RMSpropBase", UNREAD),
        ("RMSprop", EQUAL),
        ("adam_update", EQUAL),
        ("sgd_of_pairs", EQUAL),
        ("sgd_of_dicts", EQUAL),
        ("momentum_of_both", EQUAL),
        ("SGDHooked", EQUAL),
        ("RMSPropOfLists", EQUAL),
        ("AdamRegularised", BUT, "weight-decay-value (0.01)")],
    "loops": [
        ("adam_minimise", EQUAL),
        ("adam_as_it_is", BUG, "adam-uncorrected"),
        ("gradient_descent", EQUAL),
        # The gradient is asked for elsewhere: no run can be compared.
        ("momentum_ahead", UNREAD),
        ("RMSpropLoop", CONVENTION, "rmsprop-eps-in-the-root")],
    "networks": [
        ("AdamOfDicts", EQUAL),
        ("SGDOfLists", BUG, "sgd-ascent"),
        ("MomentumOfLayers", CONVENTION, "momentum-is-an-average"),
        ("AdagradOfNetwork", EQUAL),
        ("RMSpropOfNetwork", EQUAL),
        ("RMSpropAssigning", EQUAL),
        ("AdagradOfLayerDicts", CONVENTION, "adagrad-eps-in-the-root")],
    "clocks": [
        ("AdamKeyed", BUG, "adam-t-shared"),
        ("AdamTold", EQUAL),
        ("AdamShaped", EQUAL),
        ("AdamDecaying", EQUAL),
        ("AdamStateless", BUG, "adam-moments-not-kept"),
        ("AdamUpdates", EQUAL),
        ("AdamPure", EQUAL),
        ("AdamOfNumbers", EQUAL),
        ("AMSGrad", EQUAL),
        ("AMSGradOfThePaper", CONVENTION, "adam-uncorrected"),
        # An entry that nothing reads is no way to change lr.
        ("AdagradScheduled", EQUAL),
        ("AdagradOfTables", EQUAL),
        ("adam_tuple", EQUAL),
        ("adam_hyper", EQUAL),
        ("rmsprop_stateless", BUG, "rmsprop-not-kept"),
        ("momentum_gd", CONVENTION, "momentum-is-an-average"),
        ("momentum_swapped", BUG, "momentum-swapped")],
}


def judged(path):
    """name -> the verdict's status and its names, of a whole file."""
    found = {}
    with implementation.opened(path, 60.0) as one:
        for name, kinds in one.names("", "").items():
            verdict = one.judge(name, kinds, "").to_json()
            names = " | ".join(" + ".join(chosen)
                               for chosen in verdict["names"])
            found[name] = verdict["status"], names
    return found


@pytest.mark.parametrize("file", TABLE)
def test_each_case_gets_its_verdict(file):
    """A table: the verdict and the names, nothing else."""
    expected = {name: (status, names[0] if names else "")
                for name, status, *names in TABLE[file]}
    assert judged(CASES / f"optimiser_{file}.py") == expected
