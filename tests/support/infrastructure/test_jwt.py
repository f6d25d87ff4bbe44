"""Tokens that are fine are accepted, and hostile ones refused, each for its own reason."""

import base64
import hmac
import json
import string
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from joserfc.jwk import ECKey, OctKey, OKPKey

from apigen.support.core.errors import (
    ExpiredTokenError,
    MalformedTokenError,
    TokenClaimError,
    TokenError,
    TokenSignatureError,
)
from apigen.support.infrastructure.jwks import SharedSecret
from apigen.support.infrastructure.jwt import JwtValidator, TrustedIssuer

from .tokens import (
    AUDIENCE,
    ISSUER,
    NOW,
    Issuer,
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


async def refusal(token: str, *issuers: TrustedIssuer, now: float = NOW) -> TokenError:
    """Return why a token is refused."""
    with pytest.raises(TokenError) as caught:
        await validator(*(issuers or (trusted(ISSUING),)), now=now).validate(token)
    return caught.value


@pytest.mark.criterion("R15.1")
async def test_a_token_that_is_fine_gives_its_claims() -> None:
    claims = await validator(trusted(ISSUING)).validate(ISSUING.token())

    assert claims["sub"] == "u1"


@pytest.mark.criterion("R15.1")
async def test_each_issuer_has_keys_of_its_own() -> None:
    other = Issuer()
    other.rsa()
    both = (
        trusted(ISSUING),
        TrustedIssuer(issuer="https://other.example", audience=None, keys=store(other)),
    )
    claims = claims_of(iss="https://other.example", aud=...)

    assert (await validator(*both).validate(other.token(claims=claims)))["sub"] == "u1"
    assert isinstance(await refusal(other.token(), *both), TokenSignatureError)
    assert isinstance(await refusal(ISSUING.token(claims=claims), *both), TokenSignatureError)


@pytest.mark.parametrize(
    ("algorithm", "key"),
    [
        ("ES256", ECKey.generate_key("P-256", {"kid": "k"})),
        ("ES384", ECKey.generate_key("P-384", {"kid": "k"})),
        ("ES512", ECKey.generate_key("P-521", {"kid": "k"})),
        ("Ed25519", OKPKey.generate_key("Ed25519", {"kid": "k"})),
        ("PS256", KEY),
        ("RS512", KEY),
    ],
)
async def test_algorithms_that_are_allowed_are_accepted(algorithm: str, key: Any) -> None:
    issuer = Issuer({"k1": key})
    token = issuer.token(header={"kid": ...}, algorithm=algorithm)

    claims = await validator(trusted(issuer, algorithms=(algorithm,))).validate(token)

    assert claims["sub"] == "u1"


async def test_eddsa_is_accepted_under_its_old_name_with_ed25519_only() -> None:
    key = OKPKey.generate_key("Ed25519", {"kid": "k1"})
    issuing = trusted(Issuer({"k1": key}), algorithms=("EdDSA", "Ed25519"))
    # joserfc warns of the name when it signs with it; the signature is the same.
    token = signed(b'{"alg":"EdDSA","kid":"k1","typ":"JWT"}', CLAIMS, key, "Ed25519")

    claims = await validator(issuing).validate(token)

    assert claims["sub"] == "u1"


def test_none_can_not_be_allowed() -> None:
    for algorithm in ("none", "RSA1_5", "A128KW"):
        with pytest.raises(ValueError, match="not supported"):
            validator(trusted(ISSUING, algorithms=(algorithm,)))


SECRET = "s" * 32
SHARED = TrustedIssuer(
    issuer=ISSUER, audience=AUDIENCE, keys=SharedSecret(SECRET), algorithms=("HS256",)
)


def test_an_issuer_has_public_keys_or_a_secret_and_never_both() -> None:
    with pytest.raises(ValueError, match="does not go with"):
        validator(trusted(ISSUING, algorithms=("RS256", "HS256")))
    with pytest.raises(ValueError, match="does not go with"):
        validator(replace(SHARED, algorithms=("HS256", "RS256")))


async def test_a_secret_that_is_shared_signs_tokens() -> None:
    header = b'{"alg":"HS256","typ":"JWT"}'
    good = signed(header, CLAIMS, OctKey.import_key(SECRET), "HS256")
    bad = signed(header, CLAIMS, OctKey.import_key("t" * 32), "HS256")

    assert (await validator(SHARED).validate(good))["sub"] == "u1"
    assert isinstance(await refusal(bad, SHARED), TokenSignatureError)
    assert isinstance(await refusal(ISSUING.token(), SHARED), MalformedTokenError)


def test_a_secret_is_not_short() -> None:
    with pytest.raises(ValueError, match="32"):
        SharedSecret("s" * 31)


def test_two_issuers_with_one_name_are_a_mistake() -> None:
    with pytest.raises(ValueError, match="same name"):
        validator(trusted(ISSUING), trusted(ISSUING))


@pytest.mark.parametrize(
    "algorithm", ["none", "None", "nOnE", "NONE", "", None, 0, ["RS256"], "rs256"]
)
async def test_a_token_without_a_signature_is_refused(algorithm: object) -> None:
    header = encoded(json.dumps({"alg": algorithm, "kid": "k1", "typ": "JWT"}).encode())
    *_, signature = ISSUING.token().split(".")

    for last in ("", "AA", signature):
        error = await refusal(f"{header}.{encoded(CLAIMS)}.{last}")
        assert isinstance(error, MalformedTokenError)


@pytest.mark.parametrize(
    "secret",
    [
        KEY.as_bytes("PEM", private=False),
        KEY.as_bytes("PEM", private=False).rstrip(),
        KEY.as_bytes("DER", private=False),
        json.dumps(KEY.as_dict(private=False)).encode(),
        b"",
    ],
)
async def test_the_public_key_is_no_secret_to_sign_with(secret: bytes) -> None:
    text = f"{encoded(b'{"alg":"HS256","kid":"k1","typ":"JWT"}')}.{encoded(CLAIMS)}"
    mac = hmac.digest(secret, text.encode(), "sha256")

    assert isinstance(await refusal(f"{text}.{encoded(mac)}"), MalformedTokenError)


@pytest.mark.parametrize(
    "member",
    [
        {"jku": "https://evil.example/jwks"},
        {"x5u": "https://evil.example/cert"},
        {"x5c": ["MII"]},
        {"jwk": KEY.as_dict(private=False)},
        {"crit": ["exp"], "exp": 1},
        {"crit": []},
        {"b64": False},
        {"zip": "DEF"},
        {"enc": "A256GCM"},
        {"url": "https://evil.example"},
    ],
)
async def test_a_token_that_chooses_its_key_or_its_rules_is_refused(member: Any) -> None:
    fetched = len(ISSUING.fetched)

    error = await refusal(ISSUING.token(header=member))

    assert isinstance(error, MalformedTokenError)
    assert len(ISSUING.fetched) == fetched


async def test_thumbprints_of_certificates_are_not_looked_at() -> None:
    token = ISSUING.token(header={"x5t": "abc", "x5t#S256": "abc"})

    assert (await validator(trusted(ISSUING)).validate(token))["sub"] == "u1"


@pytest.mark.parametrize("kind", ["jwt", "JWT", "at+jwt", "application/at+jwt"])
async def test_types_of_access_tokens_are_accepted(kind: str) -> None:
    token = ISSUING.token(header={"typ": kind})

    assert (await validator(trusted(ISSUING)).validate(token))["sub"] == "u1"


@pytest.mark.parametrize("kind", [..., "", "JWE", "logout+jwt", "dpop+jwt", None, 1, ["JWT"]])
async def test_other_types_are_refused(kind: object) -> None:
    error = await refusal(ISSUING.token(header={"typ": kind}))

    assert isinstance(error, MalformedTokenError)


@pytest.mark.parametrize("kid", ["", None, 1, ["k1"], "k" * 256, "k1\u0000", "k1\n"])
async def test_a_key_is_named_by_a_short_text(kid: object) -> None:
    assert isinstance(await refusal(ISSUING.token(header={"kid": kid})), MalformedTokenError)


@pytest.mark.parametrize(
    "kid", ["k2", "../k1", "K1", "k1 ", "k1' OR 1=1 --", "/dev/null", "https://evil.example"]
)
async def test_a_key_that_is_not_there_signs_nothing(kid: str) -> None:
    assert isinstance(await refusal(ISSUING.token(header={"kid": kid})), TokenSignatureError)


async def test_padding_is_refused() -> None:
    head, body, signature = ISSUING.token().split(".")

    for token in (
        f"{head}=.{body}.{signature}",
        f"{head}.{body}==.{signature}",
        f"{head}.{body}.{signature}==",
        f"{head}.{body}.{signature}%3D",
    ):
        assert isinstance(await refusal(token), MalformedTokenError)


async def test_there_is_one_way_to_write_a_signature() -> None:
    head, body, signature = ISSUING.token().split(".")
    alphabet = string.ascii_uppercase + string.ascii_lowercase + string.digits + "-_"
    place = alphabet.index(signature[-1])
    # 256 bytes leave four bits of the last character unused.
    others = [alphabet[place ^ bits] for bits in range(1, 16)]

    for last in others:
        error = await refusal(f"{head}.{body}.{signature[:-1]}{last}")
        assert isinstance(error, MalformedTokenError)


@pytest.mark.parametrize(
    "token",
    [
        "",
        ".",
        "..",
        "...",
        "a.b",
        "a.b.c.d.e",
        "a b.c.d",
        "\n".join(ISSUING.token().split(".")),
        ISSUING.token() + "\n",
        ISSUING.token() + ".",
        " " + ISSUING.token(),
        ISSUING.token().replace(".", "\uff0e"),
        encoded(b"null") + ".e30.AA",
        encoded(b"[]") + ".e30.AA",
        encoded(b'"a"') + ".e30.AA",
        encoded(HEADER) + "." + encoded(b"[" * 10_000) + ".AA",
        encoded(HEADER) + "." + encoded(b'{"exp":' + b"9" * 9000 + b"}") + ".AA",
        encoded(HEADER) + "." + encoded(b'{"sub":"\xff"}') + ".AA",
        encoded(HEADER) + "." + encoded("{}".encode("utf-16")) + ".AA",
        encoded(HEADER) + "." + "A" * 20_000 + ".AA",
        json.dumps({"payload": "e30", "protected": encoded(HEADER), "signature": "AA"}),
    ],
)
async def test_what_is_no_token_is_refused(token: str) -> None:
    assert isinstance(await refusal(token), MalformedTokenError)


async def test_standard_base64_is_refused() -> None:
    body = base64.b64encode(json.dumps(claims_of(sub="???>>>~~~")).encode()).decode()
    assert {"+", "/"} & set(body)

    error = await refusal(f"{encoded(HEADER)}.{body.rstrip('=')}.AA")

    assert isinstance(error, MalformedTokenError)


@pytest.mark.parametrize(
    ("header", "claims"),
    [
        (b'{"alg":"none","alg":"RS256","kid":"k1","typ":"JWT"}', CLAIMS),
        (b'{"alg":"RS256","alg":"none","kid":"k1","typ":"JWT"}', CLAIMS),
        (b'{"alg":"RS256","kid":"k1","\\u006bid":"k1","typ":"JWT"}', CLAIMS),
        (HEADER, CLAIMS[:-1] + b',"sub":"admin"}'),
        (HEADER, CLAIMS[:-1] + b',"\\u0073ub":"admin"}'),
        (HEADER, CLAIMS[:-1] + b',"x":{"y":1,"y":2}}'),
    ],
)
async def test_a_member_that_is_there_twice_is_refused(header: bytes, claims: bytes) -> None:
    error = await refusal(signed(header, claims, KEY, "RS256"))

    assert isinstance(error, MalformedTokenError)


@pytest.mark.parametrize("constant", [b"NaN", b"Infinity", b"-Infinity"])
async def test_numbers_that_json_does_not_have_are_refused(constant: bytes) -> None:
    claims = CLAIMS.replace(str(NOW + 60).encode(), constant)

    assert isinstance(await refusal(signed(HEADER, claims, KEY, "RS256")), MalformedTokenError)


@pytest.mark.parametrize("name", ["exp", "nbf", "iat"])
@pytest.mark.parametrize(
    "value", [str(NOW + 60), "", True, False, None, [], {}, [NOW + 60], -1, 2**53, 10**400, "NaN"]
)
async def test_a_time_that_is_not_a_plain_number_is_refused(name: str, value: object) -> None:
    error = await refusal(ISSUING.token(claims=claims_of(**{name: value})))

    assert isinstance(error, TokenClaimError)
    assert error.claim == name


async def test_a_time_beyond_all_numbers_is_refused() -> None:
    claims = CLAIMS.replace(str(NOW + 60).encode(), b"1e999")

    assert isinstance(await refusal(signed(HEADER, claims, KEY, "RS256")), TokenClaimError)


@pytest.mark.parametrize(
    ("changes", "is_accepted"),
    [
        ({"exp": NOW - 29}, True),
        ({"exp": NOW - 30}, False),
        ({"exp": NOW - 29.5}, True),
        ({"exp": 0}, False),
        ({"nbf": NOW + 30}, True),
        ({"nbf": NOW + 31}, False),
        ({"nbf": NOW + 30.5}, False),
        ({"iat": NOW + 30}, True),
        ({"iat": NOW + 31}, False),
        ({"nbf": ..., "iat": ...}, True),
    ],
)
async def test_clocks_may_differ_by_half_a_minute(changes: Any, is_accepted: bool) -> None:
    token = ISSUING.token(claims=claims_of(**changes))

    if is_accepted:
        assert (await validator(trusted(ISSUING)).validate(token))["sub"] == "u1"
    else:
        assert isinstance(await refusal(token), ExpiredTokenError)


@pytest.mark.parametrize("name", ["iss", "aud", "sub", "exp"])
async def test_a_claim_that_is_needed_and_missing_is_named(name: str) -> None:
    error = await refusal(ISSUING.token(claims=claims_of(**{name: ...})))

    assert isinstance(error, TokenClaimError)
    assert error.claim == name


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("iss", ISSUER + "/"),
        ("iss", ISSUER.upper()),
        ("iss", [ISSUER]),
        ("iss", None),
        ("aud", "shop2"),
        ("aud", "sho"),
        ("aud", ["a", "b"]),
        ("aud", []),
        ("aud", {"shop": 1}),
        ("aud", [AUDIENCE, 1]),
        ("aud", True),
        ("sub", ""),
        ("sub", 1),
        ("sub", None),
        ("sub", ["u1"]),
        ("sub", "u" * 256),
        ("sub", "u\u0000"),
        ("sub", "u1\nu2"),
        ("sub", "\ud800"),
    ],
)
async def test_a_claim_with_another_value_is_named(name: str, value: object) -> None:
    error = await refusal(ISSUING.token(claims=claims_of(**{name: value})))

    assert isinstance(error, TokenClaimError)
    assert error.claim == name


