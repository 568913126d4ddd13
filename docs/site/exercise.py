"""The directive `exercise` shows a task and its folded solution.

The task is a change to the code; a command checks it. Solution and
check are in tests/exercises/.
"""

from docutils import nodes
from sphinx.util.docutils import SphinxDirective

from docs.site.panes import difference, plain
from docs.site.words import _
from tests.exercises import EXERCISES
from tests.museum.plant import diff


class ExerciseBox(SphinxDirective):
    """The task is the content; the rest is found by the name."""

    required_arguments = 1
    has_content = True

    def run(self):
        name = self.arguments[0]
        exercise = EXERCISES.get(name)
        if exercise is None:
            raise self.error(
                "exercise: the name must be one of tests/exercises, "
                f"got {name!r}")
        for path in exercise.path, exercise.solution:
            self.env.note_dependency(str(path))
        box = nodes.container(classes=["exercise"], ids=[name])
        self.state.nested_parse(self.content, self.content_offset, box)
        place = f"<code>scratch/{exercise.topic}.py</code>"
        change = _("Change {file} until this passes:").format(file=place)
        command = plain(f"python -m pytest tests/{exercise.proof}")
        # On a phone it has two lines: a test's name stays whole.
        command = command.replace("::", "::<wbr>")
        solution = _("A solution")
        box += nodes.raw(
            "", f'<p class="place">{change}</p>{command}'
            f'<details class="solution"><summary>{solution}</summary>'
            f"{difference(diff(exercise))}</details>", format="html")
        return [box]


def setup(app):
    """Called by Sphinx."""
    app.add_directive("exercise", ExerciseBox)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
