"""Reading what docs/site/panes.py writes."""

import html
import re


def text(shown):
    """What a reader sees of HTML."""
    return html.unescape(re.sub("<[^>]*>", "", shown))


def lines(source, symbols, **options):
    """The lines of a pane, as HTML: all, and those in view at first."""
    from docs.site.panes import code
    body = code(source, symbols, **options).partition(
        '<pre tabindex="0">')[2].partition("</pre>")[0]
    found = re.split('(?=<span class="line)', body)[1:]
    assert "".join(found) == body
    return found, [line for line in found if "line fold" not in line]
