"""Query strings of lists."""

from dataclasses import replace
from enum import StrEnum
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apigen.support.application.filter_types import (
    CHOICE,
    DECIMAL,
    EXACT,
    INTEGER,
    MOMENT,
    RANGE,
    SHORT_TEXT,
    TEXT,
    UUID_TEXT,
    member_of,
    operators,
)
from apigen.support.application.queries import (
    ListQuery,
    PageStyle,
    Paging,
    ResourceQuery,
    Sort,
    filtered,
    listed,
)
from apigen.support.application.query_parsing import (
    Parameters,
    parse_count_query,
    parse_expand,
    parse_export_query,
    parse_list_query,
)
from apigen.support.core.result import Err, Ok
from apigen.support.domain.specification import AttributeSpecification


class Status(StrEnum):
    """An enum."""

    DRAFT = "draft"
    PAID = "paid"


ORDERS = ResourceQuery(
    resource="order",
    search=True,
    expand=(("customer",), ("lines", "product")),
    paging=Paging(size=20, max_size=100),
    fields=(
        filtered("id", type=UUID_TEXT, ops=EXACT),
        listed("number", type=INTEGER, ops=RANGE),
        listed("status", type=member_of(Status), ops=CHOICE),
        listed("price", "amount", type=DECIMAL, ops=RANGE, nullable=True),
        filtered("customer", "name", type=TEXT, ops=SHORT_TEXT),
        listed("created_at", type=MOMENT, ops=operators("gte")),
    ),
)


def parsed(*items: tuple[str, str], query: ResourceQuery = ORDERS) -> ListQuery:
    result = parse_list_query(query, items)
    assert isinstance(result, Ok), result
    return result.value


def errors(*items: tuple[str, str], query: ResourceQuery = ORDERS) -> list[tuple[str, str]]:
    result = parse_list_query(query, items)
    assert isinstance(result, Err), result
    return [(error.field, error.constraint) for error in result.error]


def conditions(query: ListQuery) -> list[tuple[str, str, object]]:
    """Flatten a conjunction."""
    found: list[tuple[str, str, object]] = []

    def walk(node: Any) -> None:
        if isinstance(node, AttributeSpecification):
            found.append((".".join(node.path), node.operator.value, node.value))
            return
        for part in getattr(node, "parts", ()):
            walk(part)

    walk(query.where)
    return found


def test_nothing_asked_for_is_the_first_page_of_everything() -> None:
    assert parsed() == ListQuery(page=1, size=20)


def test_a_client_may_leave_the_total_out() -> None:
    cursors = replace(ORDERS, paging=Paging(style=PageStyle.CURSOR))
    whole = replace(ORDERS, paging=Paging(style=PageStyle.NONE))

    assert parsed(("count", "false")).count is False
    assert parsed(("count", "true")).count is True
    assert parsed(("count", "false"), query=whole).count is False
    assert errors(("count", "no")) == [("count", "boolean")]
    assert errors(("count", "false"), ("count", "true")) == [("count", "duplicate")]
    assert errors(("count", "false"), query=cursors) == [("count", "unknown_parameter")]


def test_parameters_become_typed_conditions() -> None:
    query = parsed(
        ("status", "paid"),
        ("number[gte]", "5"),
        ("price.amount[lt]", "9.50"),
        ("customer.name[contains]", "a,b"),
        ("status[in]", "draft,paid"),
        ("price.amount[is_null]", "true"),
    )

    assert [(path, op, str(value)) for path, op, value in conditions(query)] == [
        ("status", "eq", "paid"),
        ("number", "gte", "5"),
        ("price.amount", "lt", "9.50"),
        ("customer.name", "contains", "a,b"),
        ("status", "in", "(<Status.DRAFT: 'draft'>, <Status.PAID: 'paid'>)"),
        ("price.amount", "is_null", "True"),
    ]
    assert conditions(query)[0][2] is Status.PAID


