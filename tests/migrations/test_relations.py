"""References, children and join tables that change."""

import pytest
from sqlalchemy.exc import IntegrityError

from tests.migrations.history import History, Refused
from tests.migrations.test_tables_and_names import key

SHOP = "entities:\n  Tag: {fields: {name: str(1..9)}}\n  Order:\n    fields: {n: int%s}\n%s"


def start(history: History, fields: str = "", more: str = "") -> None:
    """Begin with two tags and an order."""
    history.change(SHOP % (fields, more))
    history.insert(
        "tags", {"id": key(history, 1), "name": "a"}, {"id": key(history, 2), "name": "b"}
    )


def test_a_reference_comes_and_goes(history: History) -> None:
    start(history)
    history.insert("orders", {"id": key(history, 5), "n": 1})

    history.change(SHOP % (", tag: ref(Tag)?", ""))

    assert history.rows("SELECT n, tag_id FROM orders") == [(1, None)]
    history.undo()
    history.check(-2)
    history.redo()
    history.change(SHOP % ("", ""), accept="Order.tag")
    history.undo()
    history.check(-2)
    history.redo()


def test_what_happens_on_delete_changes(history: History) -> None:
    start(history, ", tag: ref(Tag)?")
    history.insert("orders", {"id": key(history, 5), "n": 1, "tag_id": key(history, 1)})

    history.change(SHOP % (", tag: ref(Tag)? on_delete=cascade", ""))

    history.undo()
    history.check(-2)
    history.redo()
    assert history.rows("SELECT n FROM orders") == [(1,)]


def test_a_reference_to_another_entity_can_not_keep_its_values(history: History) -> None:
    text = SHOP % (", tag: ref(%s)?", "") + "  Mark: {fields: {name: str(1..9)}}\n"
    history.change(text.replace("%s", "Tag"))
    history.insert("tags", {"id": key(history, 1), "name": "a"})
    history.insert("orders", {"id": key(history, 5), "n": 1, "tag_id": key(history, 1)})

    with pytest.raises(Refused) as refused:
        history.change(text.replace("%s", "Mark"))
    history.change(text.replace("%s", "Mark"), accept="Order.tag")

    assert refused.value.codes == ["AG804"]
    assert history.rows("SELECT n, tag_id FROM orders") == [(1, None)]
    history.undo()
    history.check(-2)
    history.redo()


def test_one_becomes_many_and_keeps_what_it_referred_to(history: History) -> None:
    start(history, ", tags: {type: ref(Tag)?}")
    history.insert(
        "orders",
        {"id": key(history, 5), "n": 1, "tags_id": key(history, 1)},
        {"id": key(history, 6), "n": 2, "tags_id": None},
    )

    history.change(SHOP % (", tags: many(Tag)", ""))

    query = (
        "SELECT n, name FROM orders JOIN orders_tags ON order_id = orders.id"
        " JOIN tags ON tags.id = tag_id"
    )
    assert history.rows(query) == [(1, "a")]
    history.undo()
    history.check(-2)
    found = history.rows(
        "SELECT n, name FROM orders LEFT JOIN tags ON tags.id = tags_id ORDER BY n"
    )
    assert found == [(1, "a"), (2, None)]
    history.redo()


def test_many_become_one_with_consent(history: History) -> None:
    start(history, ", tags: many(Tag)")
    history.insert("orders", {"id": key(history, 5), "n": 1}, {"id": key(history, 6), "n": 2})
    history.insert(
        "orders_tags",
        {"order_id": key(history, 5), "tag_id": key(history, 2)},
        {"order_id": key(history, 5), "tag_id": key(history, 1)},
    )

    with pytest.raises(Refused):
        history.change(SHOP % (", tags: ref(Tag)?", ""))
    history.change(SHOP % (", tags: ref(Tag)?", ""), accept="Order.tags")

    found = history.rows(
        "SELECT n, name FROM orders LEFT JOIN tags ON tags.id = tags_id ORDER BY n"
    )
    assert found == [(1, "a"), (2, None)]
    history.undo()
    history.check(-2)
    assert history.rows("SELECT count(*) FROM orders_tags") == [(1,)]
    history.redo()


