"""Who may do what: every operation of every owner, resolved."""

from apigen.ir.access import AccessTable
from apigen.ir.system import System
from tests.unit.lower.conftest import Codes, Lower

_SECURITY = """\
security:
  auth: [jwt]
  roles: { customer: , staff: , admin: { inherits: staff }, owner: { inherits: [admin] } }
"""
_ORDER = """\
entities:
  Order:
    fields:
      user_id: str(1..64)
      total: int
"""


def _rules(table: AccessTable) -> dict[str, str]:
    """Return who may do what as one writes it: `staff, customer if own`."""
    return {
        entry.operation: ", ".join(
            one.role if one.rows is None else f"{one.role} if {one.rows}"
            for one in entry.permissions
        )
        for entry in table.entries
    }


def _of_order(system: System) -> dict[str, str]:
    return _rules(system.entities["shop.Order"].access)


def test_without_security_everything_is_open(lowered: Lower) -> None:
    system = lowered(_ORDER)

    assert system.security is None
    assert system.entities["shop.Order"].access == AccessTable(entries=(), rules=())


def test_what_nobody_mentions_takes_the_default_of_the_system(lowered: Lower) -> None:
    assert _of_order(lowered(_SECURITY + _ORDER)) == dict.fromkeys(
        ("read", "create", "update", "delete"), "authenticated"
    )
    assert _of_order(lowered(_SECURITY + "  default_access: nobody\n" + _ORDER)) == dict.fromkeys(
        ("read", "create", "update", "delete"), ""
    )


def test_a_role_has_all_that_it_inherits_by_any_way(lowered: Lower) -> None:
    security = lowered(_SECURITY + _ORDER).security

    assert security is not None
    assert {role.name: role.inherits for role in security.roles} == {
        "customer": (),
        "staff": (),
        "admin": ("staff",),
        "owner": ("admin", "staff"),
    }


def test_all_is_everything_that_is_not_listed(lowered: Lower) -> None:
    text = """\
    soft_delete: true
    commands:
      close: { handler: custom }
      reopen: { handler: custom, access: admin }
    queries:
      dear: { where: total > 5 }
      cheap: { where: total < 5, access: [customer, staff|admin] }
    access: { read: public, all: staff, delete: nobody }
    api: { operations: { export: true } }
"""

    assert _of_order(lowered(_SECURITY + _ORDER + text)) == {
        "read": "public",
        "create": "staff",
        "update": "staff",
        "delete": "",
        "restore": "staff",
        "export": "staff",
        "close": "staff",
        "reopen": "admin",
        "dear": "staff",
        "cheap": "customer, staff, admin",
    }


def test_what_only_shows_rows_shows_no_more_than_the_list(lowered: Lower) -> None:
    """Without `all`, a query and an export take the rule of `read` before the default."""
    text = """\
    queries: { dear: { where: total > 5 } }
    access: { read: staff }
    api: { operations: { export: true } }
"""

    rules = _of_order(lowered(_SECURITY + _ORDER + text))

    assert rules["dear"] == rules["export"] == "staff"
    assert rules["update"] == "authenticated"


def test_rules_of_mixins_count_and_those_of_the_defaults_come_last(lowered: Lower) -> None:
    defaults = "defaults: { entity: { access: { read: public, create: owner, all: admin } } }\n"
    mixins = "mixins: { Kept: { access: { delete: nobody } } }\n"
    own = "    use: Kept\n    access: { update: staff }\n"

    assert _of_order(lowered(_SECURITY + defaults + mixins + _ORDER + own)) == {
        "read": "public",
        "create": "owner",
        "update": "staff",
        "delete": "",
    }


def test_a_policy_is_typed_for_each_entity_that_uses_it(lowered: Lower) -> None:
    text = """\
policies: { own: user_id == actor.id }
entities:
  Order:
    fields: { user_id: str(1..64) }
    access: { read: [staff, customer if own], update: [staff, customer if own], all: staff }
  Note:
    fields: { user_id: str? }
    access: { read: customer if own }
"""

    system = lowered(_SECURITY + text)

    order, note = system.entities["shop.Order"].access, system.entities["shop.Note"].access
    assert _rules(order)["update"] == "staff, customer if own"
    assert [rule.name for rule in order.rules] == ["own"]
    assert order.rules[0].condition.uses_actor
    assert order.rules[0].condition != note.rules[0].condition