@pytest.mark.criterion("R3.3")
def test_a_json_filter_becomes_a_tree_of_typed_conditions() -> None:
    text = (
        '{"or": [{"number": {"gte": 5, "lt": 9}}, {"not": {"status": "paid"}}],'
        ' "price.amount": null, "customer.name": {"in": ["a", "b"]}}'
    )

    query = parsed(("filter", text))

    assert query.where is not None

    class Price:
        amount = None

    class Order:
        price = Price()
        status = Status.PAID
        number = 5

        class customer:  # noqa: N801 - reads as the attribute it is
            name = "a"

    assert query.where.is_satisfied_by(Order())
    Order.number = 9
    assert not query.where.is_satisfied_by(Order())
    Order.status = Status.DRAFT
    assert query.where.is_satisfied_by(Order())
    Order.customer.name = "c"
    assert not query.where.is_satisfied_by(Order())


def test_order_page_search_and_embedding_are_read() -> None:
    query = parsed(
        ("sort", "-created_at,price.amount"),
        ("page", "3"),
        ("size", "100"),
        ("q", " tea "),
        ("expand", "customer,lines.product"),
    )

    assert query == ListQuery(
        sort=(Sort(path=("created_at",), descending=True), Sort(path=("price", "amount"))),
        page=3,
        size=100,
        search="tea",
        expand=(("customer",), ("lines", "product")),
    )


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("colour", "red", ("colour", "unknown_parameter")),
        ("number[like]", "5", ("number[like]", "unknown_operator")),
        ("number[", "5", ("number[", "unknown_parameter")),
        ("id[gt]", "x", ("id[gt]", "unknown_operator")),
        ("number", "five", ("number", "filter_value")),
        ("number", str(2**31), ("number", "filter_value")),
        ("number", "1_0", ("number", "filter_value")),
        ("status", "lost", ("status", "filter_value")),
        ("id", "x", ("id", "filter_value")),
        ("price.amount", "NaN", ("price.amount", "filter_value")),
        ("price.amount[is_null]", "maybe", ("price.amount[is_null]", "filter_value")),
        ("customer.name", "a\0", ("customer.name", "filter_value")),
        ("status[in]", "", ("status[in]", "filter_value")),
        ("created_at[gte]", "2026", ("created_at[gte]", "filter_value")),
        ("sort", "id", ("sort", "sort")),
        ("sort", "number,-number", ("sort", "sort")),
        ("sort", "", ("sort", "sort")),
        ("page", "0", ("page", "range")),
        ("page", "-1", ("page", "range")),
        ("page", "99999999999", ("page", "range")),
        ("size", "101", ("size", "range")),
        ("size", "x", ("size", "range")),
        ("q", "x" * 201, ("q", "q")),
        ("expand", "lines", ("expand", "expand")),
        ("cursor", "abc", ("cursor", "unknown_parameter")),
        ("filter", "{", ("filter", "json_invalid")),
        ("filter", "[]", ("filter", "filter")),
        ("filter", "{}", ("filter", "filter")),
        ("filter", '{"colour": 1}', ("filter.colour", "filter")),
        ("filter", '{"number": {"like": 1}}', ("filter.number", "unknown_operator")),
        ("filter", '{"number": "x"}', ("filter.number", "filter_value")),
        ("filter", '{"status": {"in": "paid"}}', ("filter.status", "filter_value")),
        ("filter", '{"or": [1]}', ("filter.or.0", "filter")),
        ("filter", '{"and": []}', ("filter.and", "filter")),
        ("filter", '{"not": []}', ("filter.not", "filter")),
        ("filter", '{"number": {}}', ("filter.number", "filter")),
        ("filter", '{"number": true}', ("filter.number", "filter_value")),
    ],
)
def test_what_is_not_understood_is_an_error(
    name: str, value: str, expected: tuple[str, str]
) -> None:
    assert errors((name, value)) == [expected]


def test_every_mistake_is_told_at_once() -> None:
    assert len(errors(("colour", "red"), ("page", "0"), ("status", "lost"))) == 3


