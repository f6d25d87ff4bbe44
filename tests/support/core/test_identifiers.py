"""New identifiers."""

import time

from apigen.support.core.identifiers import new_ulid, prefixed, uuid7


def test_uuids_of_one_process_are_sorted_and_distinct() -> None:
    made = [uuid7() for _ in range(10_000)]

    assert made == sorted(made)
    assert len(set(made)) == len(made)


def test_a_uuid_is_of_version_7_and_tells_its_time() -> None:
    before = time.time_ns() // 1_000_000

    made = uuid7()

    assert (made.version, made.variant) == (7, "specified in RFC 4122")
    # Many made within a millisecond borrow from the next.
    assert before <= made.int >> 80 <= time.time_ns() // 1_000_000 + 50


def test_a_prefix_tells_what_is_identified() -> None:
    ulid = new_ulid()

    assert prefixed("prd", ulid) == f"prd_{ulid}"
