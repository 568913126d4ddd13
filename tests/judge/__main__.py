"""The command `python -m tests.judge FILE[:NAME] ...`."""

import argparse
import ast
import contextlib
import io
import sys
from pathlib import Path

from scratch.front_door.command_line import (DISAGREE, DONE, FAILURES,
                                             INTERRUPTED, PIPE_CLOSED,
                                             USAGE, DataError, WriteError,
                                             nearest, say, show, show_as_is,
                                             to_json)
from scratch.front_door.options import Parser, positive
from tests.judge import implementation, outputs, strength
from tests.judge.verdict import UNREAD, Verdict

EXAMPLE = """\
An adapter, if your code is called in another way. Write it into FILE:
  def judge_adam(params, grads, lr, t, state):
      # lists of arrays; t is 1, 2, ...; state is a dict that lasts
      return new_params
"""


def parser() -> argparse.ArgumentParser:
    """The options."""
    found = Parser(
        prog="python -m tests.judge",
        description="Is your implementation right, and if not, what is "
                    "the bug called? Judges optimisers, activations, "
                    "losses, initialisers, schedules, convolutions and "
                    "engines of autograd in FILE against torch.",
        epilog=f"{EXAMPLE}Exit status: 0 all equal, 1 something differs, "
               f"2 bad usage or nothing found, {FAILURES}.")
    add = found.add_argument
    add("files", nargs="*", metavar="FILE[:NAME]",
        help="a file of Python; NAME: a class, a function or Class.method "
             "in it (default: all that are recognised)")
    add("--only", metavar="NAME", help="judge this name only")
    add("--as", dest="kind", metavar="KIND",
        help="what NAME is, if its name does not say so: adam, softmax, "
             "mse_loss ...; docs/judge.md explains all kinds")
    add("--call", metavar="EXPRESSION", default="",
        help="how an optimiser is called: 'w = Adam(lr).update(w, grad)'")
    add("--timeout", type=positive, default=10.0, metavar="SECONDS",
        help="stop code that answers no longer (default 10)")
    add("--tests", type=Path, metavar="TESTFILE",
        help="judge a test instead: which implementations of --of that "
             "are not torch's does this pytest file let pass? It gets "
             "them with torch's interface: Adam(params, lr=...), step(), "
             "zero_grad(); softmax(x), mse_loss(input, target)")
    add("--of", metavar="MODULE.NAME",
        help="what TESTFILE imports, as in my_adam.Adam")
    add("--json", action="store_true", help="print JSON instead of text")
    add("--gradescope", type=Path, metavar="PATH",
        help="write Gradescope's results.json")
    add("--points", type=positive, default=1.0, metavar="N",
        help="points of an implementation in --gradescope (default 1)")
    add("--accept-conventions", action="store_true",
        help="another convention counts as right")
    add("--html", type=Path, metavar="PATH",
        help="write the verdicts as a page")
    return found


def split(text: str) -> tuple[Path, str]:
    """FILE and NAME; a Windows path has a colon of its own."""
    if Path(text).exists():
        return Path(text), ""
    path, colon, name = text.rpartition(":")
    if colon and name and all(part.isidentifier()
                              for part in name.split(".")):
        return Path(path), name
    return Path(text), ""


def expression(text: str) -> str:
    """The call in a line after "Read as", which may say more behind it.

    As in "w = Adam(lr).update(w, grad), one object a parameter".
    """
    for end in range(len(text), 0, -1):
        if text[end - 1] == ")":
            with contextlib.suppress(SyntaxError):
                ast.parse(text[:end])
                return text[:end]
    return text


def patience(text: str) -> None:
    """Say what takes long, on one line, if a person is waiting."""
    if sys.stderr.isatty():
        say(f"\r\033[K{text}", end="")


