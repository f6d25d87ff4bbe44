"""Every attribute of the IR is compared, or left out on purpose: a new one must choose."""

from dataclasses import fields

import pytest

from apigen.ir.access import Security
from apigen.ir.behaviour import Command, Event, Lifecycle, Projection, Query, Reaction
from apigen.ir.element import Lifespan
from apigen.ir.field import Field
from apigen.ir.system import (
    Api,
    ApiVersion,
    Child,
    Entity,
    EnumMember,
    EnumType,
    Identity,
    Index,
    ObjectType,
    Resource,
    Rule,
    ScalarType,
    UnionType,
    Uniqueness,
)
from apigen.ir.types import Constraints

IDENTITY = {"id", "qname", "name", "span", "renamed_from", "renamed_at", "has_own_value"}
PROSE = {"doc", "ext", "label", "example", "deprecated", "message", "fake", "tags", "docs_ui"}
"""What neither the database nor a client depends on."""
COMPARED: dict[type, str] = {
    Field: (
        "type nullable default computed writes reads filter sort search index on_delete column"
        " wire origin stored lifespan"
    ),
    Entity: (
        "context identity fields children timestamps versioned etag soft_delete invariants unique"
        " indexes arcs table schema resource lifecycle access lifespan custom_invariants queries"
        " commands exclusions events"
    ),
    Child: (
        "attribute class_name identity fields to_one min max key order_by nested children"
        " invariants unique arcs table"
    ),
    Resource: (
        "path nested_under operations export paging filters sorts search expand body_limit_bytes"
        " idempotency idempotency_required sunset"
    ),
    Identity: "kind fields prefix client_supplied",
    EnumType: "members",
    EnumMember: "value",
    ObjectType: "fields invariants store",
    ScalarType: "type",
    UnionType: "tag variants",
    Rule: "code expr db",
    Uniqueness: "attributes where live_only",
    Index: "attributes descending include where method",
    Constraints: "min max gt lt step pattern precision scale normalize",
    Api: "prefix versions versioning filter_syntax body_limit_bytes",
    Lifecycle: "states initial history enum",
    Command: (
        "input creates move guards effects emits returns errors handler execution route lifespan"
    ),
    Event: "payload version upcasts public lifespan",
    Reaction: "event command target values when delay_s retry inbox",
    Query: "input where sort limit shape cache_ttl_s handler route lifespan",
    Projection: "fields",
    ApiVersion: "sunset successor",
    Lifespan: "since until deprecated",
    Security: "issuers roles",
}
LEFT_OUT: dict[type, str] = {
    # The attribute follows from the name and the type; the inverse is for rules only; the table
    # of a `many` follows from both names and is the schema's; a backfill is for one migration.
    # What `pii` means is told by the commands that erase it.
    Field: "attribute inverse join backfill pii",
    # Inverses follow from fields.
    Entity: "inverses",
    # Follows from the parent's name.
    Child: "parent_column",
    Identity: "type_name",
    # How it is stored has one form so far.
    EnumType: "store",
    ObjectType: "measure",
    Uniqueness: "name",
    Index: "name",
    # How long answers are kept is a promise to nobody.
    Api: "cors compat idempotency",
    # States are members of the enum.
    Lifecycle: "field",
    # Who owns it and where follows from where it stands.
    Command: "context owner",
    Event: "context owner",
    Reaction: "context",
    Query: "context owner source source_is_projection",
    Projection: "context source key",
    # Claims are for rules; the default is in every table of access.
    Security: "claims default_access",
}


@pytest.mark.parametrize("kind", list(COMPARED), ids=lambda kind: kind.__name__)
def test_every_attribute_is_compared_or_left_out_on_purpose(kind: type) -> None:
    decided = {*COMPARED[kind].split(), *LEFT_OUT.get(kind, "").split()}

    names = {part.name for part in fields(kind)}

    assert names - IDENTITY - PROSE == decided - IDENTITY - PROSE
