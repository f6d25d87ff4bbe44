"""Whose changes make kept answers old, worked out from a spec."""

from apigen.ir.system import System
from apigen.views.infrastructure.kept_answers import MadeOf, resource_is_made_of
from apigen.views.read_entities import with_projections
from tests.unit.lower.conftest import Lower, lowered

__all__ = ["lowered"]

SPEC = """\
security: { auth: [jwt], jwt: { issuer: https://i.example, jwks_url: https://i.example/k } }
policies: { own: author.team.owner_id == actor.id }
entities:
  Team: { fields: { owner_id: str(1..64), name: str(1..80) }, access: { all: authenticated } }
  Person:
    fields: { name: str(1..80), team: ref(Team) on_delete=cascade }
    access: { all: authenticated }
  Tag: { fields: { name: str(1..80) unique }, access: { all: authenticated } }
  Note:
    fields:
      title: str(1..80)
      author: ref(Person) on_delete=restrict
      reviewer: ref(Person)? on_delete=set_null
      parent: ref(Note)? inverse=answers
      tags: many(Tag)
    access: { read: [authenticated if own], all: authenticated }
    api: { expand: [parent], filters: { author.name: [eq] } }
projections:
  Line:
    of: Note
    fields: { id: id(Note), author_name: "str := author.name" }
    access: { read: authenticated }
"""


def made_of(system: System, name: str) -> MadeOf:
    system = with_projections(system)
    return resource_is_made_of(system, system.entities[f"shop.{name}"])


def test_answers_are_made_of_what_is_shown_looked_up_decides_and_takes_rows_along(
    lowered: Lower,
) -> None:
    system = lowered(SPEC)

    assert made_of(system, "Team") == MadeOf(root="shop.Team", others=(), further=())
    # A person goes with the team.
    assert made_of(system, "Person") == MadeOf(
        root="shop.Person", others=("shop.Team",), further=()
    )
    # The reviewer is lost with the person, who goes with the team; tags go one by one.
    assert made_of(system, "Note") == MadeOf(
        root="shop.Note",
        others=("shop.Person", "shop.Tag", "shop.Team"),
        further=("shop.Note",),
    )
    assert made_of(system, "Line").root == "shop.Note"
    assert {"shop.Person", "shop.Team"} <= set(made_of(system, "Line").others)
