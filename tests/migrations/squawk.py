"""What squawk, the linter of PostgreSQL migrations, says of a revision."""

import io
import json
import subprocess
import sys
from pathlib import Path
from types import ModuleType

from alembic.operations import Operations
from alembic.runtime.migration import MigrationContext

_SQUAWK = Path(sys.executable).parent / "squawk"
_VERSION = "15"
_LEFT_OUT = (
    "prefer-text-field",
    "prefer-bigint-over-int",
    "prefer-robust-stmts",
    "prefer-identity",
    "require-timeout-settings",
)


def postgresql_statements(text: str, *, lock_timeout_s: float = 5.0) -> str:
    """Return the statements a revision sends to PostgreSQL on its way up, as its runtime does.

    Args:
        text: The module of the revision.
        lock_timeout_s: What the runtime sets before the first one.
    """
    module = ModuleType("revision")
    exec(compile(text, "revision.py", "exec"), module.__dict__)
    written = io.StringIO()
    context = MigrationContext.configure(
        dialect_name="postgresql",
        opts={"as_sql": True, "output_buffer": written, "transactional_ddl": True},
    )
    with Operations.context(context), context.begin_transaction():
        module.upgrade()
    return f"SET lock_timeout = '{lock_timeout_s:g}s';\n{written.getvalue()}"


def squawk(statements: str) -> tuple[str, ...]:
    """Return what squawk finds, `rule: message` each; nothing is what a busy database wants.

    Left out: how columns are typed, statements that could be run twice (`prefer-robust-stmts`), and
    timeouts, of which the runtime sets the one for locks and none for statements.
    """
    done = subprocess.run(
        [
            str(_SQUAWK),
            f"--pg-version={_VERSION}",
            "--reporter=json",
            *(f"--exclude={rule}" for rule in _LEFT_OUT),
        ],
        input=statements,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode in (0, 1), done.stderr
    found = json.loads(done.stdout or "[]")
    return tuple(f"{one['rule_name']}: {one['message']}" for one in found)