def verdicts(args: argparse.Namespace) -> tuple[list[Verdict], list[str]]:
    """Of every implementation in every file; the names not known."""
    found: list[Verdict] = []
    unknown: list[str] = []
    for text in args.files:
        path, name = split(text)
        name = asked = name or args.only or ""
        with implementation.opened(path, args.timeout) as one:
            names = one.names(name, args.kind or "")
            if not names:
                known = ", ".join(one.defined()) or "nothing"
                raise DataError(
                    f"{str(path)!r} has no {name!r}; "
                    f"{nearest(name, one.defined())}" if name
                    and name not in one.defined() else
                    f"{str(path)!r}: nothing is recognised by its name; it "
                    f"defines {known} (--as KIND says what a NAME is)")
            for name, kinds in names.items():
                patience(f"judging {path.name}:{name} ...")
                verdict = one.judge(name, kinds, expression(args.call))
                if (verdict.status == UNREAD and not asked
                        and getattr(kinds[0], "unsure", False)):
                    # A `loss` of something else is no failure.
                    unknown.append(name)
                else:
                    found.append(verdict)
            patience("")
            if not asked:
                unknown += one.unknown()
    if not found:
        raise DataError(f"{unknown[0]} is none of the losses that are known "
                        "(--as KIND says what a NAME is)")
    return found, unknown


def graded(args: argparse.Namespace) -> int:
    """How strong is a test? Print what it lets pass."""
    found = strength.strength(
        args.tests, args.of, args.timeout, lambda done, count: patience(
            f"{args.tests.name}: {done} of {count} implementations ..."))
    patience("")
    if args.json:
        show_as_is(to_json(found))
    else:
        show(strength.tell(found))
    return DISAGREE if found["passed"] else DONE


def main() -> int:
    """Judge; print; return the exit status."""
    arguments = parser()
    if isinstance(sys.stdout, io.TextIOWrapper):
        # A console may not know every letter of a file's name.
        sys.stdout.reconfigure(errors="backslashreplace")
    args = arguments.parse_args()
    if args.kind and not args.only and not all(
            split(text)[1] for text in args.files):
        arguments.error("--as needs FILE:NAME")
    judged = [split(text)[0].resolve() for text in args.files]
    for path in args.gradescope, args.html:
        if path and path.resolve() in judged:
            arguments.error(f"{str(path)!r} is a file to judge")
    if bool(args.tests) != bool(args.of):
        arguments.error("--tests and --of need each other")
    if bool(args.tests) == bool(args.files):
        arguments.error("give a FILE, or --tests and --of")
    if args.tests and (args.gradescope or args.html or args.only
                       or args.kind or args.call):
        arguments.error("--tests takes --of, --timeout and --json only")
    try:
        if args.tests:
            return graded(args)
        found, unknown = verdicts(args)
        for one in found:
            one.accepted = args.accept_conventions
        if args.json:
            show_as_is(to_json([one.to_json() for one in found]))
        else:
            said = [*map(str, found)]
            if unknown:
                said.append("Not judged, because the name is not known: "
                            f"{', '.join(unknown)} (FILE:NAME --as KIND)")
            show("\n\n".join(said))
        if args.gradescope:
            outputs.write(args.gradescope,
                          outputs.gradescope(found, args.points))
        if args.html:
            outputs.write(args.html, outputs.page(found))
    except (DataError, ValueError, WriteError) as error:
        patience("")
        say(f"{arguments.prog}: {error}")
        if args.gradescope and not isinstance(error, WriteError):
            # Whoever waits for the file learns why, if it can be written.
            with contextlib.suppress(WriteError):
                outputs.write(args.gradescope, outputs.failed(
                    str(error), args.points))
        return USAGE
    except BrokenPipeError:
        return PIPE_CLOSED
    except KeyboardInterrupt:
        say(f"{arguments.prog}: interrupted")
        return INTERRUPTED
    if all(one.right for one in found):
        return DONE
    return USAGE if all(one.status == UNREAD for one in found) else DISAGREE


if __name__ == "__main__":
    sys.exit(main())
