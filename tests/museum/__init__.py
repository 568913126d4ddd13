"""The museum: bugs of the kind that people write, one file per topic.

    python -m tests.museum                 list them
    python -m tests.museum adam-no-t       plant one, and see it caught
    python -m tests.museum --check         plant all; none may survive
    python -m tests.museum --table         examples needed to catch each
"""

from importlib import import_module

from scratch import CONTENTS
from tests.museum.plant import Bug

# The bugs of each topic, in reading order. As in scratch/, a file of
# its own for what all optimisers share.
ROOMS: dict[str, list[Bug]] = {topic: [
    bug for file in ([topic, "_optimizer"] if topic == "optim" else [topic])
    for bug in import_module(f"tests.museum.{file}").BUGS]
    for topic in CONTENTS}
BUGS: dict[str, Bug] = {
    bug.name: bug for room in ROOMS.values() for bug in room}
