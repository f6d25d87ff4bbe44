"""The tree of errors."""

import inspect

import pytest

from apigen.support.core import errors
from apigen.support.core.errors import (
    ConflictError,
    DomainError,
    FieldError,
    ReferenceConflictError,
    SharedModuleError,
    ValidationError,
)


@pytest.mark.criterion("R12.1")
def test_every_error_has_one_root_and_a_code_of_its_own() -> None:
    kinds = [
        kind
        for _, kind in inspect.getmembers(errors, inspect.isclass)
        if issubclass(kind, SharedModuleError) and kind is not SharedModuleError
    ]
    foreign = [
        kind
        for _, kind in inspect.getmembers(errors, inspect.isclass)
        if issubclass(kind, Exception) and not issubclass(kind, SharedModuleError)
    ]

    assert len(kinds) >= 9
    assert foreign == []
    codes = [kind.code for kind in kinds if kind is not errors.InvariantViolation]
    assert len(set(codes)) == len(codes)
    assert issubclass(ValidationError, DomainError)


@pytest.mark.criterion("R12.2")
def test_a_validation_error_has_field_value_and_constraint() -> None:
    error = ValidationError("title", "", "min_length", "must have at least 1")

    assert (error.field, error.value, error.constraint) == ("title", "", "min_length")
    assert error.details == (FieldError("title", "must have at least 1", "min_length"),)


def test_a_conflict_names_the_fields_that_clash() -> None:
    error = ConflictError("track", fields=("album_id", "name"))

    assert error.message == "A track with the same album_id and name exists already."
    missing = ReferenceConflictError("track", fields=("album_id",), is_missing=True)
    assert "album_id of the track points to does not exist" in missing.message
