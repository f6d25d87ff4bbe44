"""The errors this package raises on purpose; everything else is a bug or a broken machine.

    SharedModuleError
    ├── DomainError
    │   ├── ValidationError            one value breaks one constraint
    │   ├── InvariantViolation         values that are fine alone contradict each other
    │   ├── GuardViolation             a condition of a command does not hold
    │   └── InvalidStateError          not possible in the state that the aggregate is in
    ├── NotFoundError                  there is no such thing
    ├── ConflictError                  it clashes with something that is stored
    │   ├── ReferenceConflictError     a reference to nothing, or to something still in use
    │   ├── OverlapError               it would overlap with another one
    │   └── DuplicateError             it was done before
    ├── PreconditionFailedError        somebody else was faster
    ├── UnauthenticatedError           who asks is not known
    │   └── TokenError                 and the token that was sent is no good
    │       ├── MalformedTokenError    it is not a token, or not one of a kind that is accepted
    │       ├── TokenSignatureError    nobody who is trusted has signed it
    │       ├── ExpiredTokenError      it is not valid yet, or not any more
    │       └── TokenClaimError        a claim is missing, or has another value than it needs
    ├── ForbiddenError                 who asks is known, and may not
    ├── IssuerUnavailableError         the keys of a token's issuer can not be had
    ├── ProblemError                   an answer that a handler chose itself
    ├── OperationTimeoutError          it took longer than it may
    ├── MapperError                    an object does not fit another's shape
    ├── PoolTimeoutError               no database connection in time
    ├── PoolInvariantViolation         the books of a connection pool do not balance: a bug
    ├── DatabaseConnectionError        the database can not be reached
    ├── DatabaseTimeoutError           the database was given up, or gave up itself
    ├── EncryptionError                a value can not be encrypted, or what is stored not read
    ├── StorageUnavailableError        files can not be stored or read at present
    └── ConfigurationError             the environment does not fit the program

Source: requirement 12.
"""

from collections.abc import Mapping
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


class GuardViolation(DomainError):
    """A command's condition does not hold for the aggregate or the input."""

    code = "guard_violation"

    def __init__(self, code: str, message: str) -> None:
        """Name the condition by the code the specification gives it."""
        super().__init__(message, code=code)


class InvalidStateError(DomainError):
    """The aggregate is in a state in which this can not be done."""

    code = "invalid_state"

    def __init__(self, action: str, *, state: str, allowed: tuple[str, ...]) -> None:
        """Name what was tried, the state found, and the states in which it can be done."""
        named = " or ".join(allowed)
        super().__init__(f"{action} is not possible in the state {state}, only in {named}.")
        self.action = action
        self.state = state
        self.allowed = allowed


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


class DuplicateError(ConflictError):
    """The same was asked for before, and was done then."""

    code = "duplicate"

    def __init__(self, resource: str) -> None:
        """Name what it was about."""
        super().__init__(resource, constraint="once", message="This was done before.")


class OverlapError(ConflictError):
    """Its range overlaps with that of another one, where the specification allows no overlap."""

    code = "overlap"

    def __init__(self, resource: str, rule: str, *, fields: tuple[str, ...]) -> None:
        """Name the rule, which is the code, and the fields that make up the range."""
        message = f"The {resource} overlaps with another one."
        super().__init__(resource, fields=fields, constraint=rule, message=message)
        self.code = rule


class PreconditionFailedError(SharedModuleError):
    """The stored version is not the one the caller has seen."""

    code = "precondition_failed"

    def __init__(self, resource: str, *, expected: int | None, actual: int | None) -> None:
        """Give both versions; None where one is not known."""
        super().__init__(f"The {resource} was changed in the meantime; read it again.")
        self.resource = resource
        self.expected = expected
        self.actual = actual


class UnauthenticatedError(SharedModuleError):
    """The operation needs a caller who is known."""

    code = "unauthenticated"

    def __init__(self, message: str = "This needs a valid token.") -> None:
        """Say what is missing."""
        super().__init__(message)


class TokenError(UnauthenticatedError):
    """A token was sent and is refused; the message never repeats it."""

    code = "invalid_token"


class MalformedTokenError(TokenError):
    """It can not be read, or is of a kind that is never accepted."""

    code = "malformed_token"


