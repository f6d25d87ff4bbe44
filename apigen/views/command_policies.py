"""How commands are run, as source: time limits, new attempts, answers that they make stale."""

from apigen.ir.behaviour import Command, Retry
from apigen.ir.behaviour_names import query_class
from apigen.ir.names import Name
from apigen.ir.system import Context, System
from apigen.python import layout
from apigen.python.imports import ImportSet
from apigen.python.literals import text


def policy_source(
    command: Command, context: Context, system: System, imports: ImportSet
) -> str | None:
    """Return the policy of a command; None when it has nothing of its own."""
    execution = command.execution
    arguments: list[str] = []
    if execution.timeout_s is not None:
        arguments.append(f"timeout_s={execution.timeout_s:g}")
    if execution.retry is not None:
        arguments.append(f"retry={retry_source(execution.retry, system, imports)}")
    stale = stale_answers(command, context)
    if stale:
        arguments.append(f"invalidates=({''.join(f'{text(one)}, ' for one in stale)})")
    if not arguments:
        return None
    policy = imports.use(layout.support(system, "application.buses", "Policy"))
    return f"{policy}({', '.join(arguments)})"


def stale_answers(command: Command, context: Context) -> tuple[str, ...]:
    """Return which kept answers a command makes stale: patterns of their keys.

    Those of queries that read the command's own kind of aggregate; others live as long as they
    are kept.
    """
    sources: dict[str, Name] = {
        entity.qname: entity.name for entity in context.entities if entity.qname == command.owner
    }
    sources |= {
        one.projection.qname: one.projection.name
        for one in context.projections
        if one.projection.source == command.owner
    }
    asked = [
        *(query for entity in context.entities for query in entity.queries),
        *(query for one in context.projections for query in one.queries),
        *context.queries,
    ]
    return tuple(
        f"{query_class(query, source=sources[query.source])}:*"
        for query in asked
        if query.cache_ttl_s is not None and query.source in sources
    )


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
