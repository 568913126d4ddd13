"""Correct formulas of activations and losses, each in many ways.

The parts of one are lines; the last is what is returned. x is the
input, y the target, d what comes from after.
"""

ABS = "np.exp(-np.abs(x))"
LSE = "np.log(np.sum(np.exp(z), axis=1, keepdims=True))"
TOP = ["x - np.max(x, axis=1, keepdims=True)",
       "x - x.max(axis=1, keepdims=True)",
       "x - np.max(x, axis=-1, keepdims=True)",
       "x - np.max(x, axis=1).reshape(-1, 1)"]
SIGMOID = ["1 / (1 + np.exp(-x))", "1.0 / (1.0 + np.exp(-x))",
           f"np.where(x >= 0, 1, {ABS}) / (1 + {ABS})",
           "np.exp(-np.logaddexp(0, -x))"]
SOFTMAX = [f"z = {top}; e = np.exp(z); {end}" for top in TOP for end in (
    "e / np.sum(e, axis=1, keepdims=True)",
    "e / e.sum(axis=-1, keepdims=True)", "e / e.sum(axis=1)[:, None]")]
PROBS = [one.replace("; e / ", "; p = e / ") for one in SOFTMAX]
LOG_SOFTMAX = [f"z = {top}; z - {LSE}" for top in TOP]
CLIP = [f"p = np.clip(x, {end}, 1 - {end})" for end in ("1e-12", "1e-7")]
PICK = "np.arange(len(y)), y"
Table = dict[str, tuple[list[str], list[str], list[str]]]
# kind: names; the value by x (and y); the slope, times d for matrices
ACTIVATIONS: Table = {
    "relu": (
        ["relu", "ReLU"],
        ["np.maximum(0, x)", "np.maximum(x, 0)", "x * (x > 0)",
         "np.where(x > 0, x, 0)", "np.maximum(x, 0.0)"],
        ["(x > 0).astype(float)", "np.where(x > 0, 1, 0)",
         "(x > 0) * 1.0", "np.where(x > 0, 1.0, 0.0)"]),
    "sigmoid": (
        ["sigmoid", "Sigmoid"], SIGMOID,
        [f"s = {one}; s * (1 - s)" for one in SIGMOID]
        + [f"{ABS} / (1 + {ABS}) ** 2"]),
    "tanh": (
        ["tanh", "Tanh"],
        ["np.tanh(x)", "e = np.expm1(-2 * np.abs(x)); "
         "np.sign(x) * (-e / (2 + e))"],
        ["1 - np.tanh(x) ** 2", "t = np.tanh(x); 1 - t * t",
         "1 - np.square(np.tanh(x))"]),
    "softplus": (
        ["softplus", "Softplus"],
        ["np.logaddexp(0, x)", "np.logaddexp(x, 0)",
         f"np.maximum(x, 0) + np.log1p({ABS})",
         f"np.log1p({ABS}) + np.where(x > 0, x, 0)"],
        SIGMOID),
    "softmax": (
        ["softmax", "Softmax"], SOFTMAX,
        [f"{one}; {end}" for one in PROBS for end in (
             "p * (d - (d * p).sum(axis=1, keepdims=True))",
             "p * d - p * np.sum(p * d, axis=-1, keepdims=True)")]),
    "log_softmax": (
        ["log_softmax", "LogSoftmax"], LOG_SOFTMAX,
        [f"{one}; d - p * d.sum(axis=1, keepdims=True)" for one in PROBS])}
BY_TORCH = {
    "relu": ["torch.relu(x)", "x * (x > 0)",
             "torch.where(x > 0, x, torch.zeros_like(x))"],
    "sigmoid": ["torch.sigmoid(x)",
                "torch.exp(-torch.logaddexp(torch.zeros_like(x), -x))"],
    "tanh": ["torch.tanh(x)", "x.tanh()"],
    "softplus": ["torch.logaddexp(x, torch.zeros_like(x))"],
    "softmax": ["e = torch.exp(x - x.max(dim=1, keepdim=True)[0]); "
                "e / e.sum(dim=1, keepdim=True)",
                "e = torch.exp(x - torch.max(x, dim=-1, keepdim=True)"
                ".values); e / torch.sum(e, dim=-1, keepdim=True)",
                "torch.softmax(x, dim=1)"],
    "log_softmax": ["x - torch.logsumexp(x, dim=1, keepdim=True)",
                    "z = x - x.max(dim=-1, keepdim=True)[0]; "
                    "z - z.exp().sum(dim=-1, keepdim=True).log()"],
    "mse": ["((x - y) ** 2).mean()", "torch.mean((x - y) ** 2)"],
    "bce_logits": ["(torch.logaddexp(x, torch.zeros_like(x))"
                   " - x * y).mean()"],
    "ce_logits": ["-(y * torch.log_softmax(x, dim=1)).sum(dim=1).mean()",
                  "(torch.logsumexp(x, dim=1) - x[torch.arange(len(x)), y])"
                  ".mean()"]}
