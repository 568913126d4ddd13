"""The words of functions: names of methods and of arguments."""

from typing import Any

from tests.judge import roles

FORWARD = ("__call__ forward fn call value activate compute apply loss "
           "calculate f function func activation evaluate compute_loss "
           "get_loss cost __forward__ calc fun compute_cost forward_pass "
           "cal_loss calc_loss calculate_loss eval transform act "
           "predict output fprop get_output forward_prop feedforward "
           "activation_function get compute_value run "
           "_forward sigmoid relu tanh softmax softplus log_softmax mse "
           "cross_entropy binary_cross_entropy").split()
BACKWARD = ("backward gradient grad derivative prime deriv dfn df "
            "derivate derive delta d_loss backprop bprop slope "
            "compute_gradient get_grad calc_gradient dloss "
            "first_derivative loss_grad compute_derivative loss_prime "
            "loss_gradient backward_pass gradients d dx diff backpropagate "
            "get_gradient calculate_gradient cal_grad deriv_loss "
            "derivative_function loss_derivative cost_derivative dfunc "
            "activation_prime derivation calc_grad gradient_loss "
            "input_gradient backward_prop grad_input derv der "
            "calculate_derivative compute_grad dactivation "
            "_backward").split()
FLAGS = ("derivative deriv prime derive grad gradient der deriver "
         "derivate backward diff isderivative d deriviative derivation "
         "isprime dx derv getderivative returnderivative calcderivative "
         "gradients computegradient returngrad isgrad usederivative df "
         "firstderivative back").split()
# What a result may be stored in.
STORED = ("output", "out", "outputs", "y", "a", "activation", "loss",
          "value", "result", "A", "data_loss", "cost", "activations")
STORED_SLOPE = ("dinputs", "dinput", "dx", "grad_input", "grad", "dout",
                "gradient", "d_inputs", "dX", "dZ", "inputs_grad",
                "input_grad", "grads", "gradients", "dvalues", "delta")
TARGET = ("y target targets t ytrue labels label actual truth gt "
          "true expected yactual onehot groundtruth ytrues real yt "
          "desired ybatch truelabels trueprobs yreal ytrueonehot "
          "expectedoutput truey ytarget d yonehot tgt ytruth correct "
          "actuals desiredoutput truevalues correctlabels yexpected "
          "targetoutput expectedoutputs trueoutput classes yorig "
          "groundtruths yhot ys truevalue onehotlabels ylabels "
          "trueclass trueclasses trg reference ideal").split()
INPUT = ("ypred p pred prediction predictions output outputs logits x yhat "
         "a input inputs predicted z probs scores h out yhats q yp al "
         "predictedprobs net preds ypreds aout sigmoidoutput ypredicted "
         "probabilities yprob yprobs yprediction yhatprobs predy phat "
         "predprobs predictedvalues guess predict predictedoutput "
         "netoutput score logit ypredict modeloutput ypredprob prob "
         "ypredictions predictedy yestimate estimate actualoutput "
         "yproba proba yout youtput rawscores softmaxoutput xs").split()
UPSTREAM = ("dout dvalues grad gradient gradoutput upstream da delta dy "
            "dz dl outgrad gout accumgrad topgrad dh gradout error "
            "dupstream gradientoutput outputgradient outputgrad gy grady "
            "outputerror dldy dlda derror doutput gradients dloss loss "
            "incominggrad grads dlda upstreamgrad dlossdoutput gradz "
            "upstreamgradient delout outgradient errorsignal gradin "
            "gradnext prevgrad dey dact doutputs lossgrad dj gradh "
            "outputsgrad gradoutputs dnext nextgrad backwardgrad "
            "dldz dldout incominggradient gradients").split()
CACHE = "cache activationcache memory cached saved".split()
OUTPUT = ("y out output a s fx activated sigmoid sig activation outputs "
          "sigmoidx softmaxoutput softmax yhat sm act tanhx p probs "
          "activations").split()
# Arguments that have a value that does no harm.
CONSTANT = {
    "rate": "learningrate lr rate",
    "true": "training train istraining keepdims keepdim returnloss",
    "-1": "axis dim",
    "one": "temperature temp tau beta scale weight lossweight",
    "classes": "classes numclasses nclasses numclass k c nclass numlabels "
               "classcount noutputs outputsize outputdim",
    "count": "m n batchsize nsamples numsamples size numexamples "
             "samples bs batch ndata",
    "mean": "reduction"}
SMOOTHING = ("smoothing labelsmoothing eps epsilon alpha ls smooth "
             "smoothrate labelsmooth smoothingfactor e a factor lam "
             "smoothfactor smoothingrate s labelsmoothingfactor").split()


def constant(name: str) -> str:
    """The value that does no harm, or ""."""
    return next((value for value, names in CONSTANT.items()
                 if roles.plain(name) in names.split()), "")


def slope_names(name: str, names: Any) -> list[str]:
    """sigmoid_prime, d_sigmoid, sigmoid_backward of sigmoid."""
    base = roles.plain(name)
    for end in ("forward", "fwd", "fn", "function", "loss", "activation"):
        if len(base) > len(end) + 1:
            base = base.removesuffix(end)
    marks = {*FLAGS, "backward", "bwd", "bprop", "delta", "dv",
             "derivatives", "grads", "back", "slope", "dx", "dz", "bw",
             "derivativeof", "gradof", "gradientof", "derivof", "dof",
             "backprop", "backpropagation", "backwards", "jacobian"}
    ends = ("", "loss", "fn", "function", "activation", "func", "of")
    marks |= {part for mark in marks for end in ends
              for part in (end + mark, mark + end)}
    found = []
    for other in names:
        left = roles.plain(other).replace(base, " ", 1)
        parts = set(left.split())
        # grad_cross_entropy_loss has a mark before and an end behind.
        if other != name and " " in left and parts & marks and (
                parts <= marks | {*ends}):
            found.append(other)
    return found
