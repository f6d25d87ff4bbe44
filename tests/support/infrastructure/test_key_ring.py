"""Keys and what is encrypted with them: AES-GCM, bound to a purpose and a place."""

from base64 import b64encode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apigen.support.core.encryption_settings import parse_key, parse_keys
from apigen.support.core.errors import EncryptionError
from apigen.support.infrastructure.key_ring import KeyRing

OLD, NEW, INDEX = bytes(range(32)), bytes(range(1, 33)), bytes(range(2, 34))


def ring(**keys: bytes) -> KeyRing:
    return KeyRing(keys or {"old": OLD}, index_key=INDEX)


@pytest.mark.criterion("R15.3")
@given(st.binary(max_size=300), st.text(max_size=20), st.text(max_size=20))
def test_what_was_encrypted_is_decrypted(value: bytes, purpose: str, binding: str) -> None:
    keys = ring()

    sealed = keys.encrypt(value, purpose=purpose, binding=binding)

    assert keys.decrypt(sealed, purpose=purpose, binding=binding) == value
    assert len(value) < 4 or value not in sealed


def test_one_value_never_looks_the_same_twice() -> None:
    keys = ring()

    assert len({keys.encrypt(b"x", purpose="p", binding="1") for _ in range(100)}) == 100


@pytest.mark.parametrize(("purpose", "binding"), [("phone", "2"), ("email", "1")])
def test_a_ciphertext_belongs_to_one_field_of_one_row(purpose: str, binding: str) -> None:
    keys = ring()
    sealed = keys.encrypt(b"secret", purpose="phone", binding="1")

    with pytest.raises(EncryptionError, match="does not decrypt"):
        keys.decrypt(sealed, purpose=purpose, binding=binding)


@pytest.mark.criterion("R12.3")
def test_an_error_has_its_context_and_neither_value_nor_key() -> None:
    sealed = bytearray(ring().encrypt(b"+4915112345678", purpose="phone", binding="7"))
    sealed[-1] ^= 1

    with pytest.raises(EncryptionError) as caught:
        ring().decrypt(bytes(sealed), purpose="phone", binding="7")

    assert caught.value.context == {"field": "phone", "row": "7", "key": "old"}
    assert caught.value.__cause__ is None
    shown = f"{caught.value}{caught.value!r}{ring()!r}"
    assert "4915112345678" not in shown
    assert str(OLD) not in shown


def test_old_keys_still_read_and_the_first_one_writes() -> None:
    before, after = ring(old=OLD), ring(new=NEW, old=OLD)
    sealed = before.encrypt(b"x", purpose="p", binding="1")

    assert after.decrypt(sealed, purpose="p", binding="1") == b"x"
    assert not after.is_current(sealed)
    assert after.is_current(after.encrypt(b"x", purpose="p", binding="1"))
    with pytest.raises(EncryptionError, match="its key is not there") as caught:
        ring(new=NEW).decrypt(sealed, purpose="p", binding="1")
    assert caught.value.context["key"] == "old"


@given(st.binary(max_size=60))
def test_what_is_no_ciphertext_is_said_so(value: bytes) -> None:
    with pytest.raises(EncryptionError):
        ring().decrypt(value, purpose="p", binding="1")


def test_digests_are_the_same_for_one_field_and_do_not_change_with_the_keys() -> None:
    digest = ring(old=OLD).digest(b"x", purpose="p")

    assert ring(new=NEW).digest(b"x", purpose="p") == digest
    assert ring().digest(b"x", purpose="q") != digest
    assert len(digest) == 32
    with pytest.raises(EncryptionError, match="no key for blind indexes"):
        KeyRing({"old": OLD}).digest(b"x", purpose="p")


def test_marks_know_a_value_again_after_a_rotation() -> None:
    before = ring(old=OLD).marks(b"x", purpose="p")

    assert before[0] in ring(new=NEW, old=OLD).marks(b"x", purpose="p")
    assert before[0] not in ring(new=NEW).marks(b"x", purpose="p")


def test_keys_are_written_as_ids_and_base64() -> None:
    text = f" new:{b64encode(NEW).decode()},\n old:{b64encode(OLD).decode().rstrip('=')} "

    assert list(parse_keys(text).items()) == [("new", NEW), ("old", OLD)]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "at least one key"),
        ("AAAA", "an id, a colon"),
        ("a b:AAAA", "an id, a colon"),
        ("k:AAAA", "32 bytes, not 3"),
        ("k:%%%", "base64"),
        (f"k:{b64encode(OLD).decode()},k:{b64encode(NEW).decode()}", "taken"),
    ],
)
def test_other_texts_are_refused_without_repeating_them(text: str, message: str) -> None:
    with pytest.raises(ValueError, match=message) as caught:
        parse_keys(text)

    assert not text or text not in str(caught.value)


def test_a_single_key_takes_both_alphabets() -> None:
    key = b"\xfb\xff" * 16

    assert parse_key(b64encode(key).decode()) == key
    assert parse_key(b64encode(key, altchars=b"-_").decode()) == key
