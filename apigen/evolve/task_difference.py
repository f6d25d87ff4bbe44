"""What is different about background tasks: those that wait were asked for by the last version."""

from collections.abc import Iterator

from apigen.diagnostics import Span
from apigen.evolve.classification import Row, Subject, change
from apigen.evolve.record import SpecChange
from apigen.evolve.side import Side
from apigen.evolve.type_change import words
from apigen.ir.behaviour import Task
from apigen.ir.field import Field


def task_changes(
    before: tuple[Task, ...], after: tuple[Task, ...], home: Span, old: Side, new: Side
) -> Iterator[SpecChange]:
    """Yield the changes of tasks. A task is known by its name, which is stored with what waits."""
    known = {task.qname: task for task in before}
    for task in after:
        was = known.pop(task.qname, None)
        title = task.name.text
        subject = Subject("task", task.qname, task.span, is_stored=False, in_api=False)
        if was is None:
            yield change(Row.TASK_ADDED, subject, f"task `{title}` is new")
            continue
        if old.ids.get(was.command or "") != new.ids.get(task.command or ""):
            text = f"task `{title}` does something else"
            yield change(Row.TASK_CHANGED, subject, text, attribute="run")
        if not _understands(was, task, old):
            text = f"task `{title}` needs to know something else: what waits without it fails"
            yield change(Row.TASK_CHANGED, subject, text, attribute="input")
        if _treatment(was) != _treatment(task):
            text = f"task `{title}` is run in another way"
            yield change(Row.RUN_CHANGED, subject, text, attribute="run")
    for gone in known.values():
        subject = Subject("task", gone.qname, home, is_stored=False, in_api=False)
        text = f"task `{gone.name.text}` is gone: what waits fails after a day"
        yield change(Row.TASK_REMOVED, subject, text)


def _understands(before: Task, after: Task, old: Side) -> bool:
    """Tell whether what the last version wrote down for a task is enough for today's."""
    written = {one.attribute: one for one in before.input}
    return all(
        _reads(written[one.attribute], one, old)
        if one.attribute in written
        else not one.required_on_create
        for one in after.input
    )


def _reads(before: Field, after: Field, old: Side) -> bool:
    same = old.translated(words(before.type)) == words(after.type)
    return same and (after.nullable or not before.nullable)


def _treatment(task: Task) -> tuple[object, ...]:
    return (
        task.queue,
        task.priority,
        task.timeout_s,
        task.retry,
        task.schedule,
        task.unique,
        task.progress,
    )