class TokenSignatureError(TokenError):
    """No trusted key has signed it."""

    code = "token_signature"


class ExpiredTokenError(TokenError):
    """The present is outside of the time it is valid in."""

    code = "expired_token"


class TokenClaimError(TokenError):
    """A claim does not say what it has to."""

    code = "token_claim"

    def __init__(self, claim: str, message: str) -> None:
        """Name the claim."""
        super().__init__(message)
        self.claim = claim


class IssuerUnavailableError(SharedModuleError):
    """Tokens can not be checked, because the keys of their issuer can not be had."""

    code = "issuer_unavailable"

    def __init__(self, url: str) -> None:
        """Name the address; for operators, clients are not told."""
        super().__init__(f"The keys at {url} can not be had.")
        self.url = url


class ForbiddenError(SharedModuleError):
    """The caller may not do this."""

    code = "forbidden"

    def __init__(self, operation: str, resource: str, *, phrase: str | None = None) -> None:
        """Name what was tried, and with what; `phrase` says it where `ship this order` does not."""
        words = operation.replace("_", " ")
        # Of more than one word, the resource is not the object: `You may not add line this order`.
        tried = (
            f"carry out '{words}' on this {resource}"
            if " " in words
            else f"{words} this {resource}"
        )
        super().__init__(f"You may not {tried if phrase is None else phrase}.")
        self.operation = operation
        self.resource = resource


class ProblemError(SharedModuleError):
    """A problem that a hand-written handler answers with: one that its command declares."""

    code = "problem"

    def __init__(self, code: str, status: int, message: str) -> None:
        """Give the code and the HTTP status as the specification has them."""
        super().__init__(message, code=code)
        self.status = status


class OperationTimeoutError(SharedModuleError):
    """An operation was stopped because it took too long."""

    code = "timeout"

    def __init__(self, operation: str, timeout_s: float) -> None:
        """Name it, and how long it may take."""
        super().__init__(f"{operation} took longer than {timeout_s:g} seconds.")
        self.operation = operation
        self.timeout_s = timeout_s


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


class PoolInvariantViolation(SharedModuleError):
    """The books of a connection pool do not balance: connections leak, or are counted twice."""

    code = "pool_invariant"

    def __init__(self, pool: str, rule: str, counters: Mapping[str, int]) -> None:
        """Say which pool, what does not hold, and everything that it counts."""
        counted = ", ".join(f"{name}={value}" for name, value in counters.items())
        super().__init__(f"The pool of {pool} breaks the rule {rule}: {counted}")
        self.rule = rule
        self.counters = dict(counters)


class DatabaseConnectionError(SharedModuleError):
    """The database can not be reached, or has closed the connection."""

    code = "database_connection"

    def __init__(self, reason: object) -> None:
        """Say what the driver says; for operators, clients are not told."""
        super().__init__(f"The database can not be reached: {reason}")


class DatabaseTimeoutError(SharedModuleError):
    """The database did not do something in the time that it has for it."""

    code = "database_timeout"

    def __init__(self, reason: object) -> None:
        """Say what the driver says; for operators, clients are not told."""
        super().__init__(f"The database took too long: {reason}")


class EncryptionError(SharedModuleError):
    """A value can not be encrypted, or a stored one not be decrypted; never holds either.

    Source: requirement 12.3.
    """

    code = "encryption_error"

    def __init__(self, reason: str, **context: str) -> None:
        """Say what went wrong, and where: for operators, clients are not told.

        Args:
            reason: Such as `does not decrypt`.
            context: Field, row and id of the key, as far as they are known.
        """
        found = ", ".join(f"{name}={value}" for name, value in context.items())
        super().__init__(f"Encryption: {reason}" + (f" ({found})" if found else ""))
        self.reason = reason
        self.context = dict(context)


class StorageUnavailableError(SharedModuleError):
    """The storage of files does not answer, refuses, or is full."""

    code = "storage_unavailable"

    def __init__(self, reason: object) -> None:
        """Say what the storage says; for operators, clients are not told."""
        super().__init__(f"Files can not be stored or read: {reason}")


class ConfigurationError(SharedModuleError):
    """The settings are incomplete or contradict each other; never repeats a value."""

    code = "configuration_error"
