"""The key of a part is another one whenever a view could tell the difference."""

from pathlib import Path

from apigen import driver
from apigen.plan.parts import part_keys, part_of

SPEC = """apigen: 1
app: shop
contexts:
  catalog:
    types: { Price: { fields: { amount: int, unit: str }, example: { amount: 1, unit: a } } }
    entities: { Product: { fields: { name: str, price: Price } } }
  sales:
    uses: catalog
    entities: { Order: { fields: { price: catalog.Price } } }
  people:
    entities: { Person: { fields: { name: str } } }
"""


def _changed(folder: Path, old: str, new: str) -> set[str]:
    """Return the contexts whose keys are different when the spec is."""
    keys = []
    for text in (SPEC, SPEC.replace(old, new)):
        spec = folder / "apigen.yaml"
        spec.write_text(text)
        system = driver.judge(spec).system
        assert system is not None
        keys.append(part_keys(system))
    return {name for name in keys[1] if keys[0].get(name) != keys[1][name]}


def test_a_change_is_seen_by_the_context_and_those_that_use_it(tmp_path: Path) -> None:
    assert _changed(tmp_path, "name: str, price", "name: str?, price") == {"catalog", "sales"}
    assert _changed(tmp_path, "{ Order: { fields: {", "{ Order: { fields: { n: int,") == {"sales"}


def test_lines_are_no_difference_and_the_order_of_an_example_is(tmp_path: Path) -> None:
    assert _changed(tmp_path, "contexts:", "\n\ncontexts:") == set()
    assert _changed(tmp_path, "amount: 1, unit: a", "unit: a, amount: 1") == {"catalog", "sales"}


def test_names_elsewhere_and_settings_of_all_are_seen_by_all(tmp_path: Path) -> None:
    every = {"catalog", "sales", "people"}

    assert _changed(tmp_path, "Person:", "Human:") == every
    assert _changed(tmp_path, "app: shop", "app: { name: shop, title: Other }") == every


def test_a_part_has_nothing_of_what_its_context_does_not_use(tmp_path: Path) -> None:
    spec = tmp_path / "apigen.yaml"
    spec.write_text(SPEC)
    system = driver.judge(spec).system
    assert system is not None

    part = part_of(system, system.contexts[2])

    assert set(part.types) == set()
    assert part.entities["catalog.Product"].fields == ()
    assert part.entities["people.Person"] is system.entities["people.Person"]
