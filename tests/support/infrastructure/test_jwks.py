"""Keys are fetched when they are needed, kept, and never because a token says so."""

import asyncio
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from joserfc.jwk import ECKey, OctKey, OKPKey, RSAKey

from apigen.support.core.errors import IssuerUnavailableError
from apigen.support.infrastructure.jwks import KeyStore

from .tokens import Issuer, Ticks, store


@pytest.fixture
def issuer() -> Issuer:
    """An issuer with one key."""
    made = Issuer()
    made.keys["k1"] = ECKey.generate_key("P-256", {"kid": "k1"})
    return made


@pytest.mark.criterion("R15.1")
async def test_keys_are_fetched_once(issuer: Issuer) -> None:
    keys = store(issuer)

    found = [await keys.find("k1") for _ in range(10)]

    assert all(found)
    assert issuer.fetched == ["https://issuer.example/jwks"]


async def test_many_at_once_fetch_once(issuer: Issuer) -> None:
    keys = store(issuer)

    found = await asyncio.gather(*(keys.find("k1") for _ in range(50)))

    assert all(found)
    assert len(issuer.fetched) == 1


async def test_names_that_nobody_knows_cause_no_flood(issuer: Issuer) -> None:
    ticks = Ticks()
    keys = store(issuer, ticks)
    await keys.find("k1")

    for second in range(61):
        ticks.now = 1000.0 + second
        found = await asyncio.gather(*(keys.find(f"x{second}-{n}") for n in range(20)))
        assert not any(found)

    assert len(issuer.fetched) == 3


async def test_a_new_key_is_found_when_a_token_names_it(issuer: Issuer) -> None:
    ticks = Ticks()
    keys = store(issuer, ticks)
    await keys.find("k1")
    issuer.keys = {"k2": ECKey.generate_key("P-256", {"kid": "k2"})}
    ticks.now += 30

    assert await keys.find("k2")
    assert await keys.find("k1") is None


async def test_a_key_that_is_withdrawn_is_forgotten_after_an_hour(issuer: Issuer) -> None:
    ticks = Ticks()
    keys = store(issuer, ticks)
    await keys.find("k1")
    issuer.keys = {"k2": ECKey.generate_key("P-256", {"kid": "k2"})}

    ticks.now += 3599
    assert await keys.find("k1")
    ticks.now += 1
    assert await keys.find("k1") is None


async def test_keys_stay_good_while_the_issuer_does_not_answer(issuer: Issuer) -> None:
    ticks = Ticks()
    keys = store(issuer, ticks)
    await keys.find("k1")
    issuer.is_down = True

    for _ in range(5):
        ticks.now += 3600
        assert await keys.find("k1")

    assert len(issuer.fetched) == 6


async def test_others_do_not_wait_for_an_issuer_that_is_slow() -> None:
    ticks = Ticks()
    key = ECKey.generate_key("P-256", {"kid": "k1"}).as_dict(private=False)
    is_up, asked = asyncio.Event(), asyncio.Event()
    is_up.set()

    async def fetch(url: str) -> bytes:
        asked.set()
        await is_up.wait()
        return json.dumps({"keys": [key]}).encode()

    keys = KeyStore("https://issuer.example", fetch=fetch, clock=ticks)
    await keys.find("k1")
    is_up.clear()
    asked.clear()
    ticks.now += 3600
    first = asyncio.create_task(keys.find("k1"))
    await asked.wait()

    assert await keys.find("k1")

    is_up.set()
    assert await first


async def test_without_any_key_the_issuer_is_asked_every_second(issuer: Issuer) -> None:
    ticks = Ticks()
    issuer.is_down = True
    keys = store(issuer, ticks)

    for step in range(10):
        ticks.now = 1000 + step / 4
        with pytest.raises(IssuerUnavailableError):
            await keys.find("k1")
    issuer.is_down = False
    ticks.now += 1

    assert await keys.find("k1")
    assert len(issuer.fetched) == 4


