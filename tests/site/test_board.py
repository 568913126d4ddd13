"""The playground: its controls, its drawings and its address."""

import inspect

import pytest

from scratch import optim
from tests.museum import BUGS
from tests.site.board import (SEEN, TERM, address, change, find, go,
                              seen)
from tests.site.browser import By, Keys, press, resize, visit, wait

START = "#data=blobs&net=2-4-2&opt=SGD&lr=0.1"


@pytest.fixture(scope="module")
def board(browser):
    """The page, opened once."""
    visit(browser, "playground.html")
    return browser


def test_nothing_moves_before_one_presses(board):
    """It is at step 0, and stays there."""
    assert address(board) == ""
    before = seen(board)
    assert find(board, ".count").text == "0" and seen(board) == before
    assert go(board, START) == before


def test_a_step_changes_the_drawing_and_the_loss(board):
    """Every picture, the edges and the curve; Reset brings them back."""
    before = go(board, START)
    said = find(board, ".said output").text
    find(board, "[data-do=step]").click()
    wait(board, lambda _: find(board, ".count").text == "1")
    first = find(board, ".said output").text
    assert first != said and board.execute_script(SEEN) != before
    assert address(board) == f"{START}&step=1"
    find(board, "[data-do=step]").click()
    wait(board, lambda _: find(board, ".count").text == "2")
    assert find(board, ".said output").text != first
    points = find(board, ".losses polyline").get_attribute("points")
    assert len(points.split()) == 2
    find(board, "[data-do=reset]").click()
    assert seen(board) == before and address(board) == START


def test_run_and_pause(board):
    """It trains until one pauses; then the address has the step."""
    go(board, START)
    run = find(board, "[data-do=run]")
    run.click()
    assert run.text == "Pause"
    wait(board, lambda _: int(find(board, ".count").text) > 20)
    run.click()
    assert run.text == "Run"
    seen(board)
    assert address(board) == f"{START}&step={find(board, '.count').text}"
    # A link, while it trains
    run.click()
    go(board, STATES[0])
    assert run.text == "Run" and address(board) == STATES[0]


STATES = [
    "#data=blobs&net=2-5-3-2&act=tanh&opt=Adam&lr=0.02&betas=0.8,0.99"
    "&amsgrad=true&seed=3&step=30&unit=2.1",
    "#data=blobs&loss=binary_cross_entropy_with_logits&net=2-3-1"
    "&opt=RMSprop&lr=0.01&centered=true&batch=50&step=9",
    "#data=parabola&net=1-6-1&opt=SGD&lr=0.1&momentum=0.9&step=25&unit=1.6",
    "#data=digits&net=64-7-10&opt=AdamW&lr=0.01&bug=adamw-coupled&step=12",
    "#data=digits&net=64-10&opt=Adagrad&lr=0.1&lr_decay=0.1&step=3"]


@pytest.mark.parametrize("state", STATES)
def test_an_address_restores_what_was_seen(board, state):
    """To the last pixel, after something else was seen."""
    first = go(board, state)
    assert address(board) == state
    assert not find(board, ".trouble").is_displayed()
    assert go(board, START) != first
    assert go(board, state) == first


def test_the_links_of_the_page_and_of_the_term(board):
    """Each shows its state, as it is written; none is impossible."""
    links = [link.get_dom_attribute("href") for link
             in board.find_elements(By.CSS_SELECTOR, "a[href^='#data=']")]
    assert len(links) > 5 and len(TERM) > 8
    for link in links + TERM:
        go(board, link)
        assert address(board) == link
        assert not find(board, ".trouble").is_displayed()


def test_the_form_has_the_options_of_each_optimiser(board):
    """As scratch has them, with its defaults."""
    go(board, START)
    for name in "SGD", "RMSprop", "Adagrad", "Adam", "AdamW":
        change(board, "opt", name)
        shown = board.execute_script("""
            const found = {};
            for (const field of document.querySelectorAll('.options input'))
                (found[field.name] ??= []).push(field.type === 'checkbox'
                    ? field.checked : Number(field.value));
            return found""")
        wanted = {key: one.default for key, one in inspect.signature(
            getattr(optim, name)).parameters.items()
            if key not in ("params", "lr")}
        assert {key: tuple(value) for key, value in shown.items()} == {
            key: value if isinstance(value, tuple) else (value,)
            for key, value in wanted.items()}
        assert f"opt={name}&lr=0.1" in address(board)
    change(board, "amsgrad", True)
    change(board, "eps", "1e-4")
    assert address(board).endswith("&eps=0.0001&amsgrad=true")


