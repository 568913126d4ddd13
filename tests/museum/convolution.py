"""Bugs in convolution and pooling."""

from tests.museum.plant import Bug

PROOF = "test_convolution.py::test_"
CONV, TEXTBOOK = f"{PROOF}conv2d", f"{PROOF}textbook_conv2d"
MAX, AVG = f"{PROOF}max_pool2d", f"{PROOF}avg_pool2d"

BUGS = [
    Bug("kernel-flipped", "convolution.conv2d",
        {"weight.flatten(1)": "weight.flip(2, 3).flatten(1)"},
        "A convolution flips its kernel: else it is a correlation.", CONV),
    Bug("patches-channels-last", "convolution._patches",
        {"permute(1, 4, 5, 0, 2, 3)": "permute(4, 5, 1, 0, 2, 3)"},
        "A patch is c kh kw numbers, in whatever order.", CONV),
    Bug("reshape-for-permute", "convolution.conv2d",
        {"z.unflatten(1, patches.shape[1:]).permute(1, 0, 2, 3)":
         "z.reshape(len(input), len(weight), *patches.shape[2:])"},
        "The shape is right, so the numbers are.", CONV),
    Bug("one-kernel-for-all-channels", "convolution.textbook_conv2d",
        {"weight[o, c, u, v]": "weight[o, 0, u, v]"},
        "A filter is a little square that slides over every channel.",
        TEXTBOOK),
    Bug("bias-in-every-product", "convolution.textbook_conv2d",
        {"+= weight[o, c, u, v] * x[":
         "+= (0 if bias is None else bias[o]) + weight[o, c, u, v] * x[",
         "z if bias is None else z + bias[:, None, None]": "z"},
        "w x + b, summed over the window.", TEXTBOOK),
    Bug("padding-on-one-side", "convolution._pad",
        {"padded[:, :, padding:padding + h, padding:padding + w]":
         "padded[:, :, :h, :w]"},
        "The image must grow by 2 padding; where does not matter.", CONV),
    Bug("stride-in-one-axis", "convolution._patches",
        {".unfold(3, kw, stride)": ".unfold(3, kw, 1)"},
        "The stride is for the rows.", CONV,
        "deepjavalibrary/djl #384"),
    Bug("window-moves-by-1", "convolution.textbook_conv2d",
        {"i * stride + u": "i + u"},
        "Output i is the window at row i.", TEXTBOOK,
        "rasbt/machine-learning-book PR #168"),
    Bug("windows-without-plus-1", "convolution.textbook_conv2d",
        {"h = (x.shape[2] - kh) // stride + 1":
         "h = (x.shape[2] - kh) // stride"},
        "How often does the stride fit into what is left?", TEXTBOOK),
    Bug("max-pool-padded-with-0", "convolution.max_pool2d",
        {"_pad(input, padding, -inf)": "_pad(input, padding)"},
        "Padding is zeros.", MAX,
        "zylo117/Yet-Another-EfficientDet-Pytorch PR #352, "
        "tenstorrent/tt-metal PR #28804"),
    Bug("tie-to-the-last", "convolution.max_pool2d",
        {".max(dim=0).values": ".flip(0).max(dim=0).values"},
        ">= keeps the largest just as > does.", MAX),
    Bug("ties-share", "convolution.max_pool2d",
        {".max(dim=0).values": ".amax(dim=0)"},
        "amax is max without the indices.", MAX),
    Bug("every-tie-gets-all", "convolution.max_pool2d_gradient",
        {"largest == k": "entries[k] == entries.max(dim=0).values"},
        "The gradient goes where the entry equals the maximum.", MAX,
        "Theano/Theano #5248, mni-ml/framework PR #22"),
    Bug("average-of-the-pixels-inside", "convolution.avg_pool2d",
        {"    return (total / kernel_size ** 2)":
         "    ones = _pad(torch.ones_like(input), padding)\n"
         "    inside = sum(_entries(ones, kernel_size, stride))\n"
         "    return (total / inside)"},
        "The padding is no pixel, so it does not count.", AVG),
    Bug("average-over-one-axis", "convolution.avg_pool2d",
        {"kernel_size ** 2": "kernel_size"},
        "A window of kernel_size entries.", AVG),
    Bug("flatten-channels-last", "convolution.flatten",
        {"input.reshape(n": "input.permute(0, 2, 3, 1).reshape(n"},
        "All numbers of a pixel belong together.", f"{PROOF}flatten",
        "keras-team/keras PR #9696"),
    Bug("windows-overwrite", "convolution._add_entries",
        {"total[places[k]] += entries[k]": "total[places[k]] = entries[k]"},
        "The gradient goes back to where the pixel came from.", CONV),
    Bug("kernel-flipped-on-the-way-back", "convolution.conv2d_gradients",
        {"weight.flatten(1)": "weight.flip(2, 3).flatten(1)"},
        "The way back is a convolution with the flipped kernel.", CONV),
    Bug("crop-at-one-end", "convolution._add_entries",
        {"total[:, :, padding:h - padding, padding:w - padding]":
         "total[:, :, :h - 2 * padding, :w - 2 * padding]"},
        "Cut off what is too much.", CONV),
    Bug("images-are-square", "convolution._add_entries",
        {"padding:w - padding": "padding:h - padding"},
        "The width is the height.", CONV,
        "renmengye/np-conv2d PR #2"),
    Bug("dw-averaged", "convolution.conv2d_gradients",
        {"dw.reshape(weight.shape)": "dw.reshape(weight.shape) / len(x)"},
        "The gradient of a batch is the mean over its images.", CONV),
    Bug("bias-per-pixel", "convolution.conv2d_gradients",
        {"upstream.sum(dim=(0, 2, 3))": "upstream.sum(dim=0)"},
        "Each output has its own bias, as in a dense layer.", CONV),
]
