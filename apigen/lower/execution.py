"""How a command is run: locks, isolation, time, repetition (AG207, AG607)."""

from apigen.ir.behaviour import Backoff, Execution, Retry
from apigen.lower.command_scope import CommandScope
from apigen.lower.field_flags import is_true
from apigen.lower.workspace import Workspace
from apigen.spec.commands import CommandSpec, RetrySpec
from apigen.spec.located import Located


def execution(spec: CommandSpec, scope: CommandScope) -> Execution:
    """Return how a command is run."""
    if is_true(spec.lock) and (scope.owner is None or scope.creates):
        assert spec.lock is not None
        scope.work.found.error(
            "AG207",
            "`lock` does not apply to a command without a row to lock",
            spec.lock.span,
            help="it belongs to commands that change an entity that is there",
        )
    idempotent = spec.idempotent
    natural_key = None
    if idempotent is not None and not isinstance(idempotent.value, bool):
        natural_key = scope.key(Located(value=idempotent.value, span=idempotent.span))
    return Execution(
        idempotent=idempotent is not None and idempotent.value is True,
        natural_key=natural_key,
        lock=is_true(spec.lock),
        isolation=spec.isolation.value if spec.isolation is not None else None,
        timeout_s=positive_time(spec.timeout, "timeout", scope.work),
        retry=retry(spec.retry, scope.work) if spec.retry is not None else None,
    )


def retry(spec: RetrySpec, work: Workspace, *, usual: Retry | None = None) -> Retry:
    """Return how often, and after which waits, something is tried again.

    `usual` is what holds for what is not said.
    """
    default = usual or Retry()
    delay = spec.delay.value if spec.delay is not None else default.delay_s
    longest = spec.max_delay.value if spec.max_delay is not None else default.max_delay_s
    if longest < delay:
        place = spec.max_delay or spec.delay
        if place is not None:
            work.found.error(
                "AG607",
                "`max_delay` is less than `delay`",
                place.span,
                help="the first wait is `delay`, none is longer than `max_delay`",
            )
    return Retry(
        attempts=spec.attempts.value if spec.attempts is not None else default.attempts,
        backoff=Backoff(spec.backoff.value) if spec.backoff is not None else default.backoff,
        delay_s=delay,
        max_delay_s=longest,
        jitter=spec.jitter.value if spec.jitter is not None else default.jitter,
    )


def positive_time(written: Located[float] | None, key: str, work: Workspace) -> float | None:
    """Return a duration in seconds; AG607 when it leaves no time."""
    if written is None:
        return None
    if written.value <= 0:
        work.found.error(
            "AG607", f"a `{key}` of nothing leaves no time", written.span, help="such as `5s`"
        )
    return written.value
