"""The command `python -m tests.dojo`."""

import argparse
import inspect
import subprocess
import sys
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any

from scratch.front_door.command_line import (DISAGREE, DONE, INTERRUPTED,
                                             PIPE_CLOSED, USAGE, DataError,
                                             Parser, WriteError, say, show,
                                             whole, writing)
from tests.dojo import rounds, worker
from tests.judge.example import in_words
from tests.museum.plant import Bug


def parser() -> argparse.ArgumentParser:
    """The options."""
    found = Parser(
        prog="python -m tests.dojo",
        description="Find the bug that is planted in a copy of a topic.",
        epilog="Exit status: 0 done, or the proof passes; 1 the proof "
               "fails; 2 bad usage.")
    add = found.add_argument
    add("action", nargs="?", default="start",
        choices=["start", "check", "hint", "solve", "exam"],
        help="start: plant a bug (default); check: does the proof pass? "
             "hint: one more of three; solve: the patch and the story; "
             "exam: several rounds, with a key")
    add("--folder", type=Path, default=Path("dojo"), metavar="DIR",
        help="where the copy lies (default dojo)")
    add("--topic", help="plant it in this topic (default: any)")
    add("--level", type=int, choices=rounds.LEVELS,
        help="1: easily found, to 3: only one test sees it (default: any)")
    add("--seed", type=whole(0), default=0, metavar="N",
        help="which bug: the same for everyone (default 0)")
    add("--count", type=whole(1), default=20, metavar="N",
        help="rounds of an exam (default 20)")
    return found


def start(args: argparse.Namespace) -> int:
    """Plant a bug; show what is seen of it."""
    bug, = rounds.pick(args.topic, args.level, args.seed)
    rounds.start(args.folder, bug, args.seed)
    show(symptom(args.folder, bug))
    return DONE


def symptom(folder: Path, bug: Bug) -> str:
    """The failing test, an example, two loss curves; also as a file."""
    found = worker.ask({"what": "symptom", "bug": bug.name})
    text = [f"A bug is in {folder / bug.path.name}. It fails",
            f"  tests/{found['test']}", f"  {says(bug)}", ""]
    words = in_words(bug.name, bug.where)
    if words:
        text += ["The smallest example:", f"  {words}"]
    else:
        text += [f"  {line}" for note in found["notes"]
                 for line in note.splitlines()]
        text += [f"  {found['message']}"]
    text += ["", *losses(folder, found["curves"]), "",
             "Edit the copy, then: python -m tests.dojo check --folder "
             f"{folder}"]
    with writing(folder / "symptom.txt"):
        (folder / "symptom.txt").write_text("\n".join(text) + "\n",
                                            encoding="utf-8")
    return "\n".join(text)


def losses(folder: Path, found: dict[str, Any]) -> list[str]:
    """A small table of two loss curves, and a picture of them."""
    if not found:
        return ["No lesson trains with this topic."]
    bad, right = found["with"], found["without"]
    if found["stopped"]:
        return [f"In training: {found['stopped']}"]
    if bad == right:
        return ["In a lesson the loss is the same with the bug and "
                "without."]
    draw(folder / "symptom.png", bad, right)
    steps = sorted({int(k * (min(len(bad), len(right)) - 1) / 5)
                    for k in range(6)}) if bad and right else []
    lines = ["step       loss with the bug    loss without it"]
    lines += [f"{step + 1:<8} {_number(bad[step]):>19} "
              f"{_number(right[step]):>18}" for step in steps]
    return [*lines, f"Drawn in {folder / 'symptom.png'}"]


def _number(loss: float | None) -> str:
    return "not finite" if loss is None else f"{loss:.6g}"


def draw(path: Path, bad: list[Any], right: list[Any]) -> None:
    """Two curves in one picture."""
    from matplotlib.figure import Figure
    figure = Figure(figsize=(7, 4), layout="constrained")
    axes = figure.subplots()
    axes.plot(range(1, len(right) + 1),
              [float("nan") if one is None else one for one in right],
              label="without the bug", color="C0", lw=4, alpha=0.4)
    axes.plot(range(1, len(bad) + 1),
              [float("nan") if one is None else one for one in bad],
              label="with the bug", color="C3", lw=1.5)
    axes.set(xlabel="step", ylabel="loss", yscale="log")
    axes.legend()
    with writing(path):
        figure.savefig(path, dpi=100)


