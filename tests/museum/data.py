"""Bugs in data and mini-batches."""

from tests.museum.plant import Bug

BUGS = [
    Bug("std-with-n-minus-1", "data.standardize",
        {"** 2).sum(dim=0) / n).sqrt()": "** 2).sum(dim=0) / (n - 1)).sqrt()"},
        "The sample's standard deviation.",
        "test_data.py::test_standardize"),
    Bug("std-by-row", "data.standardize",
        {"mean = r.sum(dim=0) / n": "mean = r.mean(dim=1, keepdim=True)",
         "result = (x - mean)":
         "result = (x - x.mean(dim=1, keepdim=True))"},
        "axis=1, or was it 0?", "test_data.py::test_standardize"),
    Bug("test-data-with-its-own-mean", "data.standardize",
        {"mean = r.sum(dim=0) / n": "mean = x.mean(dim=0)"},
        "Each set gets its own mean.",
        "test_data.py::test_standardize"),
    Bug("constant-column-blown-up", "data.standardize",
        {"torch.where(constant, 1, std)": "std"},
        "Every column varies.",
        "test_data.py::test_a_constant_column_stays_small"),
    Bug("test-row-in-training", "data.train_test_split",
        {"order[train:]": "order[train - 1:]"},
        "Off by one, at the border.",
        "test_data.py::test_train_test_split"),
    Bug("split-unshuffled", "data.train_test_split",
        {"torch.randperm(len(x), generator=as_generator(generator))":
         "torch.arange(len(x))"},
        "The rows come in no particular order.",
        "test_data.py::test_train_test_split"),
    Bug("shuffle-x-without-y", "data._deal",
        {"_take(tensors, order[start:start + batch_size])":
         "(*_take(tensors[:1], order[start:start + batch_size]),\n"
         "               *[tensor[start:start + batch_size]\n"
         "                 for tensor in tensors[1:]])",
         "_take(tensors, order[n - tail:])":
         "(*_take(tensors[:1], order[n - tail:]),\n"
         "               *[tensor[n - tail:] for tensor in tensors[1:]])"},
        "Shuffle the rows of x.", "test_data.py::test_batches"),
    Bug("shuffle-the-batches-only", "data._deal",
        {"    for start in range(0, n - tail, batch_size):\n":
         "    order = torch.arange(n)\n"
         "    starts = range(0, n - tail, batch_size)\n"
         "    if shuffle:\n"
         "        starts = batch_size * torch.randperm(\n"
         "            len(starts), generator=generator)\n"
         "    for start in starts:\n"},
        "Shuffling the batches is enough.",
        "test_data.py::test_batches"),
    Bug("tail-dropped", "data._deal",
        {"if tail and not drop_last:": "if False:"},
        "Full batches only.", "test_data.py::test_batches",
        crash="ValueError"),
    Bug("same-order-every-epoch", "data._deal",
        {"order = (torch.randperm(n, generator=generator) if shuffle":
         "order = (torch.randperm(\n"
         "        n, generator=torch.Generator().manual_seed(0)) if shuffle"},
        "Seed before shuffling, to be reproducible.",
        "test_data.py::test_batches"),
]
