"""The museum: bugs of the kind that people write, a file a topic.

    python -m tests.museum                 the list
    python -m tests.museum adam-no-t       plant one, and see it caught
    python -m tests.museum --check         plant all; none may survive
    python -m tests.museum --table         how many examples it takes
"""

from importlib import import_module

from scratch import CONTENTS
from tests.museum.plant import Bug

# What all optimisers share has a file of its own, as in scratch/.
FILES = [file for topic in CONTENTS for file in (
    [topic, "_optimizer"] if topic == "optim" else [topic])]
BUGS: dict[str, Bug] = {
    bug.name: bug for file in FILES
    for bug in import_module(f"tests.museum.{file}").BUGS}
