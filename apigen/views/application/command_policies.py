"""How commands are run, as source: time limits and new attempts."""

from apigen.ir.behaviour import Command, Retry
from apigen.ir.system import System
from apigen.python import layout
from apigen.python.imports import ImportSet


def policy_source(command: Command, system: System, imports: ImportSet) -> str | None:
    """Return the policy of a command; None when it has nothing of its own."""
    execution = command.execution
    arguments: list[str] = []
    if execution.timeout_s is not None:
        arguments.append(f"timeout_s={execution.timeout_s:g}")
    if execution.retry is not None:
        arguments.append(f"retry={retry_source(execution.retry, system, imports)}")
    if not arguments:
        return None
    policy = imports.use(layout.support(system, "application.buses", "Policy"))
    return f"{policy}({', '.join(arguments)})"


def retry_source(retry: Retry, system: System, imports: ImportSet) -> str:
    """Return source of a policy of retrying; what is usual is left out."""
    usual = Retry()
    stated = (
        ("attempts", retry.attempts, usual.attempts),
        ("backoff", retry.backoff.value, usual.backoff.value),
        ("delay_s", retry.delay_s, usual.delay_s),
        ("max_delay_s", retry.max_delay_s, usual.max_delay_s),
        ("jitter", retry.jitter, usual.jitter),
    )
    arguments = ", ".join(f"{name}={value!r}" for name, value, known in stated if value != known)
    policy = imports.use(layout.support(system, "core.retry", "RetryPolicy"))
    return f"{policy}({arguments})"
