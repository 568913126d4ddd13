"""What a pane shows at first, and what its button adds."""

import html
import re

import pytest

from scratch import CONTENTS
from scratch.front_door.source import both_sides, public_names

pytest.importorskip("sphinx")

NAMES = [f"{topic}.{name}" for topic in CONTENTS
         for name in public_names(f"torch_ref/{topic}.py")]
FOLD = re.compile(r'<span class="fold">(.*?\n)</span>', re.DOTALL)


def text(shown):
    """What a reader sees of HTML."""
    return html.unescape(re.sub("<[^>]*>", "", shown))


def body(source, symbols):
    """The lines of a pane, as HTML."""
    from docs.site.panes import code
    return code(source, symbols).partition('<pre tabindex="0">')[2].partition(
        "</pre>")[0]


@pytest.mark.parametrize("name", NAMES)
def test_every_line_is_there(name):
    """Folded or not, the lines are those of the file; some are in view."""
    for side in both_sides(name):
        shown = body(side.text, {})
        assert text(shown) == side.text
        at_first = text(FOLD.sub("", shown))
        assert at_first.splitlines()[0] == side.text.splitlines()[0]
        assert '"""' not in at_first or shown.count("\n") < 3


def test_a_constructor_is_folded_if_the_rest_has_its_symbols():
    """Of SGD the update is in view, unless only __init__ has a symbol."""
    hand, by_torch = both_sides("optim.SGD")
    shown = text(FOLD.sub("", body(hand.text, {"g": "g", "lr": "η"})))
    assert "def update" in shown and "__init__" not in shown
    shown = text(FOLD.sub("", body(hand.text, {"params": "θ"})))
    assert "def update" in shown and "__init__" in shown
    # A wrapper is nothing but its constructor.
    assert "super().__init__(" in text(FOLD.sub("", body(by_torch.text, {})))