def test_layers_are_added_and_removed(board):
    """By buttons; the address and the diagram follow."""
    go(board, START)
    for button, layer, net, count in [
            ("add", 0, "2-4-4-2", 12), ("more", 0, "2-5-4-2", 13),
            ("fewer", 1, "2-5-3-2", 12), ("remove", 1, "2-5-2", 9),
            ("remove", 0, "2-2", 4)]:
        board.find_elements(
            By.CSS_SELECTOR, f"button[value={button}]")[layer].click()
        seen(board)
        assert f"&net={net}&" in address(board)
        assert len(board.find_elements(
            By.CSS_SELECTOR, ".panel.right .net .unit")) == count
    # The focus was on a button that is gone.
    assert board.switch_to.active_element.get_attribute("value") == "add"


def test_a_unit_shows_what_it_computes(board):
    """Its formula and its picture, until it is pressed again."""
    picture = "return document.querySelector('.picture').toDataURL()"
    before = go(board, f"{START}&step=20")
    answer = board.execute_script(picture)
    unit = find(board, "button.unit")
    assert unit.get_attribute("aria-label") == "hidden layer 1, unit 1"
    unit.send_keys(Keys.ENTER)
    after = seen(board)
    assert board.execute_script(picture) != answer
    assert after != before and address(board).endswith("&unit=1.1")
    assert find(board, ".formula").text.startswith(
        "hidden layer 1, unit 1 = relu(")
    unit.send_keys(Keys.SPACE)
    assert seen(board) == before


def test_a_planted_bug_trains_beside(board):
    """Two nets, two curves, the thought, and its card in the museum."""
    go(board, START.replace("SGD", "Adam"))
    panels = board.find_elements(By.CSS_SELECTOR, ".playground .panel")
    lines = ".playground .losses polyline"
    assert len(board.find_elements(By.CSS_SELECTOR, lines)) == 1
    for name in "adam-no-t", "softmax-without-maximum":
        change(board, "bug", name)
        go(board, f"{address(board).partition('&step')[0]}&step=30")
        assert [one.is_displayed() for one in board.find_elements(
            By.CSS_SELECTOR, ".playground .picture")] == [True, True]
        kinds = {one.get_attribute("class"): one.get_attribute("points")
                 for one in board.find_elements(By.CSS_SELECTOR, lines)}
        assert set(kinds) == {"line wrong", "line right"}
        # A small learning rate does not show what softmax lacks.
        assert (kinds["line wrong"] == kinds["line right"]) == (
            name != "adam-no-t")
        about = find(board, ".about-bug")
        assert BUGS[name].thought in about.text
        assert about.find_element(By.TAG_NAME, "a").get_attribute(
            "href").endswith(f"bugs.html#{name}")
    # It needs Adam, and goes with it.
    change(board, "bug", "adam-no-t")
    change(board, "opt", "SGD")
    seen(board)
    assert "bug=" not in address(board) and len(panels) == 2
    assert not find(board, ".about-bug").is_displayed()


def test_what_the_experiments_say(board):
    """Momentum swings; a loss hides a bug; softmax overflows."""
    swing = "#data=parabola&net=1-10-1&opt=SGD&lr=0.1&momentum=0.98&step=200"
    falls = []
    for state in swing, swing.replace("&momentum=0.98", ""):
        go(board, state)
        heights = [float(point.split(",")[1]) for point in find(
            board, ".losses polyline").get_attribute("points").split()]
        # Downwards on a page is more.
        falls.append(heights == sorted(heights))
    assert falls == [False, True]

    def said(state):
        go(board, state)
        return [one.text for one in board.find_elements(
            By.CSS_SELECTOR, ".playground .said output")]

    right, wrong = said("#data=digits&net=64-10&opt=Adam&lr=0.01"
                        "&bug=label-shifted&step=100")
    assert wrong == (f"{right.partition(',')[0]}, accuracy 0.0 %, "
                     "so far the same loss")
    right, wrong = said("#data=blobs&net=2-10-2&opt=SGD&lr=10"
                        "&bug=softmax-without-maximum&step=100")
    assert "accuracy 100.0 %" in right
    assert wrong == "diverged: the loss of step 3 is not a number"


