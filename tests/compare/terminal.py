"""Commands that the tests run in processes of their own."""

import contextlib
import os
import signal
import subprocess
import sys

from scratch.front_door.source import ROOT


@contextlib.contextmanager
def started(*argv: str, **options):
    """python ARGV, which imports this project; ended with the block.

    In the background of a shell SIGINT is ignored, and a child would
    inherit that.
    """
    def listen():
        signal.signal(signal.SIGINT, signal.default_int_handler)

    process = subprocess.Popen(
        [sys.executable, *argv],
        env={**os.environ, "PYTHONPATH": str(ROOT)}, text=True,
        preexec_fn=listen if os.name == "posix" else None, **options)
    try:
        yield process
    finally:
        if process.poll() is None:
            process.kill()
        process.wait()


def on_a_terminal(*argv: str) -> tuple[str, str]:
    """Run python -m ARGV; its standard output, what the terminal shows."""
    import fcntl
    import pty
    import struct
    import termios
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ,
                struct.pack("4H", 24, 80, 0, 0))
    with started("-m", *argv, cwd=ROOT, stdout=subprocess.PIPE,
                 stderr=theirs) as process:
        out, _ = process.communicate()
    os.close(theirs)
    shown = b""
    with open(ours, "rb", buffering=0) as terminal:
        try:
            while chunk := terminal.read(4096):
                shown += chunk
        except OSError:
            # Linux says so when the other end is closed.
            pass
    assert process.returncode == 0, shown
    return out, shown.decode()


def heavy_imports(module: str, *calls: list[str]) -> tuple[str, str]:
    """Call main() of a front door; what it printed, what it imported."""
    script = ("import sys\n"
              f"from {module}.__main__ import main\n"
              f"for argv in {calls}:\n"
              "    try:\n"
              "        main(argv)\n"
              "    except SystemExit:\n"
              "        pass\n"
              "heavy = {'torch', 'numpy', 'matplotlib', 'sklearn'}\n"
              "print(sorted(heavy & set(sys.modules)))\n")
    result = subprocess.run([sys.executable, "-c", script], cwd=ROOT,
                            capture_output=True, text=True)
    *printed, imported = result.stdout.splitlines()
    return "\n".join(printed), imported
