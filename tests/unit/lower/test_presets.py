"""Which features a preset switches on, and what a spec says instead."""

import pytest

from apigen.ir.system import Compression, Idempotency, System
from tests.unit.evolve.specs import system_of

SPEC = """\
apigen: 1
app: shop
{keys}
entities:
  Task: {{ fields: {{ title: str(1..80) }} }}
"""


def system(keys: str) -> System:
    """Lower a small spec with these keys."""
    return system_of(SPEC.format(keys=keys))


@pytest.mark.parametrize("keys", ["", "features: { preset: minimal }"])
def test_nothing_is_on_by_itself(keys: str) -> None:
    api = system(keys).api

    assert (api.compression, api.idempotency, api.cors, api.rate_limit) == (None, None, None, None)


def test_standard_compresses_and_keeps_answers() -> None:
    made = system("features: { preset: standard }")

    assert made.preset == "standard"
    assert made.api.compression == Compression()
    assert made.api.idempotency == Idempotency()
    assert made.entities["shop.Task"].resource is not None
    assert made.entities["shop.Task"].resource.idempotency
    assert made.has_idempotency
    # Neither an origin nor a rate is anything that a preset could know.
    assert made.api.cors is None
    assert made.api.rate_limit is None


def test_what_is_said_is_before_the_preset() -> None:
    off = system("features: { preset: standard }\napi: { compression: false, idempotency: false }")
    own = system("features: { preset: standard }\napi: { compression: { levels: { zstd: 9 } } }")

    assert off.api.compression is None
    assert not off.has_idempotency
    assert own.api.compression == Compression(levels=(("zstd", 9),))
