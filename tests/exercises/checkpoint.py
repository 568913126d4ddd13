"""Solutions of the exercises of docs/checkpoint.md."""

from tests.exercises.exercise import Exercise

# As `load` builds it.
STATE = """\
    state: dict[int, dict[str, Tensor]] = {}
    for key, array in arrays.items():
        if key.startswith("state."):
            _, i, name = key.split(".")
            state.setdefault(int(i), {})[name] = torch.from_numpy(array)
    groups = json.loads(arrays["options"].item())
"""
OLD_CALL = """\
    optimizer.load_state_dict({"state": state, "param_groups": groups})
"""
OLD_LIST = """\
    saved = [torch.from_numpy(arrays[name]) for name in arrays
             if name.startswith("parameter.")]
"""

SOLUTIONS = [
    Exercise(
        "checkpoint-every", "checkpoint.train", {
            "          generator: torch.Generator | None = None) "
            "-> Iterator[float]:":
            "          generator: torch.Generator | None = None,\n"
            "          every: int = 1) -> Iterator[float]:",
            "        save(path, model, optimizer, epoch + 1, saved)":
            "        done = epoch + 1\n"
            "        if done % every == 0 or done == epochs:\n"
            "            save(path, model, optimizer, done, saved)",
        }),
    Exercise(
        "checkpoint-average", "checkpoint", {
            "def train(path: str | Path,":
            "def average(model: Any, paths: list[str | Path]) -> None:\n"
            '    """Set each parameter to its mean over the files."""\n'
            "    files = [_read(path) for path in paths]\n"
            "    for i, p in enumerate(model.parameters()):\n"
            "        values = [torch.from_numpy("
            'file[f"parameter.{i}"])\n'
            "                  for file in files]\n"
            "        # p = 1/n sum p_k\n"
            "        p.data.copy_(sum(values) / len(values))\n"
            "\n\n"
            "def train(path: str | Path,",
        }),
    Exercise(
        "checkpoint-to-torch", "checkpoint", {
            OLD_LIST: "    saved = _parameters(arrays)\n",
            STATE + OLD_CALL:
            "    optimizer.load_state_dict(_state_dict(arrays))\n",
            "def train(path: str | Path,":
            "def to_torch(path: str | Path,\n"
            "             ) -> tuple[list[Tensor], dict[str, Any]]:\n"
            '    """The parameters, and the state_dict of the optimiser."""\n'
            "    arrays = _read(path)\n"
            "    return _parameters(arrays), _state_dict(arrays)\n"
            "\n\n"
            "def train(path: str | Path,",
            "def _read(path: str | Path)":
            "def _parameters(arrays: dict[str, np.ndarray]) "
            "-> list[Tensor]:\n"
            "    return [torch.from_numpy(arrays[name]) for name in arrays\n"
            '            if name.startswith("parameter.")]\n'
            "\n\n"
            "def _state_dict(arrays: dict[str, np.ndarray]) "
            "-> dict[str, Any]:\n"
            f"{STATE}"
            '    return {"state": state, "param_groups": groups}\n'
            "\n\n"
            "def _read(path: str | Path)",
        }),
]
