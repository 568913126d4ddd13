"""The front door: it pairs the two wings and reports on both.

Only the files here, and `scratch/__main__.py`, know both wings. Nothing
here imports torch until a lesson runs, so that `--help` is quick.
"""

KEEP = "linear_regression --keep-gradients"

# Those that --backprop trains by gradients written out.
BACKPROP = ("linear_regression", "softmax_regression", "breast_cancer")

# In reading order: what the front door runs, and what each shows.
LESSONS = {
    "linear_regression": "a line through 20 points",
    KEEP: "the same loop, gradients never cleared",
    "logistic_regression": "a boundary between two clouds",
    "regression_net": "a curve through 100 points, 1-10-1",
    "classification_net": "two clouds and their regions, 2-10-2",
    "optimizers": "four optimisers race on one net, 1-20-1",
    "breast_cancer": "569 tumours, 30 measures, 30-32-64-1",
    "softmax_regression": "ten digits with one matrix",
}
