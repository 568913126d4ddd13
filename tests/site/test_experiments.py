"""Experiments: a drawing, its slider, and the sentence below."""

from tests.site.browser import By, Keys, press, visit


def test_an_experiment_by_the_keyboard(browser):
    """Tab reaches the slider, arrows move it, the sentence changes."""
    visit(browser, "linear_regression.html")
    browser.execute_script("document.querySelector('.gaps').focus()")
    slider = browser.find_element(
        By.CSS_SELECTOR, ".drag input[type=range]")
    for _ in range(20):
        press(browser, Keys.TAB)
        if browser.switch_to.active_element == slider:
            break
    assert browser.switch_to.active_element == slider
    caption = browser.find_element(By.CSS_SELECTOR, ".drag output")
    slider.send_keys(Keys.HOME)
    before = caption.text
    slider.send_keys(Keys.ARROW_RIGHT)
    assert before and caption.text != before
    assert slider.get_attribute("aria-valuetext") == caption.text


def test_a_graph_by_the_keyboard(browser):
    """Forward, nothing has arrived; at the end every value has its slope."""
    visit(browser, "autograd.html")
    slider = browser.find_element(By.CSS_SELECTOR, ".graph input")
    arrived = """
        return [...document.querySelectorAll('.graph .arrived')].filter(
            (text) => text.checkVisibility({visibilityProperty: true})).map(
            (text) => text.textContent)"""
    slider.send_keys(Keys.HOME)
    assert browser.execute_script(arrived) == []
    slider.send_keys(Keys.ARROW_RIGHT)
    assert browser.execute_script(arrived) == [
        "dL/de = 6", "dL/dL = 1"]
    slider.send_keys(Keys.END)
    assert len(browser.execute_script(arrived)) == 10
