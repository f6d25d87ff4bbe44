"""Compiled templates, kept beside this module as Python keeps modules: in `__pycache__`.

Compiling them takes longer than filling them. Where that folder can not be written, or
`PYTHONDONTWRITEBYTECODE` asks for it, every run compiles; nothing is ever kept in a project,
because what is in one may come from a stranger, and compiled code is run.
"""

import sys
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from jinja2 import FileSystemBytecodeCache, compiler

if TYPE_CHECKING:
    from jinja2.bccache import Bucket


BESIDE = Path(__file__).with_name("__pycache__")


class CompiledTemplates(FileSystemBytecodeCache):
    """One file a template, bound to its text, to Python's release and to Jinja's."""

    def __init__(self, folder: Path = BESIDE) -> None:
        """Look in `folder`."""
        if not sys.dont_write_bytecode:
            with suppress(OSError):
                folder.mkdir(exist_ok=True)
        jinja = Path(compiler.__file__).stat()
        edition = f"{sys.implementation.cache_tag}-{jinja.st_size:x}-{jinja.st_mtime_ns:x}"
        super().__init__(str(folder), f"%s.{edition}.template")

    def load_bytecode(self, bucket: "Bucket") -> None:
        """Take the code when there is some for this very text."""
        # A file that was cut off, or is somebody else's, is compiled anew.
        try:
            super().load_bytecode(bucket)
        except Exception:
            bucket.reset()

    def dump_bytecode(self, bucket: "Bucket") -> None:
        """Keep the code where that is possible."""
        if not sys.dont_write_bytecode:
            with suppress(OSError):
                super().dump_bytecode(bucket)
