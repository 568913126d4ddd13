"""The command `python -m tests.dojo`."""

import argparse
import inspect
import math
import sys
import textwrap
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any

from scratch.front_door.command_line import (DISAGREE, DONE, INTERRUPTED,
                                             PIPE_CLOSED, USAGE, DataError,
                                             WriteError, reading, say, show,
                                             show_as_is, writing)
from scratch.front_door.language import told
from scratch.front_door.options import Parser, whole
from scratch.front_door.pictures import translate
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
        help="1: almost every example shows it, to 3: few do (default: any)")
    add("--seed", type=whole(0), default=0, metavar="N",
        help="which bug: the same for everyone (default 0)")
    add("--count", type=whole(1), default=20, metavar="N",
        help="rounds of an exam (default 20)")
    return found


def start(args: argparse.Namespace) -> int:
    """Plant a bug; show what is seen of it."""
    bug, = rounds.pick(args.topic, args.level, args.seed)
    rounds.vacant(args.folder, bug)
    patience("The bug is planted, and what is seen of it is looked for.")
    begin(args.folder, bug, args.seed)
    with reading(args.folder / "symptom.txt"):
        text = (args.folder / "symptom.txt").read_text(encoding="utf-8")
    where = ("" if args.folder == Path("dojo")
             else f' --folder "{args.folder}"')
    show(f"{text}\nEdit {args.folder / bug.path.name}, then: "
         f"python -m tests.dojo check{where}\n"
         "If you are stuck: hint, three times; then solve.")
    return DONE


def patience(text: str) -> None:
    """Say what takes long, if a person is waiting."""
    if sys.stderr.isatty():
        say(f"{text} This takes some seconds ...")


def begin(folder: Path, bug: Bug, seed: int) -> None:
    """Write the copy, and symptom.txt: test, example, two loss curves.

    Nothing is written before the symptom is known.
    """
    found = worker.ask({"what": "symptom", "bug": bug.name})
    rounds.start(folder, bug, seed)
    text = [f"A bug is in {bug.path.name}. It fails",
            f"  tests/{found['test']}", "", "The smallest example:",
            f"  {in_words(bug.name, bug.where)}"]
    text += ["", *losses(folder, found)]
    with writing(folder / "symptom.txt"):
        (folder / "symptom.txt").write_text(
            told("\n".join(text)) + "\n", encoding="utf-8")


def losses(folder: Path, found: dict[str, Any]) -> list[str]:
    """A small table of two loss curves, and a picture of them."""
    curves = found["curves"]
    if not curves:
        return ["No lesson trains with what has the bug."]
    bad, right = curves["with"], curves["without"]
    lesson = f"{found['lesson']} {found['run']}".strip()
    if curves["stopped"]:
        return [f"The lesson {lesson} stops: {curves['stopped']}"]
    if len(bad) == len(right) and all(map(_alike, bad, right)):
        return [f"In the lesson {lesson} the loss is the same with the "
                "bug and", "without it."]
    draw(folder / "symptom.png", bad, right)
    steps = sorted({int(k * (min(len(bad), len(right)) - 1) / 5)
                    for k in range(6)}) if bad and right else []
    lines = [f"The lesson {lesson}:",
             f"{'step':8} {'loss with the bug':>19} "
             f"{'loss without it':>18}"]
    lines += [f"{step + 1:<8} {_number(bad[step]):>19} "
              f"{_number(right[step]):>18}" for step in steps]
    return [*lines, "Drawn in symptom.png."]


def _alike(a: float | None, b: float | None) -> bool:
    """Equal but for rounding: one is by hand, one by torch."""
    return a == b or None not in (a, b) and math.isclose(
        float(a or 0), float(b or 0), rel_tol=1e-6)


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
    translate(figure)
    with writing(path):
        figure.savefig(path, dpi=100)


def says(bug: Bug) -> str:
    """The docstring of the failing test: what it asks."""
    name = bug.proof.partition(".py")[0].replace("/", ".")
    module = import_module(f"tests.{name}")
    test = bug.proof.split("::")[1].split("[")[0]
    return inspect.getdoc(getattr(module, test)) or ""


def check(args: argparse.Namespace) -> int:
    """Does the proof pass with the learner's copy?"""
    found, bug = rounds.resume(args.folder)
    copy = args.folder / bug.path.name
    if not copy.exists():
        raise DataError(f"{str(copy)!r} is missing")
    found.checks += 1
    answer: dict[str, Any] = {"caught": True, "test": "", "message": ""}
    try:
        with reading(copy):
            text = copy.read_bytes()
        compile(text, str(copy), "exec")
        if rounds.secret(text.decode().replace("\r\n", "\n")
                         ) == found.planted:
            answer["message"] = f"{copy.name} is as it was planted."
        else:
            patience("The proof runs with your copy.")
            answer = worker.ask({"what": "check", "bug": bug.name,
                                 "file": str(copy.resolve())})
    except SyntaxError as error:
        answer["message"] = (f"{copy.name}, line {error.lineno}: "
                             f"{error.msg}")
    except ValueError:
        answer["message"] = f"{copy.name} is no text of Python."
    except RuntimeError as error:
        answer["message"] = str(error)
    found.solved = found.solved or not answer["caught"]
    rounds.save(args.folder, found)
    if answer["caught"]:
        message = textwrap.shorten(answer["message"], 300)
        if answer["test"]:
            message = f"tests/{answer['test']} fails: {message}"
        show(f"Not yet. {message}")
        return DISAGREE
    hints = ("without a hint", "with 1 hint", "with 2 hints",
             "with 3 hints")[found.hints]
    if found.shown:
        hints = "after solve"
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
        # Docstrings stay as they are in the source.
        lambda: told(
            f"1. Which property? tests/{bug.proof} asks:\n") + says(bug),
        lambda: told(
            f"2. Which formula? {rounds.place(bug)} should compute:\n"
            ) + rounds.formula(bug),
        lambda: told("3. Which line? In the copy as it was planted:\n"
                     + rounds.lines(bug))]
    said = [step().replace("\n", "\n   ") for step in
            steps[:found.hints]]
    said.append(told(
        "The next hint names the formula." if found.hints == 1 else
        "The next hint shows the line." if found.hints == 2 else
        "" if more else "There are no more hints; solve shows the patch."))
    show_as_is("\n".join(filter(None, said)))
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
        key += [f"## {number:02}", "", "```", rounds.story(bug), "```",
                f"Caught by tests/{bug.proof}", ""]
    # First, so that an exam that is interrupted has its key.
    with writing(args.folder):
        args.folder.mkdir(parents=True, exist_ok=True)
    with writing(args.folder / "key.md"):
        (args.folder / "key.md").write_text(told("\n".join(key)),
                                            encoding="utf-8")
    patience(f"{len(bugs)} bugs are planted.")
    for number, bug in enumerate(bugs, start=1):
        begin(args.folder / f"{number:02}", bug, args.seed)
        say(f"{number}/{len(bugs)}")
    show(f"{len(bugs)} rounds in {args.folder}. Keep key.md for yourself, "
         "and hand out the folders.\nEach has a copy and its symptom.txt: "
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
