"""Which tasks a program knows, and how each is treated. Knows nothing of who carries them out.

Source: requirements 67.2, 67.4.
"""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import MISSING, dataclass, fields
from typing import Any

from pydantic import TypeAdapter
from pydantic import ValidationError as InvalidInput

from ..core.cron import CronSchedule
from ..core.errors import ValidationError
from ..core.json import dumps, loads
from ..core.retry import RetryPolicy
from ..core.tasks import BackgroundTask

USUAL_RETRY = RetryPolicy(attempts=5, delay_s=1.0, max_delay_s=300.0)
"""Of a task that does not say."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskDefinition:
    """How tasks of one class are treated."""

    kind: type[BackgroundTask]
    queue: str = "default"
    priority: int = 0
    """In its queue: each step comes before what has waited a minute longer."""
    timeout_s: float | None = None
    """How long an attempt may take; None: as long as it takes."""
    retry: RetryPolicy = USUAL_RETRY
    schedule: CronSchedule | None = None
    """When it is done without being asked for."""
    unique: tuple[str, ...] | None = None
    """The fields of which no two tasks that are not over have the same values; None: any may."""

    @property
    def name(self) -> str:
        """What the task is found by."""
        return self.kind.task_name


class TaskRegistry:
    """The tasks that a program knows, by name; what they need to know as JSON."""

    def __init__(self, definitions: Iterable[TaskDefinition]) -> None:
        """Know these.

        Raises:
            ValueError: Two have one name.
        """
        self.definitions: dict[str, TaskDefinition] = {}
        # Only the class of a task knows the type of its fields, hence Any. Made when needed.
        self._adapters: dict[str, TypeAdapter[Any]] = {}
        for definition in definitions:
            if definition.name in self.definitions:
                raise ValueError(f"two tasks are called {definition.name}")
            self.definitions[definition.name] = definition

    def of(self, task: BackgroundTask) -> TaskDefinition:
        """Return how a task is treated.

        Raises:
            LookupError: Tasks of its class are not known.
        """
        found = self.definitions.get(task.task_name)
        if found is None or found.kind is not type(task):
            raise LookupError(f"nothing carries out {type(task).__name__}")
        return found

    def to_json(self, task: BackgroundTask) -> str:
        """Return what a task needs to know.

        Raises:
            LookupError: Tasks of its class are not known.
        """
        name = self.of(task).name
        return dumps(self._adapter(name).dump_python(task, mode="json")).decode()

    def from_json(
        self, name: str, source: str | bytes, *, is_exact: bool = False
    ) -> BackgroundTask:
        """Return the task of a name that needs to know this.

        Args:
            name: Of the task.
            source: A JSON object; fields that are left out have their default.
            is_exact: Whether fields are refused that the task does not have. Those that an older
                program has written down are not.

        Raises:
            LookupError: No such task is known.
            ValidationError: It is not what the task needs to know.
        """
        if name not in self.definitions:
            raise LookupError(f"no task {name}")
        try:
            given = loads(source)
        except ValueError as error:
            raise ValidationError("", source, "json", "not valid JSON") from error
        if not isinstance(given, dict):
            raise ValidationError("", given, "json", "must be a JSON object")
        known = [part.name for part in fields(self.definitions[name].kind)]
        unknown = sorted(given.keys() - set(known)) if is_exact else []
        if unknown:
            has = f"it has {', '.join(known)}" if known else "it has none"
            raise ValidationError(
                unknown[0], given[unknown[0]], "unknown", f"no input of {name}; {has}"
            )
        try:
            task: BackgroundTask = self._adapter(name).validate_python(given)
        except InvalidInput as error:
            problems = error.errors(include_url=False, include_input=False, include_context=False)
            first = problems[0]
            field = ".".join(str(part) for part in first["loc"])
            message = first["msg"].removeprefix("Value error, ")
            raise ValidationError(field, None, first["type"], message) from error
        return task

    def unique_key(self, task: BackgroundTask) -> str | None:
        """Return what no two such tasks have in common that are not over; None: they may."""
        names = self.of(task).unique
        if names is None:
            return None
        stored: Mapping[str, object] = self._adapter(task.task_name).dump_python(task, mode="json")
        values = [[name, stored[name]] for name in sorted(names)]
        return hashlib.sha256(dumps(values)).hexdigest()

    def scheduled(self) -> tuple[TaskDefinition, ...]:
        """Return those that are done without being asked for.

        Raises:
            ValueError: One of them has an input without a default.
        """
        found = tuple(one for one in self.definitions.values() if one.schedule is not None)
        for definition in found:
            for part in fields(definition.kind):
                if part.default is MISSING and part.default_factory is MISSING:
                    raise ValueError(f"{definition.name} is scheduled, but needs {part.name}")
        return found

    def _adapter(self, name: str) -> TypeAdapter[Any]:
        if name not in self._adapters:
            self._adapters[name] = TypeAdapter(self.definitions[name].kind)
        return self._adapters[name]
