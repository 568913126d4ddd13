"""Settings of the lectures: `sphinx-build -W docs docs/_build`."""

import os
import sys
from pathlib import Path

import torch

ROOT = Path(__file__).parents[1]
# The pages import both wings, the tests, and the files in docs/site.
sys.path.insert(0, str(ROOT))

os.environ.setdefault("MPLBACKEND", "Agg")
# The same as `python -m scratch`; float32 would draw other points.
torch.set_default_dtype(torch.float64)
torch.set_num_threads(1)

project = "By hand and by torch"
author = "its authors"
copyright = "its authors, MIT licence"
language = "en"

extensions = [
    "myst_parser",
    "docs.site.mathml",
    "docs.site.font",
    "docs.site.mirror",
    "docs.site.evidence",
    "docs.site.comments",
    "docs.site.found",
    "docs.site.cards",
    "docs.site.experiment",
    "docs.site.plot",
    "docs.site.exercise",
    "docs.site.judged",
    "docs.site.lecture",
    "docs.site.citations",
    "docs.site.layout",
    "docs.site.preface",
    "docs.site.symbols",
    "docs.site.glossary",
    "docs.site.front",
    "docs.site.term",
    "docs.site.board",
    "docs.site.search",
]
# The Chinese README is for readers of the repository, not a page.
exclude_patterns = ["_build", "site", "locale", "README.zh_CN.md"]
nitpicky = True

myst_enable_extensions = ["colon_fence", "dollarmath"]
myst_heading_anchors = 3

html_theme = "furo"
html_math_renderer = "mathml"
templates_path = ["site/templates"]
html_static_path = ["site/static"]
html_css_files = [
    "lecture.css",
    "type.css",
    "layout.css",
    "blocks.css",
    "notes.css",
    "museum.css",
    "front.css",
    "term.css",
    "slides.css",
    "kinds.css",
    "print.css",
    # Last: of two sizes of paper Chromium takes the later.
    "deck.css",
]
html_js_files = [
    "light.js",
    "notes.js",
    "experiment.js",
    "museum.js",
    "lines.js",
    "slides.js",
    "backup.js",
    "mirrors.js",
    "compose.js",
    "deck.js",
]
html_show_sphinx = False
html_copy_source = False
html_show_sourcelink = False
# A browser may not read other pages from disk to show summaries.
html_show_search_summary = False
pygments_style = "a11y-high-contrast-light"
pygments_dark_style = "a11y-high-contrast-dark"

locale_dirs = ["locale"]
gettext_compact = False
