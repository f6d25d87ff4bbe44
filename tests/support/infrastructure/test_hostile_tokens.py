"""Tokens that try what `test_jwt.py` does not: keys that change, names, sizes, odd texts."""

import json
import time
from typing import Any

import pytest
from joserfc.jwk import ECKey, RSAKey

from apigen.support.core.errors import (
    MalformedTokenError,
    TokenClaimError,
    TokenError,
    TokenSignatureError,
)
from apigen.support.infrastructure.jwt import TrustedIssuer

from .tokens import (
    AUDIENCE,
    ISSUER,
    NOW,
    Issuer,
    Ticks,
    claims_of,
    encoded,
    signed,
    store,
    trusted,
    validator,
)

ISSUING = Issuer()
KEY = ISSUING.rsa()
HEADER = b'{"alg":"RS256","kid":"k1","typ":"JWT"}'
CLAIMS = json.dumps(claims_of()).encode()


async def refusal(token: str, issuer: TrustedIssuer | None = None) -> TokenError:
    """Return why a token is refused."""
    with pytest.raises(TokenError) as caught:
        await validator(issuer or trusted(ISSUING)).validate(token)
    return caught.value


@pytest.mark.parametrize(
    "audience",
    [
        [[AUDIENCE]],
        [AUDIENCE, [AUDIENCE]],
        [AUDIENCE, None],
        [AUDIENCE, {"a": AUDIENCE}],
        {AUDIENCE: AUDIENCE},
        f"{AUDIENCE} other",
        f"{AUDIENCE},other",
        AUDIENCE.upper(),
        f"{AUDIENCE}\u0000",
        f"https://{AUDIENCE}",
        "*",
    ],
)
async def test_an_audience_is_a_text_or_a_flat_list(audience: object) -> None:
    error = await refusal(ISSUING.token(claims=claims_of(aud=audience)))

    assert isinstance(error, TokenClaimError)
    assert error.claim == "aud"


@pytest.mark.parametrize(
    ("header", "claims"),
    [
        (b"\xef\xbb\xbf" + HEADER, CLAIMS),
        (HEADER, b"\xef\xbb\xbf" + CLAIMS),
        (HEADER, CLAIMS.decode().encode("utf-16-le")),
        (HEADER, CLAIMS.replace(b"u1", b"u\xc0\xaf")),
        (HEADER, CLAIMS.replace(b"u1", b"u\xed\xa0\x80")),
        (HEADER, CLAIMS.replace(b"u1", b"u\x01")),
        (HEADER, CLAIMS + b"{}"),
        (HEADER, CLAIMS + b"\0"),
        (HEADER, CLAIMS[:-1] + b",}"),
        (HEADER, b"/**/" + CLAIMS),
        (HEADER.replace(b'"', b"'"), CLAIMS),
    ],
)
async def test_what_parsers_read_in_several_ways_is_refused(header: bytes, claims: bytes) -> None:
    assert isinstance(await refusal(signed(header, claims, KEY, "RS256")), MalformedTokenError)


@pytest.mark.parametrize("until", [NOW + 1, NOW + 0.5, 2**31, 2**32 + 1, 2**53 - 1])
async def test_a_token_may_be_valid_for_long(until: float) -> None:
    token = ISSUING.token(claims=claims_of(exp=until))

    assert (await validator(trusted(ISSUING)).validate(token))["exp"] == until


@pytest.mark.parametrize("name", ["cty", "x5t", "x5t#S256"])
async def test_members_that_are_not_looked_at_are_texts_that_change_nothing(name: str) -> None:
    token = ISSUING.token(header={name: "../../k2"})

    assert (await validator(trusted(ISSUING)).validate(token))["sub"] == "u1"
    for value in (None, 1, ["a"], {"kid": "k2"}):
        assert await refusal(ISSUING.token(header={name: value}))


@pytest.mark.parametrize("name", ["Alg", "ALG", "Kid", "JKU", "crit ", " jwk", "iss", "aud", "epk"])
async def test_a_member_of_another_name_is_refused(name: str) -> None:
    assert isinstance(await refusal(ISSUING.token(header={name: "k1"})), MalformedTokenError)


@pytest.mark.parametrize(
    "kid",
    [
        "../../../../etc/passwd",
        "..\\..\\keys.json",
        "file:.dev/keys.json",
        "k1' UNION SELECT 'k1",
        'k1" OR "1"="1',
        "k1;ls",
        "$(k1)",
        "${k1}",
        "k1%00",
        "__class__",
        "None",
        "#1",
        "\uff4b1",
    ],
)
async def test_the_name_of_a_key_is_nothing_but_a_name(kid: str) -> None:
    """Nothing is opened, asked or fetched for it, but the address of the settings."""
    issuer = Issuer({"k1": KEY}, more=[])
    token = ISSUING.token(header={"kid": kid})

    assert isinstance(await refusal(token, trusted(issuer)), TokenSignatureError)
    assert set(issuer.fetched) == {"https://issuer.example/jwks"}


