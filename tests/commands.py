"""Commands that the tests run in processes of their own."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent


def on_a_terminal(*argv: str) -> tuple[str, str]:
    """Run python -m ARGV; its standard output, what the terminal shows."""
    import fcntl
    import pty
    import struct
    import termios
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ,
                struct.pack("4H", 24, 80, 0, 0))
    process = subprocess.Popen(
        [sys.executable, "-m", *argv], cwd=ROOT, stdout=subprocess.PIPE,
        stderr=theirs, text=True)
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
