"""Every attribute of the IR is compared, or left out on purpose: a new one must choose."""

from dataclasses import fields

import pytest

from apigen.ir.access import (
    AccessEntry,
    AccessTable,
    Permission,
    Role,
    RowRule,
    Security,
)
from apigen.ir.behaviour import (
    Command,
    Event,
    Execution,
    Guard,
    Lifecycle,
    Move,
    Projection,
    ProjectionField,
    Query,
    Reaction,
    Route,
    Schedule,
    Task,
    Upcast,
)
from apigen.ir.element import Deprecation, Lifespan
from apigen.ir.field import Field
from apigen.ir.system import (
    Api,
    ApiVersion,
    Child,
    Context,
    CustomRule,
    Entity,
    EnumMember,
    EnumType,
    Exclusion,
    Identity,
    Index,
    ObjectType,
    ProjectionResource,
    Resource,
    Rule,
    ScalarType,
    System,
    UnionType,
    Uniqueness,
)
from apigen.ir.types import Constraints

IDENTITY = {"id", "qname", "name", "span", "renamed_from", "renamed_at", "has_own_value"}
PROSE = {"doc", "ext", "label", "example", "deprecated", "message", "fake", "tags", "docs_ui"}
"""What neither the database nor a client depends on."""
COMPARED: dict[type, str] = {
    Field: (
        "type nullable default computed stored writes reads filter sort search index on_delete"
        " column wire origin lifespan encrypted file"
    ),
    Entity: (
        "context identity fields children timestamps versioned etag soft_delete invariants unique"
        " indexes arcs table schema resource custom_invariants exclusions lifecycle commands"
        " events queries access lifespan audit"
    ),
    Child: (
        "attribute class_name identity fields to_one min max key order_by nested children"
        " invariants unique arcs table"
    ),
    Resource: (
        "path nested_under operations export paging filters sorts search expand body_limit_bytes"
        " rate_limit limits_itself idempotency idempotency_required deprecated sunset"
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
    Api: "prefix versions versioning idempotency filter_syntax body_limit_bytes rate_limit",
    ApiVersion: "deprecated deprecated_since sunset successor",
    Lifespan: "since until deprecated",
    Deprecation: "reason since sunset",
    Context: "types entities commands events queries reactions tasks projections access",
    Task: "input queue priority timeout_s retry schedule unique progress command",
    Schedule: "cron timezone",
    Lifecycle: "field enum initial history",
    Move: "sources target",
    Command: (
        "input creates move guards effects emits returns errors handler execution route lifespan"
    ),
    Execution: "idempotent natural_key lock isolation timeout_s retry",
    Guard: "code condition",
    Route: "method path status rate_limit",
    Event: "payload version upcasts public lifespan",
    Upcast: "version values",
    Reaction: "event command target values when delay_s retry inbox",
    Query: "source input where sort limit shape cache handler route lifespan",
    Projection: "source fields key",
    ProjectionField: "field value",
    ProjectionResource: "projection resource queries access",
    Exclusion: "equal overlap where",
    CustomRule: "code",
    AccessTable: "entries rules",
    AccessEntry: "operation permissions",
    Permission: "role rows",
    RowRule: "condition",
    Role: "inherits scopes",
    Security: "issuers roles claims",
    System: "contexts api security messaging i18n",
}
LEFT_OUT: dict[type, str] = {
    # The attribute follows from the name and the type; the inverse is for rules only; the table
    # of a `many` follows from both names and is the schema's; a backfill is for one migration;
    # what is personal is for `erases`, which names the attributes.
    # A table of the entity's follows from `audit_reads`.
    Field: "attribute inverse join backfill pii audit_reads",
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
    # Clients say what they like, and get an answer that they can read in any case. What is kept is
    # dropped on every change: clients are answered the same. What pages may call is told to
    # browsers, not to clients.
    Resource: "compression cache cors cors_itself",
    Api: "compression cors compat",
    # Entities have their tables' schema; what may be named is the lowering's.
    Context: "uses schema",
    # States are members of the enum; what leads out of one are moves.
    Lifecycle: "states",
    # Where it stands is told by ids.
    Command: "context owner",
    Event: "context owner",
    Task: "context",
    Reaction: "context",
    Query: "context owner source_is_projection",
    Projection: "context",
    Exclusion: "name",
    # It is in every table of access.
    Security: "default_access",
    # Neither clients nor rows depend on them, or they are the contexts' by name.
    # What a version of the API has follows from the lifespans of fields.
    # Where keys come from changes no row.
    System: "app database outputs preset cache seeds types entities children encryption files"
    " metrics versions input_endings read_endings resource_endings",
}


@pytest.mark.parametrize("kind", list(COMPARED), ids=lambda kind: kind.__name__)
def test_every_attribute_is_compared_or_left_out_on_purpose(kind: type) -> None:
    decided = {*COMPARED[kind].split(), *LEFT_OUT.get(kind, "").split()}

    names = {part.name for part in fields(kind)}

    assert names - IDENTITY - PROSE == decided - IDENTITY - PROSE
