"""The JSON Schema of the spec language, for editors: written from the tables the reader uses."""

from apigen.ir.types import Json
from apigen.spec.block import Block, key_table
from apigen.spec.caching import CacheSpec, FeatureCacheSpec, QueryCacheSpec
from apigen.spec.commands import CommandSpec, ErrorSpec, GuardSpec, RetrySpec, RouteSpec
from apigen.spec.compression import CompressionSpec, LevelsSpec, ResourceCompressionSpec
from apigen.spec.cors import CorsSpec
from apigen.spec.document import (
    ApiSpec,
    AppSpec,
    ContactSpec,
    ContextSpec,
    DatabaseSpec,
    DecimalSpec,
    DefaultsSpec,
    FeaturesSpec,
    FileSpec,
    FilesSpec,
    GenerateSpec,
    IdempotencySpec,
    MigrationsSpec,
    NamingSpec,
    PoolSpec,
    TestsSpec,
    VersionSpec,
)
from apigen.spec.entities import (
    ApiEntitySpec,
    ChildSpec,
    EntityDefaultsSpec,
    EntityIdempotencySpec,
    EntitySpec,
    ExclusionSpec,
    IdSpec,
    IndexSpec,
    MixinSpec,
    OperationsSpec,
    PageSizeSpec,
    PagingSpec,
    SoftDeleteSpec,
    UniqueSpec,
    VersionedSpec,
)
from apigen.spec.events import EventSpec, ReactionSpec
from apigen.spec.fields import (
    EnumMemberSpec,
    FieldSpec,
    FileLimitsSpec,
    MeasureSpec,
    RuleSpec,
    TypeSpec,
)
from apigen.spec.lifecycle import LifecycleSpec, StateSpec
from apigen.spec.messaging import DeadLetterSpec, InboxSpec, MessagingSpec, OutboxSpec
from apigen.spec.projections import ApiProjectionSpec, ProjectionSpec, ReadOperationsSpec
from apigen.spec.queries import QueryRouteSpec, QuerySpec
from apigen.spec.rate_limits import RateLimitSpec
from apigen.spec.security import JwtSpec, RoleSpec, SecuritySpec
from apigen.spec.tasks import ScheduleSpec, TaskSpec
from apigen.spec.versions import DeprecatedSpec

BLOCKS: tuple[type[Block], ...] = (
    FileSpec,
    ContextSpec,
    AppSpec,
    ContactSpec,
    DefaultsSpec,
    DecimalSpec,
    NamingSpec,
    TypeSpec,
    EnumMemberSpec,
    MeasureSpec,
    FieldSpec,
    FileLimitsSpec,
    RuleSpec,
    EntitySpec,
    EntityDefaultsSpec,
    IdSpec,
    VersionedSpec,
    SoftDeleteSpec,
    UniqueSpec,
    IndexSpec,
    ExclusionSpec,
    ChildSpec,
    MixinSpec,
    LifecycleSpec,
    StateSpec,
    CommandSpec,
    GuardSpec,
    ErrorSpec,
    RetrySpec,
    RouteSpec,
    EventSpec,
    ReactionSpec,
    TaskSpec,
    ScheduleSpec,
    ApiEntitySpec,
    EntityIdempotencySpec,
    OperationsSpec,
    PagingSpec,
    PageSizeSpec,
    QuerySpec,
    QueryRouteSpec,
    ProjectionSpec,
    ApiProjectionSpec,
    ReadOperationsSpec,
    DatabaseSpec,
    PoolSpec,
    MigrationsSpec,
    MessagingSpec,
    OutboxSpec,
    InboxSpec,
    DeadLetterSpec,
    SecuritySpec,
    JwtSpec,
    RoleSpec,
    DeprecatedSpec,
    ApiSpec,
    RateLimitSpec,
    CompressionSpec,
    ResourceCompressionSpec,
    CacheSpec,
    QueryCacheSpec,
    FeatureCacheSpec,
    LevelsSpec,
    CorsSpec,
    VersionSpec,
    IdempotencySpec,
    FeaturesSpec,
    FilesSpec,
    GenerateSpec,
    TestsSpec,
)
"""Every block of the language."""


def json_schema() -> dict[str, Json]:
    """Return the schema, draft-07: the newest draft that yaml-language-server reads."""
    return {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": "apigen spec, format 1",
        "$ref": "#/definitions/FileSpec",
        "definitions": {block.__name__: _definition(block) for block in BLOCKS},
    }


def _definition(block: type[Block]) -> dict[str, Json]:
    table = key_table(block)
    properties: dict[str, Json] = {
        name: known.shape.schema() for name, known in table.supported.items()
    }
    for name in sorted(table.planned):
        properties[name] = {"const": False, "description": "not supported by this version"}
    required: list[Json] = [name for name, known in table.supported.items() if known.required]
    if block is FileSpec:
        required.append("apigen")
    definition: dict[str, Json] = {
        "type": "object",
        "description": (block.__doc__ or "").strip().splitlines()[0],
        "properties": properties,
        "patternProperties": {"^x-": {}},
        "additionalProperties": False,
    }
    if required:
        definition["required"] = required
    return definition
