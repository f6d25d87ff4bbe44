"""Specs of the past: the last run's, and that of a git revision, read and lowered like today's.

Beside `driver`, which knows the order of a run: here are the steps that bring an earlier system
to the step that compares two.
"""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from apigen.diagnostics import Diagnostic
from apigen.evolve.record import Effect, Evolution, LastRun, Lock, Permissions, SpecChange
from apigen.values import dataclass

if TYPE_CHECKING:
    from apigen.ir.system import System
    from apigen.report import Judgement

NOTHING = Permissions()


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """Today's spec against that of a git revision."""

    judgement: "Judgement"
    """Of today's spec."""
    evolution: Evolution | None
    """None when one of the specs has errors."""
    diagnostics: tuple[Diagnostic, ...] = ()
    """Of the comparison: AG801, AG802, AG807. What only stops a migration is left to a run."""
    unacknowledged: tuple[SpecChange, ...] = ()
    """Destructive or breaking, and not agreed to."""


def last_run(project: Path, judgement: "Judgement") -> LastRun:
    """Return what the project remembers, its spec lowered.

    Nothing is lowered when the spec's texts are those of the last run.

    Raises:
        ProjectError: the lock is damaged.
    """
    from apigen.disk.last_run import read_last_run

    last = read_last_run(project)
    if last.lock is None or not last.spec:
        return last
    return replace(last, system=_remembered(last, judgement))


def _remembered(last: LastRun, judgement: "Judgement") -> "System | None":
    from apigen.evolve.identity import with_lock
    from apigen.evolve.known_part import known_part

    system = judgement.system
    if system is None or judgement.document is None or not _same(last.spec, judgement):
        system = lowered(last.spec)
    if system is None or last.lock is None:
        return None
    return with_lock(known_part(system, last.lock), last.lock)


def _same(spec: Mapping[str, str], judgement: "Judgement") -> bool:
    """Whether the texts that were read are those of the last run; data files do not count."""
    from apigen.disk.last_run import ROOT

    assert judgement.document is not None
    root = judgement.document.root.name
    read = {ROOT if name == root else name: text for name, text in judgement.sources.items()}
    return all(spec.get(name) == text for name, text in read.items()) and all(
        name in read for name in spec if name.endswith((".yaml", ".yml"))
    )


def lowered(spec: Mapping[str, str]) -> "System | None":
    """Lower a spec that is given as texts, the root first; None when it has errors."""
    from apigen.lower.system import lower
    from apigen.spec.reader import read_texts

    document = read_texts(spec)
    if document.value is None:
        return None
    outcome = lower(document.value)
    return outcome.value if not (document.has_errors or outcome.has_errors) else None


def compare_with(project: Path, ref: str, *, permissions: Permissions = NOTHING) -> Comparison:
    """Compare today's spec with that of a git revision; nothing is written or checked out.

    Args:
        project: The project's folder, in a git repository.
        ref: Anything that names a commit: `main`, `v1.2.0`, `HEAD~3`.
        permissions: What was agreed to.

    Raises:
        ProjectError: there is no repository, commit or spec, or the old spec has errors.
    """
    from apigen.disk.git_revision import spec_at
    from apigen.disk.last_run import ROOT
    from apigen.disk.paths import ProjectError
    from apigen.evolve.evolution import evolve
    from apigen.evolve.identity import with_lock
    from apigen.judging import judge
    from apigen.report import SPEC
    from apigen.views.migrations.schema import schema

    judgement = judge(project / SPEC)
    texts, locked = spec_at(project, ref, SPEC)
    before = lowered({ROOT: texts[SPEC], **{n: t for n, t in texts.items() if n != SPEC}})
    if before is None:
        raise ProjectError(f"{SPEC} of `{ref}` has errors: nothing can be compared with it")
    if judgement.system is None:
        return Comparison(judgement=judgement, evolution=None)
    lock = _lock_of(before, locked)
    last = LastRun(lock=lock, spec=texts, system=with_lock(before, lock))
    outcome = evolve(last, judgement.system, schema, permissions=permissions, with_revisions=False)
    evolution = outcome.value
    return Comparison(
        judgement=judgement,
        evolution=evolution,
        # What breaks clients is among what is not acknowledged, once.
        diagnostics=tuple(one for one in outcome.diagnostics if one.code not in ("AG803", "AG806")),
        unacknowledged=unacknowledged(before, judgement.system, evolution.changes, permissions)
        if evolution
        else (),
    )


def _lock_of(system: "System", locked: bytes | None) -> Lock:
    """Return the lock of that revision, completed by what its spec has and the lock lacks."""
    from apigen.evolve.identity import identified
    from apigen.evolve.lock import LockError, parse_lock
    from apigen.views.migrations.schema import schema

    known: Lock | None = None
    if locked is not None:
        try:
            known = parse_lock(locked)
        except LockError:
            # The ids of names are enough where the lock can not be read.
            known = None
    identity = identified(system, known)
    return Lock(symbols=identity.symbols, schema=schema(identity.system))


def unacknowledged(
    before: "System",
    today: "System",
    changes: tuple[SpecChange, ...],
    permissions: Permissions,
) -> tuple[SpecChange, ...]:
    """Return what loses data or breaks clients or consumers, and was not agreed to.

    A new version of the API is the agreement to break clients; `api.compat: off` waives it.
    """
    from apigen.evolve.acknowledged import is_acknowledged
    from apigen.evolve.compatibility import is_new_version, is_withdrawn, open_events

    losing = (Effect.DESTRUCTIVE, Effect.MANUAL)
    breaking: tuple[Effect, ...] = (Effect.BREAKING,)
    if today.api.compat == "off" or is_new_version(before, today):
        breaking = ()
    agreed = permissions.removal | permissions.data_loss
    return tuple(
        change
        for change in changes
        if (change.database in losing and not is_acknowledged(change.symbol, permissions.data_loss))
        or (change.api in breaking and not is_acknowledged(change.symbol, agreed))
        or (
            today.api.compat != "off"
            and (open_events(change, before, today) or is_withdrawn(change, today))
            and not is_acknowledged(change.symbol, agreed)
        )
    )
