"""Bugs in checkpoints."""

from tests.museum.plant import Bug

BUGS = [
    Bug("checkpoint-without-momentum", "checkpoint.save",
        {"            arrays[f\"state.{i}.{name}\"] = "
         "_pack(torch.as_tensor(value))\n": "            pass\n"},
        "The weights are the model.",
        "test_checkpoint.py::test_stopped_and_continued"
        "[scratch.checkpoint]"),
    Bug("checkpoint-without-generator", "checkpoint.load",
        {"    generator.set_state(random)\n": ""},
        "Shuffling is random anyway.",
        "test_checkpoint.py::test_stopped_and_continued"
        "[scratch.checkpoint]"),
    Bug("checkpoint-repeats-an-epoch", "checkpoint.train",
        {"save(path, model, optimizer, epoch + 1, saved)":
         "save(path, model, optimizer, epoch, saved)"},
        "epoch is the epoch.",
        "test_checkpoint.py::test_stopped_and_continued"
        "[scratch.checkpoint]"),
    Bug("checkpoint-without-running-statistics", "checkpoint._tensors",
        {"[*model.parameters(), *buffers]": "[*model.parameters()]"},
        "What is learned is in the parameters.",
        "across/test_norm_and_dropout.py::test_stopped_and_continued"
        "[batch-hand]"),
    Bug("checkpoint-replaces-the-parameters", "checkpoint.load",
        {"p.data.copy_(value)": "p.data = value"},
        "Loading is assigning; the optimiser keeps the old memory.",
        "test_checkpoint.py::test_everything_comes_back"),
]
