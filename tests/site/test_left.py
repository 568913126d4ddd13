"""Nothing is left in English by mistake on the Chinese pages."""

import re

import pytest

pytest.importorskip("sphinx")

from docs.site.picture import chinese_font  # noqa: E402
from docs.site.translate import LANGUAGE  # noqa: E402
from tests.site.browser import SITE  # noqa: E402
from tests.site.english import drawn, texts, words  # noqa: E402

# What a Chinese textbook leaves in English, too. Names first, then terms
# and units, then what stands in formulas and shapes, and bytes.
LEFT = set("""
    Adagrad Adam Chromium False Furo Gradescope Gram Hypothesis Jupyter
    Kaiming Keras Linux Mac None Python Pytorch Schmidt Tab Theano
    Transformers True Value Welford Windows Xavier cavaface clang deep
    fastai hypothesis lbfgs learn ml mpmath optax pytest pytorch ritvik
    saga scikit scratch tinygrad torch torchvision
    eps epoch fan https leaky logit logits momentum ms pickle relu
    sigmoid softmax softplus tanh ulp zip
    abs alpha amax atol backward beta betas blobs channels classes cos
    db decay dtype epsilon exp factor features float fork gain gamma
    groups hat height high import inf kh kw last log low lr max mean mode
    nan padding rtol std test train wd where width yield
    af bf cf df ef
    """.split())
FOLDER = SITE / LANGUAGE
FILES = [*sorted(FOLDER.glob("*.html")),
         *sorted((FOLDER / "_images").glob("*.svg"))]


def left(found):
    """Each text with English words that are not in the list."""
    return [f"{' '.join(missed)}: {' '.join(text.split())[:70]}"
            for text in found if (missed := [
                word for word in words(text) if word not in LEFT])]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_nothing_is_in_english_by_mistake(path):
    """Words, labels, tooltips, what scripts show, and pictures."""
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".html":
        assert left(texts(text)) == []
        # Pixels can't be read: each such picture has its Chinese twin.
        assert all(".zh_CN." in picture for picture in re.findall(
            r'<img[^>]* src="([^"]*\.png)"', text))
        # Of code, the comments on commands are words of the page.
        assert not [comment for block in re.findall(
            '(?s)class="highlight-sh .*?</pre>', text)
            for comment in re.findall('class="c1"># ([^<]*)', block)
            if comment.isascii()]
    elif chinese_font():
        assert left(drawn(text)) == []


@pytest.mark.parametrize("planted", [
    "<p>一段<b>Not</b>译</p>", "<h2>Losses</h2>", "<td>one row</td>",
    '<p lang="zh"><code>x</code> stays</p>',
    "<td><code>x_i, in each row</code></td>", '<a title="Go there">图</a>',
    '<button aria-label="Close">×</button>', "<option>fast</option>",
    '<output data-found="{n} of {all}"></output>', '<img alt="A curve">',
    '<input placeholder="Search">', "<svg><text>signal</text></svg>",
    '<script type="application/json">{"x_label": "step"}</script>',
    '<script type="application/json">{"paths": {"with it": []}}</script>'])
def test_a_word_left_in_english_is_found(planted):
    """In each place where a reader would see or hear it."""
    assert len(left(texts(planted))) == 1


def test_a_word_left_in_a_picture_is_found():
    """In an axis label; a formula has no words."""
    assert left(drawn("<!-- loss -->")) == ["loss: loss"]
    assert left(drawn("<!-- 损失 $\\mathrm{loss}$ -->")) == []


@pytest.mark.parametrize("kept", [
    "<p>用 <code>from x import y</code></p>", "<pre>for all rows</pre>",
    '<span lang="en">Used here</span>', "<p>留出数据（held-out rows）</p>",
    "<p>引发“no such thing”</p>", "<p>docs/conf.py、PyTorch</p>",
    "<p>adam-no-t</p>", "<script>const words = 1</script>"])
def test_code_names_and_quotations_are_kept(kept):
    """They are in English on purpose."""
    assert left(texts(kept)) == []
