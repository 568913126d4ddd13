"""The operations in which by hand and by torch round differently."""

# What rounds differently even then, and why the code is as it is.
EXCEPTIONS = {
    "sigmoid": "torch's gradient is s (1 - s), accurate to eps of 1 "
               "only; by hand autograd follows the operations, which is "
               "more accurate",
    "log_softmax": "torch subtracts max + log(sum) at once, and its "
                   "gradient is g - exp(log p) sum(g); by hand the "
                   "maximum is subtracted first, and autograd follows "
                   "the operations",
    "binary_cross_entropy": "torch divides by p (1 - p) last, after "
                            "the mean's 1 / n; by hand before it",
    "binary_cross_entropy_with_logits": "torch's gradient is sigmoid(x) "
                                        "- y; by hand it is the sum of "
                                        "two gradients",
    "lerp beyond 1/2": "in float32 torch rounds the weight and subtracts "
                       "it from 1, by hand the other way round: it "
                       "concerns Adam with beta1 below 1/2, and only "
                       "where the two differ",
    "lerp to -0.0": "with weight 1 the sign of a zero depends on its place "
                    "in torch, which computes several entries at a time, "
                    "and what is left one by one: it concerns Adam's "
                    "exp_avg with beta1 = 0",
    "wide addmm": "nn.Linear is one addmm: in float64 a wide matrix "
                  "product includes the bias in its running sum",
}