def test_an_error_names_what_would_be_understood() -> None:
    result = parse_list_query(ORDERS, [("colour", "red")])

    assert isinstance(result, Err)
    assert "sort, expand, page, size, count, q, filter, id, number" in result.error[0].message


def test_a_parameter_is_given_once() -> None:
    assert errors(("page", "1"), ("page", "2")) == [("page", "duplicate")]
    assert ("status", "duplicate") in errors(("status", "paid"), ("status", "draft"))


def test_filters_are_bounded_in_depth_and_number() -> None:
    deep = '{"not": ' * 12 + '{"number": 1}' + "}" * 12
    many = '{"or": [' + ",".join(['{"number": 1}'] * 101) + "]}"

    assert errors(("filter", deep))[0][1] == "max_depth"
    assert errors(("filter", many)) == [("filter.or.100.number", "max_conditions")]


def test_a_cursor_replaces_the_page() -> None:
    query = ResourceQuery(
        resource="order", fields=ORDERS.fields, paging=Paging(style=PageStyle.CURSOR)
    )

    assert parsed(("cursor", "abc"), query=query).cursor == "abc"
    assert errors(("page", "2"), query=query) == [("page", "unknown_parameter")]


def test_without_pages_everything_comes_at_once() -> None:
    query = ResourceQuery(
        resource="order", fields=ORDERS.fields, paging=Paging(style=PageStyle.NONE, max_size=500)
    )

    assert parsed(query=query).size == 500
    assert errors(("size", "5"), query=query) == [("size", "unknown_parameter")]


def test_a_syntax_that_is_off_is_not_understood() -> None:
    only_json = ResourceQuery(resource="order", fields=ORDERS.fields, filter_syntax=("json",))
    only_params = ResourceQuery(resource="order", fields=ORDERS.fields, filter_syntax=("params",))

    assert errors(("status", "paid"), query=only_json) == [("status", "unknown_parameter")]
    assert errors(("filter", '{"status": "paid"}'), query=only_params) == [
        ("filter", "unknown_parameter")
    ]


def test_counts_exports_and_single_resources_take_less() -> None:
    assert isinstance(parse_count_query(ORDERS, [("status", "paid"), ("q", "x")]), Ok)
    assert isinstance(parse_count_query(ORDERS, [("sort", "number")]), Err)
    assert isinstance(parse_export_query(ORDERS, [("sort", "number"), ("format", "csv")]), Ok)
    assert isinstance(parse_export_query(ORDERS, [("page", "2")]), Err)
    assert parse_expand(ORDERS, [("expand", "customer")]) == Ok((("customer",),))
    assert isinstance(parse_expand(ORDERS, [("status", "paid")]), Err)


def test_a_nested_path_settles_the_scope() -> None:
    result = parse_list_query(ORDERS, [], scope={"customer_id": 1})

    assert isinstance(result, Ok)
    assert result.value.scope == {"customer_id": 1}


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["number", "status[in]", "filter", "sort", "page", "q"]) | st.text(),
            st.text(),
        ),
        max_size=4,
    )
)
def test_no_query_string_raises(items: Parameters) -> None:
    parse_list_query(ORDERS, items)


ODD = ResourceQuery(
    resource="odd",
    fields=(
        listed("size", type=INTEGER, ops=RANGE),
        listed("expand", type=TEXT, ops=SHORT_TEXT),
        listed("not", type=INTEGER, ops=RANGE),
    ),
)


def test_a_parameter_of_lists_is_never_a_filter() -> None:
    assert isinstance(parse_list_query(ODD, [("expand", "no_such_path")]), Err)
    assert isinstance(parse_list_query(ODD, [("expand[eq]", "x"), ("size[gte]", "3")]), Ok)


def test_a_field_called_not_is_compared_by_its_operators() -> None:
    compared = parse_list_query(ODD, [("filter", '{"not": {"gte": 5}}')])
    negated = parse_list_query(ODD, [("filter", '{"not": {"size": {"gte": 5}}}')])

    assert isinstance(compared, Ok)
    assert isinstance(negated, Ok)
    assert compared.value.where != negated.value.where