async def test_those_who_wait_for_an_issuer_that_is_slow_do_not_ask_again() -> None:
    ticks, asked = Ticks(), list[str]()

    async def fetch(url: str) -> bytes:
        asked.append(url)
        await asyncio.sleep(0)
        ticks.now += 5
        raise TimeoutError

    keys = KeyStore("https://issuer.example", fetch=fetch, clock=ticks)

    found = await asyncio.gather(*(keys.find("k1") for _ in range(20)), return_exceptions=True)

    assert len(asked) == 1
    assert all(isinstance(one, IssuerUnavailableError) for one in found)


@pytest.mark.parametrize(
    "document", [b"", b"[]", b"{}", b'{"keys":{}}', b'{"keys":[]}', b"<html>", b"[" * 100_000]
)
async def test_a_document_without_keys_is_no_answer(document: bytes) -> None:
    async def fetch(url: str) -> bytes:
        return document

    with pytest.raises(IssuerUnavailableError):
        await KeyStore("https://issuer.example", fetch=fetch).find("k1")


async def test_keys_that_are_no_good_are_left_out(issuer: Issuer) -> None:
    with pytest.warns(UserWarning, match="2048"):
        short = RSAKey.generate_key(1024)
    p256 = ECKey.generate_key("P-256").as_dict(private=False)
    bad: list[Any] = [
        OctKey.generate_key(256).as_dict(private=True) | {"kid": "secret"},
        ECKey.generate_key("P-256").as_dict(private=True) | {"kid": "private"},
        p256 | {"kid": "encryption", "use": "enc"},
        p256 | {"kid": "signing", "key_ops": ["sign"]},
        p256 | {"kid": "curve", "crv": "P-1"},
        p256 | {"kid": "point", "x": "AA"},
        p256 | {"kid": "type", "x": 1},
        {"kty": "EC", "kid": "empty"},
        {"kty": "AKP", "kid": "future"},
        short.as_dict(private=False) | {"kid": "short"},
        None,
        "key",
    ]
    issuer.more = bad
    keys = store(issuer)

    assert await keys.find("k1")
    for one in bad:
        if isinstance(one, dict):
            assert await keys.find(one["kid"]) is None, one


async def test_of_two_keys_with_one_name_the_first_is_meant(issuer: Issuer) -> None:
    issuer.more = [ECKey.generate_key("P-256", {"kid": "k1"}).as_dict(private=False)]

    found = await store(issuer).find("k1")

    assert found is not None
    assert found.thumbprint() == issuer.keys["k1"].thumbprint()


async def test_without_a_name_the_only_key_is_meant(issuer: Issuer) -> None:
    assert await store(issuer).find(None)

    issuer.keys["k2"] = ECKey.generate_key("P-256", {"kid": "k2"})

    assert await store(issuer).find(None) is None


def _value() -> st.SearchStrategy[object]:
    """What a member of a key may be instead of what it should be."""
    odd = ("", "A", "AQAB", "AQ", "_" * 400, "\0", "=", "P-256", "Ed448", "secp256k1", "RSA", "oct")
    return st.sampled_from((*odd, None, True, 0, -1, 2**64, 1.5, [], {}, ["verify"], [["verify"]]))


_KEYS = [
    RSAKey.generate_key(2048).as_dict(private=False),
    ECKey.generate_key("P-256").as_dict(private=False),
    OKPKey.generate_key("Ed25519").as_dict(private=False),
]


@given(
    key=st.sampled_from(_KEYS),
    changes=st.dictionaries(
        st.sampled_from(
            ("kty", "crv", "n", "e", "x", "y", "d", "p", "kid", "use", "key_ops", "alg")
        ),
        _value(),
        min_size=1,
        max_size=3,
    ),
)
async def test_one_broken_key_locks_nobody_out(key: Any, changes: dict[str, object]) -> None:
    issuer = Issuer({"k1": ECKey.generate_key("P-256", {"kid": "k1"})}, more=[key | changes])

    assert await store(issuer).find("k1")
