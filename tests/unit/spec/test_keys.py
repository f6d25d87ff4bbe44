"""Every key of the language is in a table: supported, or refused as planned."""

import pytest

from apigen.diagnostics.collector import Collector
from apigen.source.loader import load_text
from apigen.spec.block import Block, key_table, read_block
from apigen.spec.document import (
    ApiSpec,
    AppSpec,
    ContextSpec,
    DatabaseSpec,
    DefaultsSpec,
    FeaturesSpec,
    FileSpec,
    GenerateSpec,
)
from apigen.spec.entities import ApiEntitySpec, ChildSpec, EntitySpec
from apigen.spec.fields import FieldSpec, TypeSpec
from apigen.spec.schema import BLOCKS

LANGUAGE: dict[type[Block], str] = {
    FileSpec: (
        "apigen app include context contexts types mixins policies entities commands "
        "queries events processes reactions projections tasks webhooks clients flags "
        "seeds defaults database security tenancy messaging api i18n features generate"
    ),
    AppSpec: ("name title version license contact package python"),
    DefaultsSpec: ("entity decimal naming"),
    ContextSpec: (
        "uses schema types mixins policies entities commands queries events processes "
        "reactions projections tasks webhooks clients flags seeds"
    ),
    TypeSpec: (
        "type enum fields one_of tag invariants measure store example deprecated renamed_from"
    ),
    FieldSpec: (
        "type default computed stored min max gt lt step precision scale pattern "
        "normalize unique index immutable readonly writeonly hidden filter sort search "
        "localized pii encrypted mask audit_reads retain access on_delete inverse through "
        "load file wire column db_type label example fake since until deprecated "
        "renamed_from backfill"
    ),
    EntitySpec: (
        "fields id children use extends abstract inheritance timestamps versioned "
        "soft_delete audit crud_events tenant store unique indexes exclude invariants "
        "lifecycle commands queries events access api cache graphql grpc table plural "
        "since until deprecated renamed_from flag"
    ),
    ChildSpec: (
        "fields entity one min max key order_by nested children invariants unique renamed_from"
    ),
    ApiEntitySpec: (
        "path tags nested_under operations pagination page_size filters sort search "
        "expand cache rate_limit idempotency dedupe body_limit cors compression "
        "deprecated sunset"
    ),
    DatabaseSpec: ("dialect url pool isolation read_replica migrations slow_query event_store"),
    ApiSpec: (
        "prefix versions versioning pagination filter_syntax envelope errors "
        "content_types compression cors body_limit idempotency dedupe rate_limit cache "
        "coalesce gateway strangler analytics mock docs_ui compat"
    ),
    FeaturesSpec: (
        "preset tracing metrics logging profiling health shutdown resilience cache locks "
        "files flags batch ai chaos memory_leaks deployment server serialization settings "
        "integrations admin mesh"
    ),
    GenerateSpec: (
        "rest graphql grpc asyncapi sdk admin cli docker kubernetes ci docs tests layout"
    ),
}


@pytest.mark.parametrize("block", LANGUAGE, ids=lambda block: block.__name__)
def test_every_documented_key_is_known(block: type[Block]) -> None:
    missing = set(LANGUAGE[block].split()) - set(key_table(block).names)

    assert missing == set()


@pytest.mark.parametrize(
    ("block", "name"),
    [(block, name) for block in BLOCKS for name in sorted(key_table(block).planned)],
    ids=lambda value: value if isinstance(value, str) else value.__name__,
)
def test_planned_keys_are_refused_but_may_be_switched_off(block: type[Block], name: str) -> None:
    loaded = load_text(f"{name}: {{ on: true }}\n", file="spec.yaml").value
    off = load_text(f"{name}: false\n", file="spec.yaml").value
    assert loaded is not None
    assert off is not None
    refused, accepted = Collector(), Collector()

    read_block(block, loaded, refused)
    read_block(block, off, accepted)

    assert "AG014" in {found.code for found in refused.found}
    assert "AG014" not in {found.code for found in accepted.found}


def test_no_key_is_both_supported_and_planned() -> None:
    for block in BLOCKS:
        table = key_table(block)
        assert not table.planned & set(table.supported)