def says(bug: Bug) -> str:
    """The first line of the failing test's docstring."""
    name = bug.proof.partition(".py")[0].replace("/", ".")
    module = import_module(f"tests.{name}")
    test = bug.proof.split("::")[1].split("[")[0]
    return (inspect.getdoc(getattr(module, test)) or "").split("\n")[0]


def check(args: argparse.Namespace) -> int:
    """Does the proof pass with the learner's copy?"""
    found, bug = rounds.resume(args.folder)
    copy = args.folder / bug.path.name
    if not copy.exists():
        raise DataError(f"{str(copy)!r} is missing")
    found.checks += 1
    try:
        compile(copy.read_bytes(), str(copy), "exec")
        answer = worker.ask({"what": "check", "bug": bug.name,
                             "file": str(copy.resolve())})
    except SyntaxError as error:
        answer = {"caught": True, "test": "",
                  "message": f"{copy.name}, line {error.lineno}: "
                             f"{error.msg}"}
    except subprocess.TimeoutExpired:
        answer = {"caught": True, "test": "", "message":
                  f"no answer in {worker.PATIENCE} s"}
    except RuntimeError as error:
        answer = {"caught": True, "test": "", "message": str(error)}
    found.solved = found.solved or not answer["caught"]
    rounds.save(args.folder, found)
    if answer["caught"]:
        where = f"tests/{answer['test']}: " if answer["test"] else ""
        show(f"Not yet. {where}{answer['message']}")
        return DISAGREE
    hints = "without a hint" if not found.hints else (
        f"with {found.hints} hint{'s' * (found.hints > 1)}")
    show(f"The proof passes: found {hints}, at check {found.checks}.\n"
         f"{rounds.story(bug)}")
    return DONE


def hint(args: argparse.Namespace) -> int:
    """The next of three hints, and those before it."""
    found, bug = rounds.resume(args.folder)
    more = found.hints < 3
    found.hints = min(found.hints + 1, 3)
    rounds.save(args.folder, found)
    steps: list[Callable[[], str]] = [
        lambda: f"1. tests/{bug.proof}\n   {says(bug)}",
        lambda: f"2. {rounds.place(bug)}:\n   "
                + rounds.formula(bug).replace("\n", "\n   "),
        lambda: f"3. line {rounds.lines(args.folder, bug)} of the copy "
                "as it was planted"]
    said = [step() for step in steps[:found.hints]]
    if not more:
        said.append("There are no more hints; solve shows the patch.")
    show("\n".join(said))
    return DONE


def solve(args: argparse.Namespace) -> int:
    """The patch and the story; the copy stays as it is."""
    found, bug = rounds.resume(args.folder)
    found.shown = True
    rounds.save(args.folder, found)
    show(rounds.story(bug))
    return DONE


def exam(args: argparse.Namespace) -> int:
    """Several rounds in folders 01, 02, ..., and a key."""
    bugs = rounds.pick(args.topic, args.level, args.seed, args.count)
    if args.folder.exists() and any(args.folder.iterdir()):
        raise DataError(f"{str(args.folder)!r} must be empty")
    key = ["# Key", ""]
    for number, bug in enumerate(bugs, start=1):
        folder = args.folder / f"{number:02}"
        rounds.start(folder, bug, args.seed)
        symptom(folder, bug)
        say(f"{number} of {len(bugs)}")
        key += [f"## {number:02}", "", "```", rounds.story(bug), "```",
                f"Caught by tests/{bug.proof}", ""]
    with writing(args.folder / "key.md"):
        (args.folder / "key.md").write_text("\n".join(key),
                                            encoding="utf-8")
    show(f"{len(bugs)} rounds in {args.folder}; key.md is for you. Each: "
         f"python -m tests.dojo check --folder {args.folder / '01'}")
    return DONE


def main() -> int:
    """Run one action; return the exit status."""
    arguments = parser()
    args = arguments.parse_args()
    action = {"start": start, "check": check, "hint": hint,
              "solve": solve, "exam": exam}[args.action]
    try:
        return action(args)
    except (DataError, WriteError, RuntimeError) as error:
        say(f"{arguments.prog}: {error}")
        return USAGE
    except BrokenPipeError:
        return PIPE_CLOSED
    except KeyboardInterrupt:
        say(f"{arguments.prog}: interrupted")
        return INTERRUPTED


if __name__ == "__main__":
    sys.exit(main())