LOSSES: Table = {
    "mse": (
        ["mse", "mse_loss", "mean_squared_error", "MSE", "MSELoss"],
        ["np.mean((x - y) ** 2)", "((x - y) ** 2).mean()",
         "np.mean(np.square(y - x))", "np.sum((x - y) ** 2) / x.size",
         "np.mean(np.power(x - y, 2))"],
        ["2 * (x - y) / x.size", "-2 * (y - x) / x.size",
         "2 / x.size * (x - y)", "2 * (x - y) / np.size(y)"]),
    "bce": (
        ["bce", "binary_cross_entropy", "bce_loss", "BCE", "BCELoss",
         "BinaryCrossEntropy"],
        [f"{clip}; -np.mean(y * np.log(p) + (1 - y) * np.log(1 - p))"
         for clip in CLIP]
        + ["-np.mean(y * np.log(x + 1e-12)"
           " + (1 - y) * np.log(1 - x + 1e-12))"],
        [f"{clip}; {end}" for clip in CLIP for end in (
            "(p - y) / (p * (1 - p)) / x.size",
            "-(y / p - (1 - y) / (1 - p)) / x.size",
            "((1 - y) / (1 - p) - y / p) / np.size(y)")]),
    "bce_logits": (
        ["bce_with_logits", "binary_cross_entropy_with_logits",
         "BCEWithLogitsLoss", "BCEWithLogits"],
        [f"np.mean(np.maximum(x, 0) - x * y + np.log1p({ABS}))",
         "np.mean(np.logaddexp(0, x) - x * y)",
         "(np.logaddexp(0, x) - y * x).mean()"],
        [f"({one} - y) / x.size" for one in SIGMOID[:2]]),
    "ce": (
        ["cross_entropy", "cross_entropy_loss", "CrossEntropy",
         "CategoricalCrossEntropy", "categorical_cross_entropy"],
        ["-np.mean(np.sum(y * np.log(x + 1e-12), axis=1))",
         f"{CLIP[0]}; -np.sum(y * np.log(p)) / len(x)",
         f"{CLIP[1]}; -np.sum(y * np.log(p)) / x.shape[0]",
         f"-np.mean(np.log(x[{PICK}] + 1e-12))",
         f"-np.log(x[{PICK}] + 1e-12).mean()",
         f"n = x.shape[0]; -np.sum(np.log(x[{PICK}] + 1e-12)) / n"],
        ["-y / (x + 1e-12) / len(x)", f"{CLIP[0]}; -y / p / len(x)",
         "-(y / (x + 1e-12)) / x.shape[0]"]),
    "ce_logits": (
        ["softmax_cross_entropy", "cross_entropy_with_logits",
         "SoftmaxCrossEntropy", "CrossEntropyWithLogits"],
        [one.replace("; z - ", "; l = z - ") + f"; {end}"
         for one in LOG_SOFTMAX for end in (
             "-np.mean(np.sum(y * l, axis=1))", "-np.sum(y * l) / len(x)",
             f"-np.mean(l[{PICK}])", f"-l[{PICK}].mean()")],
        [f"{one}; (p - y) / len(x)" for one in PROBS])}
LABEL_SLOPES = {
    "ce_logits": [f"{one}; p[{PICK}] -= 1; p / len(x)" for one in PROBS],
    "ce": [f"g = np.zeros_like(x); g[{PICK}] = -1 / (x[{PICK}] + 1e-12);"
           " g / len(x)"]}
X = {"mse": "y_pred pred predictions output yhat y_hat",
     "bce": "y_pred p probs predictions y_hat",
     "ce": "y_pred probs p predictions y_hat output",
     "bce_logits": "logits z scores", "ce_logits": "logits scores z"}
Y = "y_true target targets y labels"
UP = ["dout", "grad_output", "upstream", "grad", "dvalues", "gradient"]