@pytest.mark.parametrize("state, part, possible", [
    ("#data=blob", "data=blob", "blobs, parabola, digits"),
    ("#data=blobs&net=3-2", "net=3-2", "2-10-2"),
    ("#opt=adam", "opt=adam", "Adam"),
    ("#opt=Adam&betas=0.9", "betas=0.9", "0.9,0.999"),
    ("#lr=-1", "lr=-1", "0.1"),
    ("#opt=SGD&bug=adam-no-t", "bug=adam-no-t", "sgd-ascent"),
    ("#opt=SGD&eps=1", "eps=1", "momentum"),
    ("#momentum=0.9&nesterov=1", "nesterov=1", "true, false")])
def test_a_bad_address_is_named(board, state, part, possible):
    """One message: what is wrong and what is possible; then the default."""
    go(board, f"{START}&step=1")
    board.execute_script("location.hash = arguments[0]", state)
    wait(board, lambda _: find(board, ".trouble").is_displayed())
    said = find(board, ".trouble").text
    assert f"The address says {part}," in said and possible in said
    assert address(board) == START
    go(board, f"{START}&step=1")
    assert not find(board, ".trouble").is_displayed()


def test_a_bad_field_is_named(board):
    """A message; all else stays as it was."""
    go(board, START)
    change(board, "lr", "-1")
    assert "lr=-1 is not possible here" in find(board, ".trouble").text
    assert address(board) == START
    assert find(board, "[name=lr]").get_attribute("value") == "0.1"
    # scratch's own message
    change(board, "nesterov", True)
    assert "nesterov needs momentum" in find(board, ".trouble").text
    assert address(board) == START
    change(board, "lr", "0.2")
    assert not find(board, ".trouble").is_displayed()


def test_the_keyboard_reaches_all(board):
    """Tab goes to every control in turn; Enter and Space press it."""
    go(board, START)
    board.execute_script(
        "document.querySelector('.playground').tabIndex = -1;"
        "document.querySelector('.playground').focus();")
    reached = []
    for _ in range(60):
        press(board, Keys.TAB)
        active = board.switch_to.active_element
        name = (active.get_attribute("data-do") or active.get_attribute(
            "name") or active.get_attribute("value") or active.get_attribute(
            "aria-label"))
        reached.append(name)
        if name == "step":
            press(board, Keys.ENTER)
        if name == "reset":
            assert find(board, ".count").text == "1"
            press(board, Keys.SPACE)
        if not name or "class 1" in name:
            break
    assert reached == [
        "run", "step", "reset", "speed", "bug", "copy", "data", "batch",
        "seed", "fewer", "net", "more", "remove", "add", "act", "loss",
        "opt", "lr", "rate", "momentum", "dampening", "weight_decay",
        "nesterov", *(f"hidden layer 1, unit {n}" for n in range(1, 5)),
        "output for class 0", "output for class 1"]
    seen(board)
    assert find(board, ".count").text == "0"


def test_each_control_has_a_name_and_is_large_on_a_phone(board):
    """Native controls, labelled; 44 pixels high, the sliders too."""
    go(board, START.replace("2-4-2", "2-16-16-2").replace(
        "SGD", "Adam") + "&bug=adam-no-t")
    try:
        resize(board, 400, 800)
        seen(board)
        controls = board.execute_script("""
            return [...document.querySelectorAll('.playground :is(button,'
                + ' input, select)')].filter((one) => one.checkVisibility()
                ).map((one) => {
                const box = (one.type === 'checkbox' ? one.parentNode
                    : one).getBoundingClientRect();
                return [one.ariaLabel || one.textContent
                        || one.labels[0]?.textContent, box.height,
                        box.width, box.left >= 0 && box.right <= 400];
            })""")
        wide = board.execute_script(
            "return document.documentElement.scrollWidth")
    finally:
        resize(board, 1400)
    assert len(controls) > 60 and wide <= 400
    for name, height, width, inside in controls:
        assert name.strip() and height >= 44 and width >= 44 and inside, name