async def test_one_of_several_audiences_is_enough() -> None:
    token = ISSUING.token(claims=claims_of(aud=["other", AUDIENCE]))

    assert (await validator(trusted(ISSUING)).validate(token))["sub"] == "u1"


async def test_the_issuer_of_one_algorithm_does_not_allow_it_to_another() -> None:
    token = ISSUING.token(algorithm="PS256")

    assert isinstance(await refusal(token), MalformedTokenError)


@pytest.mark.parametrize(
    ("algorithm", "key"),
    [
        ("PS256", Issuer().rsa(alg="RS256")),
        ("RS256", Issuer().rsa(alg="PS256")),
        ("RS256", Issuer().rsa(alg="RSA-OAEP")),
    ],
)
async def test_a_key_is_used_for_its_own_algorithm_only(algorithm: str, key: Any) -> None:
    issuer = Issuer({"k1": key})
    plain = Issuer({"k1": type(key).import_key(key.raw_value, {"kid": "k1"})})

    error = await refusal(
        plain.token(algorithm=algorithm), trusted(issuer, algorithms=("RS256", "PS256"))
    )

    assert isinstance(error, TokenSignatureError)


@pytest.mark.parametrize(
    ("algorithm", "key"),
    [
        ("RS256", ECKey.generate_key("P-256", {"kid": "k1"})),
        ("ES256", ECKey.generate_key("P-384", {"kid": "k1"})),
        ("ES256", OKPKey.generate_key("Ed25519", {"kid": "k1"})),
        ("EdDSA", OKPKey.generate_key("Ed448", {"kid": "k1"})),
        ("Ed25519", OKPKey.generate_key("X25519", {"kid": "k1"})),
        ("Ed25519", KEY),
    ],
)
async def test_a_key_of_another_kind_or_curve_signs_nothing(algorithm: str, key: Any) -> None:
    issuer = Issuer({"k1": key})
    header = json.dumps({"alg": algorithm, "kid": "k1", "typ": "JWT"}).encode()
    token = f"{encoded(header)}.{encoded(CLAIMS)}.{encoded(bytes(64))}"

    error = await refusal(token, trusted(issuer, algorithms=("RS256", "ES256", "EdDSA", "Ed25519")))

    assert isinstance(error, TokenSignatureError)


