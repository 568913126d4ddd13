"""Bugs in dropout."""

from tests.museum.plant import Bug

VALUE = "test_dropout.py::test_value_and_gradient"
MASK = "test_dropout.py::test_mask"
MEAN = "test_dropout.py::test_expectation[0.5-hand]"
MODES = "test_dropout.py::test_modes"
SCALED = "generator=generator) / (1 - p)"
TWICE = {"    if not training or":
         "    if not training:\n        return input * (1 - p)\n    if"}

BUGS = [
    Bug("dropout-not-scaled", "dropout.dropout",
        {SCALED: "generator=generator)"},
        "To drop is to set to 0; the rest stays as it is.", MEAN),
    Bug("dropout-scaled-at-evaluation", "dropout.dropout",
        {SCALED: "generator=generator)"} | TWICE,
        "As the paper writes it: the trained weights are multiplied by "
        "1 - p.", MODES),
    Bug("dropout-scaled-twice", "dropout.dropout",
        TWICE,
        "The library scales in training, the paper at evaluation.", MODES),
    Bug("dropout-p-keeps", "dropout.dropout",
        {"bernoulli_(1 - p, generator=generator) / (1 - p)":
         "bernoulli_(p, generator=generator) / p"},
        "p is the probability to keep, as TensorFlow's keep_prob was.",
        VALUE, "hunkim/DeepLearningZeroToAll #122, "
        "aymericdamien/TensorFlow-Examples #205"),
    Bug("dropout-divided-by-p", "dropout.dropout",
        {SCALED: "generator=generator) / p"},
        "What is lost is p; with p = 1/2 it works.", VALUE,
        "lmjohns3/theanets PR #123, kaldi-asr/kaldi #2814"),
    Bug("dropout-zero-over-zero", "dropout.dropout",
        {"    if p == 1:\n        # 0 / (1 - p) would be 0 / 0.\n"
         "        return input * torch.zeros_like(input)\n": ""},
        "p = 1 is like any other.", VALUE),
    Bug("dropout-one-mask-for-the-batch", "dropout.dropout",
        {"empty_like(input, ": "empty_like(input[0], "},
        "A unit is dropped, so it is dropped in every row.", MEAN),
    Bug("dropout-whole-rows", "dropout.dropout",
        {"empty_like(input, ": "empty_like(input[:, :1], "},
        "A row of the batch is dropped, or kept.", MEAN),
    Bug("dropout-gradient-not-masked", "dropout.dropout",
        {"return input * mask.to(input.device)":
         "return input + (input * mask - input).detach()"},
        "Dropout belongs to the forward pass.", MASK,
        "ddbourgin/numpy-ml #94"),
    Bug("dropout-new-mask-in-backward", "dropout.dropout",
        {"return input * mask.to(input.device)":
         "other = torch.empty_like(input).bernoulli_(\n"
         "        1 - p, generator=generator) / (1 - p)\n"
         "    return input * other + (\n"
         "        input * mask - input * other).detach()"},
        "The backward pass calls dropout, too.", MASK),
    Bug("dropout-in-place", "dropout.dropout",
        {"return input * mask.to(input.device)":
         "input.data.mul_(mask)\n    return input * 1"},
        "It saves memory; nobody needs the input again.", VALUE),
    Bug("dropout-global-generator", "dropout.dropout",
        {"bernoulli_(1 - p, generator=generator)": "bernoulli_(1 - p)"},
        "The seed has been set above.", VALUE,
        "harvard-edge/cs249r_book PR #1869"),
    Bug("dropout-mask-not-redrawn", "dropout.Dropout.__call__",
        {"return dropout(input, self.p, self.training, self.generator)":
         "if not self.training:\n"
         "            return input\n"
         "        if not hasattr(self, 'mask'):\n"
         "            self.mask = dropout(torch.ones_like(input), self.p,\n"
         "                                True, self.generator)\n"
         "        return input * self.mask"},
        "A layer draws its mask once, as its weights.", MEAN),
    Bug("dropout-seeded-anew", "dropout.Dropout.__call__",
        {"return dropout(":
         "self.generator.manual_seed(self.generator.initial_seed())\n"
         "        return dropout("},
        "With a seed, each call gives the same.", MEAN,
        "PaddlePaddle/Paddle #7796"),
    Bug("dropout-active-at-evaluation", "dropout.Dropout.__call__",
        {"self.p, self.training, self.generator":
         "self.p, generator=self.generator"},
        "eval() of the model switches it off.", MODES,
        "rixwew/pytorch-fm #21, pytorch/pytorch #26338"),
    Bug("dropout-eval-trains", "_mode.Mode.train",
        {"self.training = mode": "self.training = True"},
        "train() switches to training; eval() calls it.", MODES),
]
