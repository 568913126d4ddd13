"""A curve with a bug and without, as a small drawing without axes."""

import html

from docs.site.found import cut
from docs.site.words import _
from tests.museum.curves import upper_end

WIDTH, HEIGHT = 400, 150
# A drawing of this size needs no more.
POINTS = 60


def sketch(found: dict) -> str:
    """The drawing of tests.museum.curves.curve, and what it is.

    found: {} for a bug that no training shows.
    """
    if not found:
        none = _("No curve: in a small training the loss stays the same, "
                 "or almost.")
        return f'<p class="part">{none}</p>'
    right, wrong = found["without"], found["with"]
    steps, high = max(len(right), len(wrong)), upper_end(right)
    shown = sorted({*range(0, steps, -(-steps // POINTS)), steps - 1})

    def line(kind: str, losses: list[float | None]) -> str:
        points = []
        for i in [i for i in shown if i < len(losses)]:
            loss = losses[i]
            # What diverges leaves the drawing at the top.
            up = 2.0 if loss is None else min(loss / high, 2.0)
            points.append(f"{i / max(steps - 1, 1) * WIDTH:.0f},"
                          f"{(1 - up) * HEIGHT:.0f}")
        return f'<polyline class="{kind}" points="{" ".join(points)}"/>'

    caption = {
        "loss": _("Loss from 0 to {high:.3g}, steps 1 to {last}"),
        "error": _("Error from 0 to {high:.3g}, steps 1 to {last}"),
        "rate": _("Learning rate from 0 to {high:.3g}, steps 1 to {last}"),
    }[found["of"]].format(high=high, last=steps)
    names = (f'<span class="wrong">{_("with the bug")}</span> '
             f'<span class="right">{_("without")}</span>')
    words = f"{names} {caption}<br>{told(found)}"
    return (f'<figure class="sketch"><svg viewBox="0 0 {WIDTH} {HEIGHT}" '
            f'role="img" aria-label="{caption}" preserveAspectRatio="none">'
            f'{line("wrong", wrong)}{line("right", right)}</svg>'
            f"<figcaption>{words}</figcaption></figure>")


def told(found: dict) -> str:
    """Which training it is, and what has stopped it."""
    words = _(found["title"])
    if found["code"]:
        words += f" <code>{html.escape(found['code'])}</code>"
    if None in found["with"]:
        words += "<br>" + _("With the bug it is not finite from step {n} "
                            "on.").format(n=found["with"].index(None) + 1)
    if found["stopped"]:
        stops = _("With the bug it stops at step {n}:").format(
            n=len(found["with"]) + 1)
        error = html.escape(cut(found["stopped"]))
        words += f"<br>{stops} <code>{error}</code>"
    return words
