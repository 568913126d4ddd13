"""Bugs in data and mini-batches."""

from tests.museum.plant import Bug

BUGS = [
    Bug("std-with-n-minus-1", "data.standardize",
        {"** 2).sum(dim=0) / n).sqrt()": "** 2).sum(dim=0) / (n - 1)).sqrt()"},
        "The sample's standard deviation.",
        "test_data.py::test_standardize"),
    Bug("std-by-row", "data.standardize",
        {"mean = reference.sum(dim=0) / n":
         "mean = reference.mean(dim=1, keepdim=True)",
         "(input - mean)": "(input - input.mean(dim=1, keepdim=True))"},
        "axis=1, or was it 0?", "test_data.py::test_standardize"),
    Bug("test-data-with-its-own-mean", "data.standardize",
        {"mean = reference.sum(dim=0) / n": "mean = input.mean(dim=0)"},
        "Each set gets its own mean.",
        "test_data.py::test_standardize"),
    Bug("constant-column-blown-up", "data.standardize",
        {"torch.where(constant, 1, std)": "torch.where(std == 0, 1, std)"},
        "A constant column has std 0; after rounding it is 1e-17.",
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
        {"yield tuple(tensor.index_select(0, rows) for tensor in tensors)":
         "yield (tensors[0].index_select(0, rows), *[\n"
         "            tensor[start:start + batch_size]\n"
         "            for tensor in tensors[1:]])"},
        "Shuffle the rows of x.", "test_data.py::test_batches"),
    Bug("shuffle-the-batches-only", "data._deal",
        {"    for start in range(0, end, batch_size):\n":
         "    order, starts = torch.arange(n), range(0, end, batch_size)\n"
         "    if shuffle:\n"
         "        starts = batch_size * torch.randperm(\n"
         "            len(starts), generator=generator)\n"
         "    for start in starts:\n"},
        "Shuffling the batches is enough.",
        "test_data.py::test_batches"),
    Bug("tail-dropped", "data._deal",
        {"end = n - n % batch_size if drop_last else n":
         "end = n - n % batch_size"},
        "Full batches only.", "test_data.py::test_batches",
        crash="ValueError"),
    Bug("same-order-every-epoch", "data._deal",
        {"order = (torch.randperm(n, generator=generator) if shuffle":
         "order = (torch.randperm(\n"
         "        n, generator=torch.Generator().manual_seed(0)) if shuffle"},
        "Seed before shuffling, to be reproducible.",
        "test_data.py::test_batches"),
]
