"""Whatever is added, removed and renamed, in whatever order: a thing keeps its id, and only it."""

from dataclasses import dataclass

from hypothesis import given, settings
from hypothesis import strategies as st

from apigen.evolve.identity import identified
from apigen.evolve.lock import parse_lock, print_lock
from apigen.evolve.record import Lock
from apigen.views.migrations.schema import schema
from tests.unit.evolve.specs import system_of, task

NAMES = ("amount", "born", "colour", "depth", "extra")


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One edit of the spec between two runs."""

    do: str
    """add, remove, rename or tidy (delete every `renamed_from`)."""
    which: int
    name: str


STEPS = st.lists(
    st.builds(
        Step,
        do=st.sampled_from(("add", "remove", "rename", "tidy")),
        which=st.integers(0, 9),
        name=st.sampled_from(NAMES),
    ),
    max_size=12,
)


def edited(
    things: dict[str, str], former: dict[str, str], step: Step, number: int
) -> tuple[dict[str, str], dict[str, str]]:
    """Return the things by name and their declared former names after a step.

    A step that the language would not accept (a name that is taken) is left out.
    """
    names = list(things)
    chosen = names[step.which % len(names)] if names else ""
    if step.do == "tidy":
        return things, {}
    if step.do == "remove" and len(names) > 1:
        return {k: v for k, v in things.items() if k != chosen}, {
            k: v for k, v in former.items() if k != chosen
        }
    if step.name in things or step.do == "remove":
        return things, former
    if step.do == "add":
        return {**things, step.name: f"thing {number}"}, former
    renamed = {step.name if k == chosen else k: v for k, v in things.items()}
    return renamed, {**{k: v for k, v in former.items() if k != chosen}, step.name: chosen}


@settings(deadline=None)
@given(STEPS)
def test_a_thing_keeps_its_id_for_life_and_shares_it_with_nothing(steps: list[Step]) -> None:
    things, former = {"title": "thing"}, dict[str, str]()
    lock: Lock | None = None
    ids: dict[str, str] = {}
    for number, step in enumerate(steps):
        things, former = edited(things, former, step, number)
        lines = (
            f"{name}: int" + (f" renamed_from={former[name]}" if name in former else "")
            for name in things
        )
        found = identified(system_of(task("\n".join(lines))), lock)
        assert found.diagnostics == ()
        fields = {
            field.name.text: field.id
            for field in found.system.entities["shop.Task"].fields
            if field.origin == "user"
        }
        for name, thing in things.items():
            assert ids.setdefault(thing, fields[name]) == fields[name]
        lock = Lock(symbols=found.symbols, schema=schema(found.system))
        assert parse_lock(print_lock(lock)).symbols == tuple(
            sorted(lock.symbols, key=lambda one: (one.id, one.qname, one.kind))
        )
    assert len(set(ids.values())) == len(ids)
