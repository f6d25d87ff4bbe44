"""The errors this package raises on purpose; everything else is a bug or a broken machine.

    SharedModuleError
    ├── DomainError
    │   ├── ValidationError            one value breaks one constraint
    │   └── InvariantViolation         values that are fine alone contradict each other
    ├── NotFoundError                  there is no such thing
    ├── ConflictError                  it clashes with something that is stored
    │   └── ReferenceConflictError     a reference to nothing, or to something still in use
    ├── PreconditionFailedError        somebody else was faster
    ├── MapperError                    an object does not fit another's shape
    ├── PoolTimeoutError               no database connection in time
    ├── DatabaseConnectionError        the database can not be reached
    └── ConfigurationError             the environment does not fit the program

Source: requirement 12.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class FieldError:
    """What is wrong with one field of an input, as a value that can be listed."""

    field: str
    """Dotted path as the client wrote it: `lines.0.quantity`; empty for the input as a whole."""
    message: str
    constraint: str
    """Name of the broken constraint: `max_length`, `unique`, or the code of an invariant."""


class SharedModuleError(Exception):
    """Root of the tree. `code` is stable and meant for programs, the message for people."""

    code = "error"

    def __init__(self, message: str, *, code: str | None = None) -> None:
        """Hold the facts; nothing else happens."""
        super().__init__(message)
        self.message = message
        if code is not None:
            self.code = code


class DomainError(SharedModuleError):
    """A rule of the domain does not allow it."""

    code = "domain_error"


class ValidationError(DomainError):
    """A value breaks a constraint of its field."""

    code = "validation_error"

    def __init__(self, field: str, value: object, constraint: str, message: str) -> None:
        """Name the field, the refused value, the constraint's name, and say it in words."""
        super().__init__(message)
        self.field = field
        self.value = value
        self.constraint = constraint

    @property
    def details(self) -> tuple[FieldError, ...]:
        """The same as a list of field errors."""
        return (FieldError(self.field, self.message, self.constraint),)


class InvariantViolation(DomainError):
    """A rule over several fields does not hold."""

    code = "invariant_violation"

    def __init__(self, code: str, message: str) -> None:
        """Name the rule by the code the specification gives it."""
        super().__init__(message, code=code)


class NotFoundError(SharedModuleError):
    """Nothing has this identifier."""

    code = "not_found"

    def __init__(self, resource: str, id: object) -> None:
        """Name what was looked for."""
        super().__init__(f"There is no {resource} with the id {id}.")
        self.resource = resource
        self.id = id


class ConflictError(SharedModuleError):
    """It would break a constraint over stored data."""

    code = "conflict"

    def __init__(
        self,
        resource: str,
        *,
        fields: tuple[str, ...] = (),
        constraint: str = "unique",
        message: str | None = None,
    ) -> None:
        """Name the fields that clash together, and the constraint: `unique` unless told."""
        named = " and ".join(fields) or "these values"
        super().__init__(message or f"A {resource} with the same {named} exists already.")
        self.resource = resource
        self.fields = fields
        self.constraint = constraint


class ReferenceConflictError(ConflictError):
    """A foreign key points to nothing (`is_missing`), or something still points here."""

    code = "reference_conflict"

    def __init__(self, resource: str, *, fields: tuple[str, ...] = (), is_missing: bool) -> None:
        """Name the referring fields, as far as the database tells."""
        named = " and ".join(fields) or "a reference"
        message = (
            f"What {named} of the {resource} points to does not exist."
            if is_missing
            else f"The {resource} is still referred to."
        )
        super().__init__(resource, fields=fields, constraint="reference", message=message)
        self.is_missing = is_missing


class PreconditionFailedError(SharedModuleError):
    """The stored version is not the one the caller has seen."""

    code = "precondition_failed"

    def __init__(self, resource: str, *, expected: int | None, actual: int | None) -> None:
        """Give both versions; None where one is not known."""
        super().__init__(f"The {resource} was changed in the meantime; read it again.")
        self.resource = resource
        self.expected = expected
        self.actual = actual


class MapperError(SharedModuleError):
    """An object can not be mapped to another type."""

    code = "mapper_error"

    def __init__(self, field: str, context: str, message: str = "") -> None:
        """Name the field that does not fit and, as context, source and target."""
        super().__init__(f"{context}: {field}: {message}" if message else f"{context}: {field}")
        self.field = field
        self.context = context


class PoolTimeoutError(SharedModuleError):
    """All connections to the database stayed busy for too long."""

    code = "pool_timeout"

    def __init__(self, timeout_s: float) -> None:
        """Say how long was waited."""
        super().__init__(f"No database connection became free within {timeout_s:g} seconds.")
        self.timeout_s = timeout_s


class DatabaseConnectionError(SharedModuleError):
    """The database can not be reached, or has closed the connection."""

    code = "database_connection"

    def __init__(self, reason: object) -> None:
        """Say what the driver says; for operators, clients are not told."""
        super().__init__(f"The database can not be reached: {reason}")


class ConfigurationError(SharedModuleError):
    """The settings are incomplete or contradict each other; never repeats a value."""

    code = "configuration_error"
