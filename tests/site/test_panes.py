"""What a pane shows at first, and what its button adds."""

import pytest

from scratch import CONTENTS
from scratch.front_door.source import both_sides, public_names
from tests.site.pane import lines, text

pytest.importorskip("sphinx")

NAMES = [f"{topic}.{name}" for topic in CONTENTS
         for name in public_names(f"torch_ref/{topic}.py")]


@pytest.mark.parametrize("name", NAMES)
def test_every_line_is_there(name):
    """Folded or not, the lines are those of the file; some are in view."""
    for side in both_sides(name):
        everything, first = lines(side.text, {})
        assert text("".join(everything)) == side.text
        assert text(first[0]).rstrip() == side.text.splitlines()[0]
        assert len(everything) < 3 or '"""' not in text("".join(first))


def test_a_constructor_is_folded_if_the_rest_has_its_symbols():
    """Of SGD the update is in view, unless only __init__ has a symbol."""
    hand, by_torch = both_sides("optim.SGD")

    def shown(side, symbols, **options):
        return text("".join(lines(side.text, symbols, **options)[1]))

    first = shown(hand, {"g": "g", "lr": "\u03b7"})
    assert "def update" in first and "__init__" not in first
    assert "remembers" not in first
    first = shown(hand, {"params": "\u03b8"})
    assert "def update" in first and "__init__" in first
    # A wrapper is nothing but its constructor.
    assert "super().__init__(" in shown(by_torch, {})
    # Torch's own code below it says what it does.
    assert shown(by_torch, {}, wrapper=True).count("\n") == 1


def test_the_name_of_an_argument_is_no_symbol():
    """In p.sub_(v, alpha=lr) nothing is the alpha of RMSprop."""
    source = "    p.sub_(v, alpha=lr + alpha)"
    (line,), _first = lines(source, {"alpha": "\u03b1"})
    assert line.count("data-sym") == 1
    assert line.rindex("alpha") > line.index("data-sym") > line.index("lr")
