"""Get from the tests what the pages show: gaps, losses, and curves.

`tests.museum.evidence` searches in separate processes while Sphinx
reads the pages. The results are kept in _build until a source changes,
so that the second language need not search again.
"""

import hashlib
import json
import re
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

import torch
from sphinx.errors import ExtensionError

from docs.site.mirror import MUSEUM, proof_source
from scratch.front_door.source import ROOT
from tests.museum import BUGS

# The directives that need results, with their options.
BLOCK = re.compile(r"^`{3,}\{(mirror|bug)\} (\S+)\n((?::.*\n)*)", re.M)
# Of this build: the requests, and the processes that answer them.
WANTED: dict[str, list] = {}
_key = ""
_running: list[subprocess.Popen] = []
# What one process looks for.
PROCESSES = ("gaps",), ("bugs", "curves")
_found: dict[str, Future] = {}


def found(kind: str, key: str) -> dict:
    """For a test ("gaps"), a `bug_key` ("bugs"), or a bug ("curves")."""
    return _found[kind].result()[kind][key]


def sought(app) -> bool:
    """Whether this build shows what the tests find."""
    return app.builder.format == "html" and app.config.lecture_evidence


def tests(topic: str, proofs: str) -> list[str]:
    """The tests of a mirror, named as pytest names them."""
    return [proof if "::" in proof else f"test_{topic}.py::{proof}"
            for proof in proofs.split()]


def bug_key(name: str, options: dict) -> str:
    """The request for a bug, as a string."""
    epochs = options.get("epochs")
    return json.dumps([name, options.get("lesson", ""),
                       options.get("run", ""),
                       int(epochs) if epochs else None])


def blocks(folder: Path) -> Iterator[tuple[str, str, str, dict[str, str]]]:
    """Page, kind, name and options of each `mirror` and `bug`."""
    for page in sorted(folder.glob("*.md")):
        for kind, name, lines in BLOCK.findall(page.read_text()):
            yield (page.stem, kind, name,
                   dict(re.findall(r":(\w+): *(.*)", lines)))


def requests(folder: Path) -> dict[str, list[str]]:
    """The requests of all pages: tests to measure, bugs to plant."""
    gaps, bugs = set(), set()
    # The museum has a card for each bug.
    museum = BUGS if (folder / f"{MUSEUM}.md").exists() else []
    for page, kind, name, options in blocks(folder):
        if kind == "bug" and name in BUGS and "lesson" in options:
            bugs.add(bug_key(name, options))
        for test in tests(page, options.get("proof", "")):
            # A missing test stops the build later, at its line.
            with suppress(LookupError, OSError):
                proof_source(page, test)
                gaps.add(test)
    return {"gaps": sorted(gaps), "bugs": sorted(bugs),
            "curves": list(museum)}


def begin(app) -> None:
    """Start the search, or load the results of an earlier build."""
    global _key
    if not sought(app):
        return
    WANTED.update(requests(Path(app.srcdir)))
    # Now: a source may change while the pages are read.
    _key = _fingerprint()
    pool = ThreadPoolExecutor()
    kept = _kept(app)
    for kinds in PROCESSES:
        result = (pool.submit(lambda: kept) if kept
                  else pool.submit(_look, kinds))
        _found.update(dict.fromkeys(kinds, result))
    pool.shutdown(wait=False)


def outdated(app, env, added, changed, removed) -> list[str]:
    """All pages, if their results are out of date."""
    old = getattr(env, "lecture_evidence_key", "")
    env.lecture_evidence_key = _key
    return [] if old == _key else sorted(env.found_docs)


def complete(app, env) -> None:
    """Wait for the results: a fork that writes a page cannot."""
    for result in _found.values():
        result.result()


def end(app, error) -> None:
    """Save the results; after an error, stop the search."""
    if error is not None:
        for process in _running:
            process.terminate()
    elif sought(app):
        results = {kind: result.result()[kind]
                   for kind, result in _found.items()}
        _memory(app).parent.mkdir(exist_ok=True)
        _memory(app).write_text(json.dumps(
            {"key": _key, "found": results}))


def _look(kinds: tuple[str, ...]) -> dict[str, dict[str, dict]]:
    """For each kind: key -> result."""
    request = {kind: [json.loads(key) if kind == "bugs" else key
                      for key in WANTED[kind]] for kind in kinds}
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.museum.evidence"], cwd=ROOT,
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    _running.append(process)
    output, _nothing = process.communicate(json.dumps(request))
    if process.returncode != 0:
        raise ExtensionError(
            f"tests.museum.evidence failed for {kinds}, see above")
    answer = json.loads(output)
    return {kind: dict(zip(WANTED[kind], answer[kind], strict=True))
            for kind in kinds}


def _memory(app) -> Path:
    return Path(app.srcdir, "_build/.found.json")


def _kept(app) -> dict[str, dict] | None:
    if not _memory(app).exists():
        return None
    kept = json.loads(_memory(app).read_text())
    return kept["found"] if kept["key"] == _key else None


def _fingerprint() -> str:
    digest = hashlib.sha256(json.dumps(WANTED).encode())
    digest.update(f"{torch.__version__} {sys.version}".encode())
    for wing in "scratch", "torch_ref", "tests":
        for path in sorted((ROOT / wing).rglob("*.py")):
            if "exercises" not in path.parts:
                digest.update(path.read_bytes())
    return digest.hexdigest()


def setup(app):
    """Called by Sphinx."""
    # -D lecture_evidence=0: build quickly, without the results
    app.add_config_value("lecture_evidence", True, "env", [bool])
    app.connect("builder-inited", begin)
    app.connect("env-get-outdated", outdated)
    app.connect("env-check-consistency", complete)
    app.connect("build-finished", end)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
