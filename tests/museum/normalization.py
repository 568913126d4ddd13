"""Bugs in batch and layer normalisation."""

from tests.museum.plant import Bug

TEST = "test_normalization.py"
TRAINING = f"{TEST}::test_batch_norm_in_training"
EVALUATION = f"{TEST}::test_batch_norm_in_evaluation"
LAYER = f"{TEST}::test_layer_norm"
GRADIENTS = f"{TEST}::test_gradients_by_hand"
MOMENT = "((x - mean) ** 2).mean(dim=axes, keepdim=True)"
STD = "torch.sqrt(var + eps)"

BUGS = [
    Bug("running-variance-of-the-batch", "normalization.batch_norm",
        {"var * (n / (n - 1))": "var"},
        "It is the variance that has just been divided by.", TRAINING,
        "keras-team/keras #8982, ml-explore/mlx PR #3817"),
    Bug("variance-of-a-sample", "normalization._moments",
        {MOMENT: f"{MOMENT} * (\n"
                 "        x.numel() / max(x.numel() - mean.numel(), 1))"},
        "A variance is divided by n - 1, as std() does.", LAYER,
        "harvardnlp/annotated-transformer PR #119, FluxML/Flux.jl #529"),
    Bug("momentum-the-other-way-round", "normalization._follow",
        {"(1 - momentum) * running": "momentum * running",
         "momentum * batch": "(1 - momentum) * batch"},
        "Momentum is what is kept, as in SGD.", TRAINING,
        "d2l-ai/d2l-en PR #2213, PaddlePaddle/Paddle PR #51120"),
    Bug("statistics-per-pixel", "normalization",
        {"4: [0, 2, 3]": "4: [0]"},
        "A batch is averaged over its first axis.", GRADIENTS,
        "mlpack/mlpack PR #2474"),
    Bug("statistics-per-image", "normalization",
        {"4: [0, 2, 3]": "4: [2, 3]"},
        "Each image has a mean and a contrast of its own.", GRADIENTS),
    Bug("evaluation-with-batch-statistics", "normalization.batch_norm",
        {"mean, var = _shaped(running_mean, x), _shaped(running_var, x)":
         "mean, var = _moments(x, _AXES[x.dim()])"},
        "A layer does the same in training and afterwards.", EVALUATION),
    Bug("statistics-move-in-evaluation", "normalization.batch_norm",
        {"_shaped(running_var, x)\n":
         "_shaped(running_var, x)\n"
         "        _follow(running_mean, x.mean(dim=_AXES[x.dim()]),\n"
         "                momentum)\n"},
        "A running mean follows all that passes through.", EVALUATION,
        "chainer/chainer PR #1580"),
    Bug("training-with-running-statistics", "normalization.batch_norm",
        {"_follow(running_var, var * (n / (n - 1)), momentum)":
         "_follow(running_var, var * (n / (n - 1)), momentum)\n"
         "            mean = _shaped(running_mean.clone(), x)\n"
         "            var = _shaped(running_var.clone(), x)"},
        "They are better estimates than one batch's.", TRAINING),
    Bug("running-statistics-with-gradient", "normalization._follow",
        {"running.data.copy_": "running.copy_",
         "batch.detach().flatten()": "batch.flatten()"},
        "They are computed from the batch, and so is their gradient.",
        TRAINING, "pytorch/pytorch #20275, bayesiains/nflows #10"),
    Bug("running-statistics-assigned", "normalization._follow",
        {"running.data.copy_((1 - momentum) * running\n"
         "                       + momentum * batch.detach().flatten())":
         "running = ((1 - momentum) * running\n"
         "               + momentum * batch.detach().flatten())"},
        "The layer holds the tensor, so it sees the new one.", TRAINING),
    Bug("running-variance-from-0", "normalization.BatchNorm",
        {"ones_like(self.weight.data)": "zeros_like(self.weight.data)"},
        "Running statistics start at 0, as in Adam.", f"{TEST}::test_layers"),
    Bug("eps-outside-the-root", "normalization._scaled",
        {STD: "(torch.sqrt(var) + eps)"},
        "It only keeps the divisor from 0.", LAYER,
        "hkproj/pytorch-transformer PR #31, hyunwoongko/transformer #7"),
    Bug("eps-left-out", "normalization._scaled",
        {STD: "torch.sqrt(var)"},
        "No standard deviation of real data is 0.", LAYER),
    Bug("square-for-root", "normalization._scaled",
        {STD: "(var + eps) ** 2"},
        "A power turns a variance into a standard deviation.", LAYER,
        "131250208/TPlinker-joint-extraction #37"),
    Bug("mean-square-minus-square", "normalization._moments",
        {MOMENT: "((x ** 2).mean(dim=axes, keepdim=True)\n"
                 "                  - mean ** 2)"},
        "It is the same, and needs one pass over the data.", LAYER,
        "camlab-ethz/poseidon #6"),
    Bug("weight-before-the-mean", "normalization._scaled",
        {"z = (x - mean) / torch":
         "x = x if weight is None else weight * x\n"
         "    z = (x - mean) / torch",
         "y = z if weight is None else weight * z": "y = z"},
        "The weight multiplies the input, as in every layer.", LAYER),
    Bug("mean-taken-for-a-constant", "normalization._gradients",
        {"(g - g.mean(dim=axes, keepdim=True)\n          - z": "(g - z"},
        "A mean moves little when one x does.", GRADIENTS),
    Bug("std-taken-for-a-constant", "normalization._gradients",
        {"(g - g.mean(dim=axes, keepdim=True)\n"
         "          - z * (g * z).mean(dim=axes, keepdim=True)) / std":
         "(g - g.mean(dim=axes, keepdim=True)) / std"},
        "To divide by a number divides the gradient by it.", GRADIENTS),
    Bug("weight-left-out-on-the-way-back", "normalization._gradients",
        {"weight * upstream": "1 * upstream"},
        "The formula in the paper has no weight in it.", GRADIENTS,
        "denizyuret/Knet.jl #288"),
    Bug("weight-gradient-of-x", "normalization._gradients",
        {"dw = (upstream * z)": "dw = (upstream * x)"},
        "The gradient of a weight is that of a linear layer, G x.",
        GRADIENTS),
    Bug("layer-norm-over-the-batch", "normalization.layer_norm",
        {"[*range(-len(sizes), 0)]": "[0]"},
        "Statistics are taken over the first axis, as in batch_norm.",
        LAYER, "jadore801120/attention-is-all-you-need-pytorch PR #17"),
    Bug("layer-norm-over-one-axis", "normalization.layer_norm",
        {"[*range(-len(sizes), 0)]": "[-1]"},
        "The features are the last axis.", LAYER),
    Bug("normalised-in-16-bits", "normalization.batch_norm",
        {"x = wide(input)": "x = input"},
        "A layer computes in the dtype of its input.",
        "across/test_halves.py::test_normalization"),
]
