"""Aggregates and value objects by themselves: their own checks, whoever calls them."""

from collections.abc import Mapping
from dataclasses import FrozenInstanceError, fields, replace
from typing import Any, ClassVar

import pytest

from ...core.errors import ValidationError
from ...core.json import dumps
from ...domain.value_object import ValueObject
from ..cases import AnyCase
from ..rows import offline


class AggregateContract:
    """An aggregate checks its own fields, also when no DTO stands before it."""

    case: ClassVar[AnyCase]
    cases: ClassVar[Mapping[str, AnyCase]]
    inside: ClassVar[Mapping[str, tuple[Any, ...]]] = {}
    """Attribute to values at the inner side of its constraints' edges."""
    outside: ClassVar[Mapping[str, tuple[Any, ...]]] = {}
    """Attribute, or path into the first child (`lines.0.quantity`), to values just outside; Any,
    because each attribute has a type of its own."""
    sizes: ClassVar[Mapping[str, tuple[int, int | None]]] = {}
    """Attribute of children to their least and greatest number."""
    names: ClassVar[Mapping[str, str]] = {}
    """Attributes that clients, and so errors, call otherwise."""

    def make(self, n: int = 0) -> Any:
        """Return the aggregate of sample `n`."""
        return self.case.new(dumps(offline(self.cases, self.case.samples[n])))

    def test_samples_are_valid(self) -> None:
        """Every sample passes the aggregate's own check."""
        for n in range(len(self.case.samples)):
            self.make(n).check_invariants()

    def test_values_inside_the_bounds_are_accepted(self) -> None:
        """The last allowed value on each side is allowed."""
        for attribute, values in self.inside.items():
            for value in values:
                entity = self.make()
                setattr(entity, attribute, value)
                entity.check_invariants()

    def test_values_outside_the_bounds_are_refused(self) -> None:
        """The first forbidden value on each side is refused, and its field named."""
        for attribute, values in self.outside.items():
            for value in values:
                entity = self.make()
                *way, last = attribute.split(".")
                owner = entity
                for step in way:
                    owner = owner[int(step)] if step.isdigit() else getattr(owner, step)
                setattr(owner, last, value)
                with pytest.raises(ValidationError) as caught:
                    entity.check_invariants()
                assert caught.value.field == self.names.get(attribute, attribute)

    def test_number_of_children_has_bounds(self) -> None:
        """One less than the least and one more than the greatest number is refused."""
        for attribute, (least, most) in self.sizes.items():
            children = getattr(self.make(), attribute)
            numbers = [*([least - 1] if least else []), *([] if most is None else [most + 1])]
            for number in numbers:
                entity = self.make()
                setattr(entity, attribute, [children[0]] * number)
                with pytest.raises(ValidationError) as caught:
                    entity.check_invariants()
                assert caught.value.field == self.names.get(attribute, attribute)

    def test_identity_decides_equality(self) -> None:
        """Two objects are one aggregate exactly when they have one key."""
        first, second, other = self.make(), self.make(), self.make(-1)
        if "id" in {field.name for field in fields(first)}:
            # A key that the database draws is 0 until then, and equal to no other.
            first.id = second.id = first.id or type(first.id)(1)

        assert first == second
        assert len(self.case.samples) == 1 or first != other
        assert hash(first) == hash(second)
        assert first != object()


class ValueObjectContract:
    """A value object is immutable, compares by what it holds, and is valid or does not exist."""

    value: ClassVar[ValueObject]
    other: ClassVar[ValueObject | None] = None
    """Another value, where the type has two."""
    outside: ClassVar[Mapping[str, tuple[Any, ...]]] = {}
    """Attribute to values just outside its constraints; Any, because types differ."""

    def test_parts_cannot_be_changed(self) -> None:
        """Assigning to a part is refused."""
        for part in fields(self.value):
            with pytest.raises(FrozenInstanceError):
                setattr(self.value, part.name, getattr(self.value, part.name))

    def test_equal_parts_make_equal_values(self) -> None:
        """A copy is the same value; another value is not."""
        copy = replace(self.value)

        assert copy == self.value
        if self.other is not None:
            assert self.other != self.value

    def test_values_outside_the_bounds_are_refused(self) -> None:
        """A value object with a forbidden part cannot be made."""
        for attribute, values in self.outside.items():
            for value in values:
                with pytest.raises(ValidationError):
                    replace(self.value, **{attribute: value})
