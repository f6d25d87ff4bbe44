"""Entry point: run a command, turn what it raises into a message and an exit code.

A user's mistake never shows a traceback; ours goes to a log file that the message names.
"""

import gc
import os
import sys
from typing import NoReturn

from apigen.cli import console
from apigen.cli.exits import Exit
from apigen.disk.paths import ProjectError


def main() -> NoReturn:
    """Run `apigen` with the arguments of the process, and end the process."""
    try:
        _run()
    except SystemExit as end:
        if isinstance(end.code, int):
            _leave(end.code)
        raise


def _leave(code: int) -> NoReturn:
    """End the process at once: taking every value of a run apart is a tenth of its time."""
    try:
        sys.stdout.flush()
        sys.stderr.flush()
    except OSError:
        # The reader went away; the interpreter knows how to end without a word.
        sys.exit(code)
    os._exit(code)


def _run() -> NoReturn:
    # A run makes values that live until it ends: looking for garbage among them, over and over,
    # is a tenth of its time.
    gc.set_threshold(100_000)
    from apigen.cli.app import app

    try:
        app(prog_name="apigen")
    except ProjectError as problem:
        console.error(str(problem))
        sys.exit(Exit.ERRORS)
    except OSError as problem:
        console.error(f"{problem.filename or 'the system'}: {problem.strerror or problem}")
        sys.exit(Exit.ERRORS)
    except KeyboardInterrupt:
        sys.exit(Exit.INTERRUPTED)
    except Exception as problem:
        console.error(_report(problem))
        sys.exit(Exit.BUG)
    sys.exit(Exit.CLEAN)


def _report(problem: Exception) -> str:
    """Write the traceback to a log file and return what to tell."""
    import platform
    import tempfile
    import traceback

    import apigen

    with tempfile.NamedTemporaryFile(
        "w", prefix="apigen-", suffix=".log", delete=False, encoding="utf-8"
    ) as log:
        log.write(f"apigen {apigen.__version__}, Python {platform.python_version()}\n")
        log.write(f"{' '.join(sys.argv)}\n\n")
        log.writelines(traceback.format_exception(problem))
    return (
        f"this is a bug in apigen, not in your spec: {problem}\n"
        f"Nothing was written. Please report it with the file {log.name}"
    )


if __name__ == "__main__":
    main()
