"""Mapping between JSON, DTO and aggregate, and the constraints on the way. No database."""

from collections.abc import Mapping
from typing import Any, ClassVar

import pytest
from pydantic import ValidationError as InvalidInput

from ...core.errors import DomainError, InvariantViolation
from ...core.json import Json, dumps
from ..cases import AnyCase, Broken, Kept, Normal, Probe, at, replaced, without
from ..rows import assert_holds, offline, shown


class MappingContract:
    """Every field arrives in the aggregate and leaves it unchanged."""

    case: ClassVar[AnyCase]
    cases: ClassVar[Mapping[str, AnyCase]]
    """All entities, to know the form of a reference's key."""

    def payload(self, n: int = 0) -> dict[str, Json]:
        """Return sample `n` with made-up keys."""
        payload = offline(self.cases, self.case.samples[n])
        assert isinstance(payload, dict)
        return payload

    def test_each_sample_arrives_unchanged(self) -> None:
        """What is sent is what is shown, for every sample and field."""
        for n in range(len(self.case.samples)):
            entity = self.case.new(dumps(self.payload(n)))

            assert_holds(self.case, shown(self.case, entity), self.payload(n))

    def test_derived_fields_follow_from_the_others(self) -> None:
        """Derived fields have the values that were worked out when this test was written."""
        for name, values in self.case.computed.items():
            for n, value in enumerate(values):
                entity = self.case.new(dumps(self.payload(n)))

                assert shown(self.case, entity)[name] == value, f"{name} of sample {n}"

    def test_left_out_fields_get_their_defaults(self) -> None:
        """A payload of the required fields alone is enough."""
        if not self.case.defaults and set(self.case.required) != set(self.case.samples[0]):
            return
        minimal = {name: self.payload()[name] for name in self.case.required}

        body = shown(self.case, self.case.new(dumps(minimal)))

        assert_holds(self.case, body, minimal)
        assert_holds(self.case, body, self.case.defaults)
        assert all(body[name] is not None for name in self.case.made)

    def test_required_fields_are_required(self) -> None:
        """Leaving out any one of them is refused."""
        for name in self.case.required:
            partial = {key: value for key, value in self.payload().items() if key != name}

            with pytest.raises(InvalidInput):
                self.case.new(dumps(partial))

    def test_changed_field_arrives_alone(self, changed: str) -> None:
        """PATCH gives one field its value and leaves the others as they are."""
        entity = self.case.new(dumps(self.payload()))
        before = shown(self.case, entity)
        value = offline(self.cases, self.case.changes[changed])

        self.case.change(entity, dumps({changed: value}))

        after = shown(self.case, entity)
        assert_holds(self.case, after, {changed: value})
        untouched = set(before) - {changed, *self.case.derived}
        assert {name: after[name] for name in untouched} == {
            name: before[name] for name in untouched
        }

    def test_absent_is_not_null(self) -> None:
        """An empty PATCH changes nothing; null empties what may be empty."""
        entity = self.case.new(dumps(self.payload()))
        before = shown(self.case, entity)

        self.case.change(entity, b"{}")

        assert shown(self.case, entity) == before
        for name in self.case.nullable:
            entity = self.case.new(dumps(self.payload()))
            self.case.change(entity, dumps({name: None}))
            assert name in self.case.unseen or shown(self.case, entity)[name] is None, name

    def test_value_at_the_edge_is_accepted(self, accepted: Probe) -> None:
        """The inner side of a constraint's edge is allowed."""
        payload = replaced(self.case.samples[0], accepted.path, accepted.value)

        entity = self.case.new(dumps(offline(self.cases, payload)))

        self.check(entity)

    def test_value_over_the_edge_is_refused(self, refused: Probe) -> None:
        """The outer side is not."""
        payload = replaced(self.case.samples[0], refused.path, refused.value)

        with pytest.raises((InvalidInput, DomainError)):
            self.check(self.case.new(dumps(offline(self.cases, payload))))

    def test_value_takes_its_normal_form(self, normal: Normal) -> None:
        """On creation and on change."""
        sent = offline(self.cases, {**self.case.samples[0], normal.field: normal.sent})
        entity = self.case.new(dumps(sent))
        assert getattr(entity, normal.attribute) == normal.stored
        if normal.field in self.case.changes:
            entity = self.case.new(dumps(self.payload(-1)))
            self.case.change(entity, dumps({normal.field: normal.sent}))
            assert getattr(entity, normal.attribute) == normal.stored

    def test_left_out_field_of_a_child_gets_its_default(self, omitted: Probe) -> None:
        """As the fields of the aggregate itself do."""
        payload = without(self.case.samples[0], omitted.path)

        body = shown(self.case, self.case.new(dumps(offline(self.cases, payload))))

        assert at(body, omitted.path) == omitted.value

    def test_broken_invariant_is_refused(self, broken: Broken) -> None:
        """Values that contradict each other are refused by the rule they break."""
        payload = offline(self.cases, {**self.case.samples[0], **broken.values})

        with pytest.raises(InvariantViolation) as caught:
            self.check(self.case.new(dumps(payload)))

        assert caught.value.code == broken.code

    def test_kept_invariant_is_no_obstacle(self, kept: Kept) -> None:
        """Values with which a rule just holds are accepted."""
        payload = offline(self.cases, {**self.case.samples[0], **kept.values})

        self.check(self.case.new(dumps(payload)))

    def check(self, entity: Any) -> None:
        """Let the aggregate (of the case's own type) check itself, as the service does."""
        entity.check_invariants()
