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
_LEFT_OUT = {
    "prefer-text-field": "a length is part of the spec. A longer one does not write the table "
    "anew, and a shorter one is refused without --accept-data-loss",
    "prefer-bigint-over-int": "`int` of a spec is 32 bits wide, `bigint` is there for more",
    "prefer-identity": "a drawn key is what SQLAlchemy makes of its row class, and models and "
    "revisions must not differ; the sequence belongs to the column either way",
    "require-timeout-settings": "the runtime sets lock_timeout for the whole session. A "
    "statement_timeout would stop what takes long but stops nobody: CREATE INDEX CONCURRENTLY, "
    "VALIDATE CONSTRAINT and the filling of columns",
}
"""Rules that are not asked for, and why."""


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
    """Return what squawk finds, `rule: message` each; nothing is what a busy database wants."""
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