async def test_the_name_of_one_key_does_not_help_the_signature_of_another() -> None:
    issuer = Issuer()
    issuer.rsa("k1")
    issuer.rsa("k2")
    token = issuer.token("k1", header={"kid": "k2"})

    assert isinstance(await refusal(token, trusted(issuer)), TokenSignatureError)


async def test_two_keys_with_one_name_do_not_lend_each_other_their_algorithm() -> None:
    elliptic = ECKey.generate_key("P-256", {"kid": "k1"})
    issuer = Issuer({"k1": KEY}, more=[elliptic.as_dict(private=False)])
    both = trusted(issuer, algorithms=("RS256", "ES256"))
    header = b'{"alg":"ES256","kid":"k1","typ":"JWT"}'

    assert (await validator(both).validate(ISSUING.token()))["sub"] == "u1"
    error = await refusal(signed(header, CLAIMS, elliptic, "ES256"), both)
    assert isinstance(error, TokenSignatureError)


async def test_a_key_that_was_replaced_signs_nothing_soon_after() -> None:
    ticks, issuer = Ticks(), Issuer()
    issuer.rsa("k1")
    old = issuer.token("k1")
    checked = validator(TrustedIssuer(issuer=ISSUER, audience=AUDIENCE, keys=store(issuer, ticks)))
    assert (await checked.validate(old))["sub"] == "u1"

    del issuer.keys["k1"]
    issuer.rsa("k2")
    ticks.now += 30
    new = issuer.token("k2")

    assert (await checked.validate(new))["sub"] == "u1"
    with pytest.raises(TokenSignatureError):
        await checked.validate(old)


async def test_a_key_of_the_same_name_replaces_the_old_one_with_the_hour() -> None:
    ticks, issuer = Ticks(), Issuer()
    issuer.rsa("k1")
    old = issuer.token("k1")
    checked = validator(TrustedIssuer(issuer=ISSUER, audience=AUDIENCE, keys=store(issuer, ticks)))
    await checked.validate(old)

    issuer.rsa("k1")
    ticks.now += 3600

    assert (await checked.validate(issuer.token("k1")))["sub"] == "u1"
    with pytest.raises(TokenSignatureError):
        await checked.validate(old)


async def test_while_the_issuer_is_away_known_keys_count_and_others_do_not() -> None:
    ticks, issuer = Ticks(), Issuer()
    issuer.rsa("k1")
    checked = validator(TrustedIssuer(issuer=ISSUER, audience=AUDIENCE, keys=store(issuer, ticks)))
    known = issuer.token("k1")
    await checked.validate(known)

    issuer.is_down = True
    issuer.rsa("k2")
    ticks.now += 3600

    assert (await checked.validate(known))["sub"] == "u1"
    with pytest.raises(TokenSignatureError):
        await checked.validate(issuer.token("k2"))
    assert len(issuer.fetched) == 2


async def test_a_stranger_does_not_make_the_issuer_be_asked() -> None:
    """Only a token of a trusted issuer, and in its form, gets as far as to a key."""
    issuer = Issuer({"k1": KEY})
    tokens = (
        ISSUING.token(claims=claims_of(iss="https://evil.example")),
        ISSUING.token(header={"jku": "https://evil.example/jwks"}),
        ISSUING.token(header={"typ": "JWE"}),
        ISSUING.token(algorithm="PS256"),
        ISSUING.token() + ".AA",
    )

    for token in tokens:
        await refusal(token, trusted(issuer))

    assert issuer.fetched == []


@pytest.mark.parametrize(
    "claims",
    [
        b"[" * 8_000 + b"]" * 8_000,
        b'{"a":' * 1_000 + b"1" + b"}" * 1_000,
        b'{"exp":' + b"9" * 4_000 + b"}",
        b'{"sub":"' + b"u" * 11_000 + b'"}',
        b"{" + b",".join(b'"%d":1' % number for number in range(1_000)) + b"}",
        b" " * 12_000 + CLAIMS,
    ],
)
async def test_a_large_token_costs_no_time(claims: bytes) -> None:
    token = f"{encoded(HEADER)}.{encoded(claims)}.{encoded(bytes(256))}"
    started = time.process_time()

    for candidate in (token, token * 100, token.replace(".", "." * 10_000)):
        await refusal(candidate)

    assert time.process_time() - started < 1


@pytest.mark.parametrize("bits", [1024, 2040])
async def test_a_short_key_of_the_issuer_signs_nothing(bits: int) -> None:
    with pytest.warns(UserWarning, match="2048"):
        short = RSAKey.generate_key(bits, {"kid": "short"})
    issuer: Any = Issuer({"k1": KEY, "short": short})

    assert isinstance(await refusal(issuer.token("short"), trusted(issuer)), TokenSignatureError)
