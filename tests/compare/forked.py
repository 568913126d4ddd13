"""python -m MODULE in a process of its own, forked from a warm one.

A fresh process imports torch and more for several seconds. A server
imports all that once, but nothing of this project, so a fork reads its
environment as a fresh process does. What depends on how Python starts
or ends needs a fresh one: compare/terminal.py.
"""

import contextlib
import importlib
import io
import multiprocessing
import os
import runpy
import signal
import sys
import tempfile
import time
import warnings
from collections.abc import Iterator, Mapping, Sequence
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path
from types import MappingProxyType
from typing import Any

NOTHING: Mapping = MappingProxyType({})
WARM = ["torch", "torchvision.datasets", "sklearn.datasets",
        "matplotlib.figure", "matplotlib.backends.backend_agg"]


@contextlib.contextmanager
def forked(*argv: str, streams: Mapping[int, int | None] = NOTHING,
           environment: Mapping[str, str] = NOTHING,
           folder: str = "", module: str = "scratch",
           ) -> Iterator[BaseProcess]:
    """python -m MODULE ARGV; after the block it is killed.

    streams: instead of 0, 1 or 2 this descriptor; None: it is closed.
    folder: where it works; the default is the current one.
    """
    process = _start([module, *argv], folder or os.getcwd(),
                     {**os.environ, **environment}, streams)
    try:
        yield process
    finally:
        process.kill()
        process.join()


def ended(*argv: str, streams: Mapping[int, int | None] = NOTHING,
          **options) -> tuple[int | None, str, str]:
    """Exit status, standard output, standard error of such a process."""
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        with forked(*argv, streams={
                1: out.fileno(), 2: err.fileno(), **streams},
                **options) as process:
            process.join(120)
            code = process.exitcode
        out.seek(0)
        err.seek(0)
        return code, out.read().decode(), err.read().decode()


def on_a_terminal(*argv: str) -> tuple[str, str]:
    """Its standard output, and what it shows on a terminal."""
    import fcntl
    import pty
    import struct
    import termios
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ,
                struct.pack("4H", 24, 80, 0, 0))
    shown = b""
    with (tempfile.TemporaryFile() as out,
          open(ours, "rb", buffering=0) as terminal,
          forked(*argv, streams={1: out.fileno(), 2: theirs}) as process):
        os.close(theirs)
        with contextlib.suppress(OSError):
            # Linux raises it when the other end is closed.
            while chunk := terminal.read(4096):
                shown += chunk
        process.join(120)
        assert process.exitcode == 0, shown
        out.seek(0)
        return out.read().decode(), shown.decode()


class Popen:
    """As subprocess.Popen([python, "-m", MODULE], ...) with two pipes."""

    def __init__(self, command: Sequence[str], *, cwd: Path,
                 env: Mapping[str, str], text: bool = False,
                 **_like_subprocess: Any):
        _python, _m, *argv = command
        requests, ours = os.pipe()
        theirs, answers = os.pipe()
        nowhere = os.open(os.devnull, os.O_WRONLY)
        self.process = _start(argv, str(cwd), env,
                              {0: requests, 1: answers, 2: nowhere})
        for number in requests, answers, nowhere:
            os.close(number)
        self.pid, self.kill = self.process.pid, self.process.kill
        mode = "" if text else "b"
        self.stdin = open(ours, f"w{mode}")
        self.stdout = open(theirs, f"r{mode}")
        with contextlib.suppress(OSError):
            # Who ends its session ends all that it has started.
            while os.getpgid(self.pid) != self.pid:
                time.sleep(0.001)

    def wait(self) -> int | None:
        """Its exit status, once it has ended."""
        self.process.join()
        return self.process.exitcode


def _start(argv: Sequence[str], folder: str, environment: Mapping[str, str],
           streams: Mapping[int, int | None]) -> BaseProcess:
    server = multiprocessing.get_context("forkserver")
    server.set_forkserver_preload(WARM)
    process = server.Process(target=_call, args=(
        argv, folder, environment,
        {number: None if stream is None else Connection(os.dup(stream))
         for number, stream in streams.items()}))
    process.start()
    return process


def _call(argv: Sequence[str], folder: str, environment: Mapping[str, str],
          streams: dict[int, Connection | None]) -> None:
    """In the fork: begin as Python does, in a session of its own."""
    os.setsid()
    os.chdir(folder)
    sys.path.insert(0, folder)
    os.environ.clear()
    os.environ.update(environment)
    warnings.simplefilter("default")
    signal.signal(signal.SIGINT, signal.default_int_handler)
    for number, name in enumerate(("stdin", "stdout", "stderr")):
        stream = streams.get(number)
        if number in streams and stream is None:
            os.close(number)
            setattr(sys, name, None)
            continue
        if stream:
            os.dup2(stream.fileno(), number)
        setattr(sys, name, io.TextIOWrapper(
            open(number, "wb" if number else "rb", closefd=False),
            line_buffering=os.isatty(number) or number == 2))
    # On a busy computer, two threads are many times slower.
    importlib.import_module("torch").set_num_threads(1)
    if argv[:2] == ["scratch", "cnn"]:
        run: Any = importlib.import_module("scratch.front_door.cnn.run")
        run.use_all_cores = lambda processes: None
    sys.argv[1:] = argv[1:]
    runpy.run_module(argv[0], run_name="__main__", alter_sys=True)
