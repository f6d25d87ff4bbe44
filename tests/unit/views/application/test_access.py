"""Who may do what is told context by context, and what may be documented as refused."""

import pytest

from apigen.ir.system import System
from apigen.views.application.access import (
    access_module,
    is_public,
    may_be_forbidden,
    may_be_refused,
)
from tests.unit.views.specs import judged

SPEC = """
apigen: 1
app: { name: shop }
security:
  auth: [jwt]
  jwt: { issuer: "https://id.example", audience: shop, jwks_url: "https://id.example/jwks" }
  roles: { staff: {} }
entities:
  Order:
    fields: { title: str(1..80) }
    access: { read: public, create: authenticated, update: [staff] }
    commands: { request: { creates: true, input: { title: str(1..80) } } }
    queries: { waiting: { where: title == "w", access: [staff] } }
commands:
  wipe_shelves: { handler: custom, access: [staff] }
queries:
  all_waiting: { of: Order, where: title == "w", access: [staff] }
"""


@pytest.fixture(scope="module")
def system(tmp_path_factory: pytest.TempPathFactory) -> System:
    return judged(tmp_path_factory.mktemp("spec"), SPEC)


def test_refusals_know_what_to_say_of_what_is_about_no_row(system: System) -> None:
    constants = {one.name: one for one in access_module(system, system.contexts[0]).constants}

    assert constants["ORDER_ACCESS"].phrases == (
        ("'request'", "'request orders'"),
        ("'waiting'", "'ask for waiting orders'"),
    )
    assert [one.phrases for name, one in constants.items() if name != "ORDER_ACCESS"] == [
        (
            ("'wipe_shelves'", "'wipe shelves'"),
            ("'all_waiting'", "'ask for all waiting'"),
        )
    ]


@pytest.mark.parametrize(
    ("operation", "public", "forbidden", "refused"),
    [
        ("read", True, False, False),
        ("create", False, False, False),
        ("update", False, True, True),
        ("waiting", False, True, True),
        ("unheard", False, True, True),
    ],
)
def test_who_may_be_refused_is_what_the_permissions_say(
    system: System, operation: str, public: bool, forbidden: bool, refused: bool
) -> None:
    table = system.entities["shop.Order"].access

    assert is_public(table, operation) is public
    assert may_be_forbidden(table, operation) is forbidden
    assert may_be_refused(table, operation) is refused