def test_a_condition_written_in_place_is_named_for_its_operation(lowered: Lower) -> None:
    text = """\
    access:
      read: [customer if total > 5, staff if total > 9]
      update: customer if total > 5
"""

    table = lowered(_SECURITY + _ORDER + text).entities["shop.Order"].access

    assert _rules(table)["read"] == "customer if read_rule, staff if read_rule_2"
    assert _rules(table)["update"] == "customer if read_rule"
    assert [rule.condition.source for rule in table.rules] == ["total > 5", "total > 9"]


def test_a_row_rule_follows_refs(lowered: Lower) -> None:
    text = """\
  Line:
    fields: { order: ref(Order) }
    access: { read: customer if order.user_id == actor.id }
"""

    rule = lowered(_SECURITY + _ORDER + text).entities["shop.Line"].access.rules[0]

    assert rule.condition.source == "order.user_id == actor.id"


def test_a_projection_is_read_by_those_who_read_what_it_shows(lowered: Lower) -> None:
    text = """\
    access: { read: [staff, customer if user_id == actor.id], all: staff }
projections:
  Open: { of: Order, fields: { id: id(Order) }, api: { operations: [list, export] } }
  Closed: { of: Order, fields: { id: id(Order) }, access: { read: admin } }
"""

    shown, kept = lowered(_SECURITY + _ORDER + text).contexts[0].projections

    assert _rules(shown.access) == dict.fromkeys(("read", "export"), "staff, customer if read_rule")
    assert [rule.name for rule in shown.access.rules] == ["read_rule"]
    assert _rules(kept.access) == {"read": "admin"}


def test_a_query_of_a_context_takes_the_rule_of_what_it_reads(lowered: Lower) -> None:
    text = """\
    access: { read: [staff, customer if user_id == actor.id], all: staff }
queries:
  dear: { of: Order, where: total > 5 }
  cheap: { of: Order, where: total < 5, access: customer if total > 1 }
commands:
  close_day: { handler: custom, access: admin }
  open_day: { handler: custom }
"""

    table = lowered(_SECURITY + _ORDER + text).contexts[0].access

    assert _rules(table) == {
        "close_day": "admin",
        "open_day": "authenticated",
        "dear": "staff, customer if read_rule",
        "cheap": "customer if cheap_rule",
    }
    assert [rule.name for rule in table.rules] == ["read_rule", "cheap_rule"]


def test_one_policy_over_two_entities_is_two_rules_of_their_context(lowered: Lower) -> None:
    text = """\
policies: { own: user_id == actor.id }
entities:
  Order: { fields: { user_id: str } }
  Note: { fields: { user_id: str? } }
queries:
  orders_of_mine: { of: Order, access: customer if own }
  notes_of_mine: { of: Note, access: customer if own }
"""

    table = lowered(_SECURITY + text).contexts[0].access

    assert [rule.name for rule in table.rules] == ["own", "own_of_note"]
    assert _rules(table)["notes_of_mine"] == "customer if own_of_note"


def test_tokens_of_several_issuers_are_accepted(lowered: Lower) -> None:
    text = """\
security:
  auth: jwt
  jwt:
    - { issuer: env:FIRST, audience: shop, jwks_url: https://one.example/keys }
    - { issuer: https://two.example, algorithms: [HS512] }
  actor: { region: str?, teams: list(str) }
"""

    security = lowered(text + _ORDER).security

    assert security is not None
    first, second = security.issuers
    assert (first.issuer, first.issuer_is_env) == ("FIRST", True)
    assert (first.jwks_url, first.jwks_url_is_env) == ("https://one.example/keys", False)
    assert first.algorithms == ("RS256", "ES256")
    assert (second.issuer, second.audience, second.algorithms) == (
        "https://two.example",
        None,
        ("HS512",),
    )
    assert [(claim.name, claim.nullable) for claim in security.claims] == [
        ("region", True),
        ("teams", False),
    ]


def test_a_key_set_and_a_secret_never_share_an_algorithm(codes: Codes) -> None:
    """Else a token could be signed with the public key as its secret."""
    jwt = "security: {{ auth: jwt, jwt: {{ issuer: a, {} }} }}\n"

    assert codes(jwt.format("jwks_url: env:KEYS, algorithms: HS256") + _ORDER) == ["AG607"]
    assert codes(jwt.format("algorithms: RS256") + _ORDER) == ["AG607"]


def test_rules_that_nothing_enforces_are_warned_of_once(codes: Codes) -> None:
    more = "  Note: { fields: { text: str }, access: { all: nobody } }\n"

    assert codes(_ORDER + "    access: { all: nobody }\n" + more) == ["AG702"]
