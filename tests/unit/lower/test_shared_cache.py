"""A cache on a server is told from limits that are counted on one."""

from pathlib import Path

import pytest

from tests.migrations.history import system_of

ENTITIES = "entities: { Note: { fields: { text: str }%s } }\n"
LIMITED = "api: { rate_limit: { by: ip, limits: { anonymous: 60/min } } }\n"
KEPT = "features: { cache: { backend: redis } }\n"


@pytest.mark.parametrize(
    ("spec", "has_redis", "has_shared_cache"),
    [
        (ENTITIES % "", False, False),
        (LIMITED + ENTITIES % "", True, False),
        (LIMITED + ENTITIES % ", cache: 5m", True, False),
        (KEPT + ENTITIES % ", cache: 5m", True, True),
    ],
)
def test_limits_need_a_server_and_no_shared_cache(
    spec: str, has_redis: bool, has_shared_cache: bool, tmp_path: Path
) -> None:
    system = system_of(spec, tmp_path)

    assert (system.has_redis, system.has_shared_cache) == (has_redis, has_shared_cache)