def test_join_tables_come_go_and_are_renamed(history: History) -> None:
    start(history)
    history.insert("orders", {"id": key(history, 5), "n": 1})

    history.change(SHOP % (", tags: many(Tag)", ""))
    history.insert("orders_tags", {"order_id": key(history, 5), "tag_id": key(history, 2)})
    history.change(SHOP % (", labels: {type: many(Tag), renamed_from: tags}", ""))

    assert history.rows("SELECT count(*) FROM orders_labels") == [(1,)]
    history.undo()
    history.check(-2)
    history.redo()
    history.change(SHOP % ("", ""), accept="Order.labels")
    history.undo()
    history.check(-2)


def test_children_come_change_and_are_renamed(history: History) -> None:
    start(history)
    history.insert("orders", {"id": key(history, 5), "n": 1})

    history.change(SHOP % ("", "    children: {lines: {fields: {q: int, t: str(1..9)}}}\n"))
    history.insert(
        "order_lines",
        {"id": key(history, 7), "order_id": key(history, 5), "position": 0, "q": 1, "t": "x"},
    )
    history.change(SHOP % ("", "    children: {lines: {key: t, fields: {q: int, t: str(1..9)}}}\n"))
    history.undo()
    history.check(-2)
    history.redo()
    history.change(
        SHOP
        % (
            "",
            (
                "    children:\n      items: {renamed_from: lines, key: t,"
                " fields: {q: int, t: str(1..9)}}\n"
            ),
        )
    )

    assert history.rows("SELECT q, t, position FROM order_items") == [(1, "x", 0)]
    history.undo()
    history.check(-2)
    history.redo()


def test_a_list_that_gets_an_order_of_its_own_loses_its_positions(history: History) -> None:
    child = "    children: {lines: {%sfields: {q: int}}}\n"
    start(history, "", child % "")
    history.insert("orders", {"id": key(history, 5), "n": 1})
    history.insert(
        "order_lines", {"id": key(history, 7), "order_id": key(history, 5), "position": 3, "q": 1}
    )

    history.change(SHOP % ("", child % "order_by: q, "), accept="OrderLine")
    history.undo()

    history.check(-2)
    assert history.rows("SELECT q, position FROM order_lines") == [(1, 0)]


def test_several_children_can_not_become_one(history: History) -> None:
    child = "    children: {lines: {%sfields: {q: int}}}\n"
    start(history, "", child % "order_by: q, ")
    history.insert("orders", {"id": key(history, 5), "n": 1})
    history.insert(
        "order_lines",
        {"id": key(history, 7), "order_id": key(history, 5), "q": 1},
        {"id": key(history, 8), "order_id": key(history, 5), "q": 2},
    )

    with pytest.raises(IntegrityError):
        history.change(SHOP % ("", child % "one: true, "))

    assert history.rows("SELECT count(*) FROM order_lines") == [(2,)]


def test_a_circle_of_new_tables_comes_and_goes(history: History) -> None:
    start(history)
    circle = SHOP % (", ant: ref(Ant)?", "") + (
        "  Ant: {fields: {bee: ref(Bee)?}}\n  Bee: {fields: {ant: ref(Ant)?}}\n"
    )

    history.change(circle)

    history.undo()
    history.check(-2)
    history.redo()
    history.change(SHOP % ("", ""), accept="Ant Bee Order.ant")
    history.undo()
    history.check(-2)
    history.redo()


def test_a_reference_joins_tables_into_a_circle(history: History) -> None:
    pair = SHOP % (", tag: ref(Tag)?", "")
    history.change(pair)

    history.change(pair.replace("{name: str(1..9)}", "{name: str(1..9), order: ref(Order)?}"))

    history.undo()
    history.check(-2)
    history.redo()


def test_an_exclusive_arc_gets_another_target(history: History) -> None:
    arc = SHOP % (", of: ref(%s)?", "") + "  Mark: {fields: {name: str(1..9)}}\n"
    history.change(arc.replace("%s", "Tag|Order"))
    history.insert("tags", {"id": key(history, 1), "name": "a"})
    history.insert("orders", {"id": key(history, 5), "n": 1, "of_tag_id": key(history, 1)})

    history.change(arc.replace("%s", "Tag|Mark"), accept="Order.of_order")

    assert history.rows("SELECT n, of_mark_id FROM orders") == [(1, None)]
    history.undo()
    history.check(-2)
    history.redo()
