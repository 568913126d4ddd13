"""The command `python -m tests.museum`."""

import inspect
import statistics
import sys
from collections.abc import Iterator

from scratch.front_door.command_line import nearest, show, show_as_is
from scratch.front_door.options import Parser
from tests.judge.example import convention, family, in_words
from tests.museum import BUGS
from tests.museum.plant import QUIET, Bug, Verdict, diff, smallest
from tests.museum.processes import Work, prove_all, warm_up

HEADER = """\
# The museum of bugs

Small bugs of the kind that people write, each with what its author
thought. Every one was planted in the real source, and a test caught it;
without the bug that test passes. A convention is a bug only for those
who mean torch's formula.

`python -m tests.museum NAME` plants one. It prints the patch, the test,
and the smallest example with the results by hand and by torch.

Where a bug was seen in public, its repository and thread are named.
Examples are counted up to the one that failed, as hypothesis draws them
at random: the median over 11 seeds. A test with fixed input draws none
("no draw"). If 100 random examples miss the bug in most runs, the test
pins one ("pinned").

The museum leaves out three kinds. Some changes alter no result: without
`detach`, the gradients through softmax's maximum add up to 0. Some only
round once more, such as p <- p - lr weight_decay p. And no test can see
a wrong formula in a comment
(labmlai/annotated_deep_learning_paper_implementations #220).
"""


ANY_SIZE = "One of a family: the judge names any size."


def check() -> Iterator[str]:
    """Plant every bug; yield a line for each one that survives.

    First check that each proof passes without a bug.
    """
    proofs = sorted({bug.proof for bug in BUGS.values()})
    files = sorted({proof.split("::")[0] for proof in proofs})
    work: list[Work] = [
        (None, [proof for proof in proofs if proof.startswith(file)],
         ("--hypothesis-profile=glance",)) for file in files]
    # A fixed seed, so that what is caught today is caught tomorrow.
    work += [(bug, [bug.proof], ("--hypothesis-profile=museum",
                                 "--hypothesis-seed=0", *QUIET))
             for bug in BUGS.values()]
    for verdict in prove_all(work):
        bug = BUGS.get(verdict.bug)
        if bug and not verdict.caught:
            yield f"{bug.name} survives {bug.proof}"
        elif bug and verdict.raised not in (
                bug.crash, "AssertionError", "Failed"):
            yield f"{bug.name} only crashes: {verdict.message}"
        if not verdict.bug and verdict.caught:
            yield f"without a bug: {verdict.output}"


def table(seeds: int) -> Iterator[str]:
    """The museum in Markdown: how many examples catch each bug."""
    verdicts: dict[str, list[Verdict]] = {name: [] for name in BUGS}
    for verdict in prove_all([
            (bug, [bug.proof], ("--hypothesis-profile=search",
                                f"--hypothesis-seed={seed}"))
            for bug in BUGS.values() for seed in range(seeds)]):
        verdicts[verdict.bug].append(verdict)
    yield HEADER
    yield "| bug | where | what they thought | caught by | examples |"
    yield "|---|---|---|---|---:|"
    for name, found in verdicts.items():
        bug = BUGS[name]
        # What escapes 100 random examples counts as 101.
        counts = [verdict.examples if verdict.caught else 101
                  for verdict in found]
        if found[0].caught and found[0].examples is None:
            examples = "no draw"
        else:
            median = statistics.median(counts)
            examples = f"{median:.0f}" if median <= 100 else "pinned"
        yield f"{row(bug)} {examples} |"


def row(bug: Bug) -> str:
    """A row of the table, without its last cell."""
    thought = bug.thought.replace("|", "\\|")
    seen = f" Seen in {bug.seen}." if bug.seen else ""
    whose = convention(bug.name)
    seen += f" It is {whose}." if whose else ""
    seen += f" {ANY_SIZE}" if family(bug.name) else ""
    test = bug.proof.split("::")[1]
    return f"| `{bug.name}` | `{bug.where}` | {thought}{seen} | `{test}` |"


def story(bug: Bug) -> str:
    """Plant one in this process; return what a slide shows of it."""
    warm_up()
    verdict = smallest(bug)
    lines = [f"{bug.name}: {bug.thought}"]
    whose = convention(bug.name)
    if whose:
        lines.append(f"It is {whose}.")
    if family(bug.name):
        lines.append(ANY_SIZE)
    if bug.seen:
        lines.append(f"Seen in {bug.seen}.")
    lines += ["", f"scratch/{bug.topic}.py, {bug.where}", diff(bug), ""]
    if not verdict.caught:
        return "\n".join([*lines, f"{bug.proof} does not catch it."])
    name = bug.proof.partition(".py")[0].replace("/", ".")
    module = sys.modules[f"tests.{name}"]
    name = bug.proof.split("::")[1].split("[")[0]
    says = inspect.getdoc(getattr(module, name)).splitlines()[0]
    lines += [f"Caught by {verdict.test}", f"  {says}", ""]
    return "\n".join([*lines, "The smallest example:",
                      f"  {in_words(bug.name, bug.where)}"])


def main() -> int:
    """List the museum, plant one bug, or plant them all."""
    parser = Parser(
        prog="python -m tests.museum",
        description=f"Plant {len(BUGS)} bugs, and see each of them "
                    "caught by its test.")
    parser.add_argument("name", nargs="?", metavar="NAME",
                        help="plant this one; print what catches it")
    parser.add_argument("--check", action="store_true",
                        help="plant all; exit 1 if one survives")
    parser.add_argument("--table", action="store_true",
                        help="plant all, with 11 seeds; print a table")
    args = parser.parse_args()
    if args.name is not None and args.name not in BUGS:
        near = nearest(args.name, BUGS)
        parser.error(f"no bug {args.name!r}; " + (
            near if "did you mean" in near
            else "without a name, all are listed"))
    if args.name is not None:
        show(story(BUGS[args.name]))
        return 0
    if args.check:
        survivors = list(check())
        show("\n".join([*survivors, f"{len(BUGS)} bugs, "
                        f"{len(survivors)} survive"]))
        return 1 if survivors else 0
    if args.table:
        for line in table(11):
            # A page, which has its own catalogue.
            show_as_is(line)
        return 0
    for bug in BUGS.values():
        show(f"{bug.name:{max(map(len, BUGS))}}  {bug.thought}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
