"""What an operation answers: a value, or why there is none, in terms of the application.

The one place that knows which errors a caller can answer for, and as what.

Source: requirements 2.4, 12.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Self

from ..core.errors import (
    ConflictError,
    DomainError,
    FieldError,
    ForbiddenError,
    InvalidStateError,
    InvariantViolation,
    NotFoundError,
    OperationTimeoutError,
    PreconditionFailedError,
    ProblemError,
    ReferenceConflictError,
    SharedModuleError,
    UnauthenticatedError,
    ValidationError,
)
from ..core.result import Result


class ErrorKind(StrEnum):
    """What sort of no the answer is; the interface gives each a status of its own."""

    NOT_FOUND = "not_found"
    CONFLICT = "conflict"
    INVALID = "invalid"
    PRECONDITION_FAILED = "precondition_failed"
    UNAUTHENTICATED = "unauthenticated"
    FORBIDDEN = "forbidden"
    TIMEOUT = "timeout"
    PROBLEM = "problem"
    """A problem of the command's own: `status` says which."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceError:
    """Why an operation was not carried out."""

    kind: ErrorKind
    code: str
    """For programs: `not_found`, `conflict`, the code of an invariant."""
    message: str
    details: tuple[FieldError, ...] = ()
    status: int | None = None
    """HTTP status of a PROBLEM; the other kinds have one each."""

    @classmethod
    def of(cls, error: SharedModuleError) -> Self:
        """Return the answer to an error of the domain or of the storage.

        Raises:
            SharedModuleError: `error` itself, when it is nothing a caller can answer for.
        """
        match error:
            case NotFoundError():
                return cls(kind=ErrorKind.NOT_FOUND, code=error.code, message=error.message)
            case ReferenceConflictError(is_missing=True):
                return cls(
                    kind=ErrorKind.INVALID,
                    code=error.code,
                    message=error.message,
                    details=_details(error),
                )
            case ConflictError():
                return cls(
                    kind=ErrorKind.CONFLICT,
                    code=error.code,
                    message=error.message,
                    details=_details(error),
                )
            case PreconditionFailedError():
                return cls(
                    kind=ErrorKind.PRECONDITION_FAILED, code=error.code, message=error.message
                )
            case ValidationError():
                return cls(
                    kind=ErrorKind.INVALID,
                    code=error.code,
                    message=f"{error.field}: {error.message}" if error.field else error.message,
                    details=error.details,
                )
            case InvariantViolation():
                return cls(
                    kind=ErrorKind.INVALID,
                    code=error.code,
                    message=error.message,
                    details=(FieldError("", error.message, error.code),),
                )
            case InvalidStateError():
                return cls(kind=ErrorKind.CONFLICT, code=error.code, message=error.message)
            case UnauthenticatedError():
                return cls(kind=ErrorKind.UNAUTHENTICATED, code=error.code, message=error.message)
            case ForbiddenError():
                return cls(kind=ErrorKind.FORBIDDEN, code=error.code, message=error.message)
            case OperationTimeoutError():
                return cls(kind=ErrorKind.TIMEOUT, code=error.code, message=error.message)
            case ProblemError():
                return cls(
                    kind=ErrorKind.PROBLEM,
                    code=error.code,
                    message=error.message,
                    status=error.status,
                )
            case DomainError():
                return cls(kind=ErrorKind.INVALID, code=error.code, message=error.message)
            case _:
                raise error


def _details(error: ConflictError) -> tuple[FieldError, ...]:
    return tuple(FieldError(name, error.message, error.constraint) for name in error.fields)


type ServiceResult[T] = Result[T, ServiceError]
"""What an operation gave, or why there is nothing to give."""
