"""What the proofs find, looked for while the pages are read.

`tests.museum.evidence` runs in processes of its own. What it found is kept in
_build until a source changes, so that another language need not look
again.
"""

import hashlib
import json
import re
import subprocess
import sys
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

import torch
from sphinx.errors import ExtensionError

from docs.site.mirror import proof_source
from scratch.front_door.source import ROOT
from tests.museum import BUGS

# The blocks of a page, as far as they have to be known beforehand.
BLOCK = re.compile(r"^`{3,}\{(mirror|bug)\} (\S+)\n((?::.*\n)*)", re.M)
# Of this build: what is asked for, and who looks for it.
WANTED: dict[str, list] = {}
_key = ""
_running: dict[str, subprocess.Popen] = {}
_found: dict[str, Future] = {}


def found(kind: str, key: str) -> dict:
    """What was found for a test ("gaps") or a `bug_key` ("bugs")."""
    return _found[kind].result()[key]


def sought(app) -> bool:
    """Whether the pages will show what the proofs find."""
    return app.builder.format == "html" and app.config.lecture_evidence


def tests(topic: str, proofs: str) -> list[str]:
    """The tests of a mirror, as pytest names them."""
    return [proof if "::" in proof else f"test_{topic}.py::{proof}"
            for proof in proofs.split()]


def bug_key(name: str, options: dict) -> str:
    """What `tests.museum.evidence` is asked, as a string."""
    epochs = options.get("epochs")
    return json.dumps([name, options.get("lesson", ""),
                       options.get("run", ""),
                       int(epochs) if epochs else None])


def requests(folder: Path) -> dict[str, list[str]]:
    """What all the pages ask for: tests to gauge, bugs to plant."""
    gaps, bugs = set(), set()
    for page in sorted(folder.glob("*.md")):
        for kind, name, lines in BLOCK.findall(page.read_text()):
            options = dict(re.findall(r":(\w+): *(.*)", lines))
            if kind == "bug" and name in BUGS:
                bugs.add(bug_key(name, options))
            for test in tests(page.stem, options.get("proof", "")):
                # One that is not there stops the build at its line.
                with suppress(LookupError, OSError):
                    proof_source(page.stem, test)
                    gaps.add(test)
    return {"gaps": sorted(gaps), "bugs": sorted(bugs)}


def begin(app) -> None:
    """Look for it all, or remember it."""
    global _key
    if not sought(app):
        return
    WANTED.update(requests(Path(app.srcdir)))
    # Now, for a source may be changed while the pages are read.
    _key = _fingerprint()
    pool = ThreadPoolExecutor()
    kept = _kept(app)
    for kind, keys in WANTED.items():
        _found[kind] = (pool.submit(kept.get, kind) if kept
                        else pool.submit(_look, kind, keys))
    pool.shutdown(wait=False)


def outdated(app, env, added, changed, removed) -> list[str]:
    """The pages that show old findings are read anew."""
    old = getattr(env, "lecture_evidence_key", "")
    env.lecture_evidence_key = _key
    return [] if old == _key else sorted(env.found_docs)


def end(app, error) -> None:
    """Keep what was found; look no further after an error."""
    if error is not None:
        for process in _running.values():
            process.terminate()
    elif sought(app):
        results = {kind: result.result()
                   for kind, result in _found.items()}
        _memory(app).parent.mkdir(exist_ok=True)
        _memory(app).write_text(json.dumps(
            {"key": _key, "found": results}))


def _look(kind: str, keys: list[str]) -> dict[str, dict]:
    process = _running[kind] = subprocess.Popen(
        [sys.executable, "-m", "tests.museum.evidence", kind], cwd=ROOT,
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    rows = keys if kind == "gaps" else [json.loads(key) for key in keys]
    output, _nothing = process.communicate(json.dumps(rows))
    if process.returncode != 0:
        raise ExtensionError(f"tests.museum.evidence {kind} failed, see above")
    return dict(zip(keys, json.loads(output), strict=True))


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
            if path.parent.name != "exercises":
                digest.update(path.read_bytes())
    return digest.hexdigest()


def setup(app):
    """Called by Sphinx."""
    # -D lecture_evidence=0 for a quick look at the words
    app.add_config_value("lecture_evidence", True, "env", [bool])
    app.connect("builder-inited", begin)
    app.connect("env-get-outdated", outdated)
    app.connect("build-finished", end)
    return {"parallel_read_safe": False, "parallel_write_safe": False}