@pytest.mark.parametrize("signature", [bytes(64), b"\x00", bytes(63), bytes(65), b"\xff" * 64])
async def test_signatures_of_zeros_are_refused(signature: bytes) -> None:
    issuer = Issuer({"k1": ECKey.generate_key("P-256", {"kid": "k1"})})
    header = encoded(b'{"alg":"ES256","kid":"k1","typ":"JWT"}')
    token = f"{header}.{encoded(CLAIMS)}.{encoded(signature)}"

    error = await refusal(token, trusted(issuer, algorithms=("ES256",)))

    assert isinstance(error, TokenSignatureError)


async def test_claims_are_not_exchanged_below_a_signature() -> None:
    head, _, signature = ISSUING.token().split(".")
    body = encoded(json.dumps(claims_of(sub="admin")).encode())

    assert isinstance(await refusal(f"{head}.{body}.{signature}"), TokenSignatureError)


@given(text=st.text(max_size=200) | st.from_regex(r"[\w-]{0,40}\.[\w-]{0,80}\.[\w-]{0,90}"))
async def test_whatever_is_sent_is_refused_as_a_token(text: str) -> None:
    assert isinstance(await refusal(text), TokenError)


@given(place=st.integers(min_value=0, max_value=len(ISSUING.token()) - 1), bit=st.integers(0, 6))
async def test_one_bit_makes_a_token_worthless(place: int, bit: int) -> None:
    token = ISSUING.token()
    changed = token[:place] + chr(ord(token[place]) ^ 1 << bit) + token[place + 1 :]

    assert isinstance(await refusal(changed), TokenError)


async def test_what_is_made_of_the_claims_is_the_projects_business() -> None:
    names = JwtValidator(
        [trusted(ISSUING)], lambda claims: claims["sub"].upper(), clock=lambda: NOW
    )

    assert await names.validate(ISSUING.token()) == "U1"
