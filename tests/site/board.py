"""What the tests of the playground do with it, as a reader does."""

import re

from scratch.front_door.source import ROOT
from tests.site.browser import By, wait

# The states that the lecturer's page sends to.
TERM = [f"#{state}" for state in re.findall(
    r"^:play: .* = (.+)$", (ROOT / "docs/term.md").read_text(), re.M)]

# What a reader sees: pixels of the pictures, losses and words.
SEEN = """
const all = (where) => [...document.querySelectorAll(`.playground ${where}`)]
    .filter((one) => one.checkVisibility());
return JSON.stringify([
    all('canvas').map((one) => one.toDataURL()),
    all('.net path').map((one) => one.outerHTML),
    all('.losses polyline').map((one) => one.getAttribute('points')),
    all('.said output, .formula, .count').map((one) => one.textContent)]);
"""


def find(board, where):
    """What is at a place of the board."""
    return board.find_element(By.CSS_SELECTOR, f".playground {where}")


def seen(board):
    """What the reader sees, once all is drawn."""
    board.execute_async_script(
        "setTimeout(() => requestAnimationFrame(arguments[0]), 60)")
    return board.execute_script(SEEN)


def address(board):
    """The address's part after the page."""
    return board.execute_script("return location.hash")


def go(board, state):
    """Open another address of the page; wait until it is trained."""
    board.execute_script("location.hash = arguments[0]", state)
    step = state.partition("step=")[2].partition("&")[0] or "0"
    wait(board, lambda _: find(board, ".count").text == step)
    return seen(board)


def change(board, name, value):
    """Give a field another value, as a reader does."""
    board.execute_script("""
        const [name, value] = arguments;
        const field = document.querySelector(`.playground [name=${name}]`);
        if (field.type === 'checkbox') field.checked = value;
        else field.value = value;
        field.dispatchEvent(new Event('change', {bubbles: true}));
        """, name, value)
