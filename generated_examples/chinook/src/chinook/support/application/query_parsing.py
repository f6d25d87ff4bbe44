"""Read the query string of a list: filters, order, page, search, embedding.

Everything that is not understood is an error that names what would be: a misspelt filter that
was ignored would show everything.

Source: requirement 3.3.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from ..core.errors import FieldError
from ..core.json import Json, loads
from ..core.result import Err, Ok, Result
from ..domain.specification import (
    AndSpecification,
    AttributeSpecification,
    NotSpecification,
    Operator,
    OrSpecification,
    Specification,
)
from .filter_types import BOOLEAN
from .queries import (
    CONTROLS,
    ListQuery,
    PageStyle,
    Path,
    QueryField,
    ResourceQuery,
    Scope,
    Sort,
)

type Parameters = Sequence[tuple[str, str]]
"""Names and values of a query string, in order, decoded."""

type QueryErrors = tuple[FieldError, ...]

_PARAMETER = re.compile(r"([^\[\]]+)(?:\[([a-z_]+)\])?")
_MAX_CONDITIONS = 100
_MAX_DEPTH = 10
_MAX_PAGE = 1_000_000_000
_MAX_SEARCH = 200


def parse_list_query(
    query: ResourceQuery, items: Parameters, *, scope: Scope | None = None
) -> Result[ListQuery, QueryErrors]:
    """Read the query string of a list."""
    paging = {
        PageStyle.OFFSET: ("page", "size", "count"),
        PageStyle.CURSOR: ("cursor", "size"),
        PageStyle.NONE: ("count",),
    }[query.paging.style]
    return _parse(query, items, scope, ("sort", "expand", *paging))


def parse_count_query(
    query: ResourceQuery, items: Parameters, *, scope: Scope | None = None
) -> Result[ListQuery, QueryErrors]:
    """Read the query string of a count: filters and search only."""
    return _parse(query, items, scope, ())


def parse_export_query(
    query: ResourceQuery, items: Parameters, *, scope: Scope | None = None
) -> Result[ListQuery, QueryErrors]:
    """Read the query string of an export: filters, search and order; `format` is not looked at."""
    return _parse(query, [item for item in items if item[0] != "format"], scope, ("sort",))


def parse_expand(query: ResourceQuery, items: Parameters) -> Result[tuple[Path, ...], QueryErrors]:
    """Read the query string of a single resource: `expand` and `locale` are all it may have."""
    reading = _Reading(query)
    asked: tuple[Path, ...] = ()
    names = ["expand"] if query.expand else []
    names += ["locale"] if query.languages else []
    for name, value in items:
        if name not in names:
            reading.unknown(name, names)
        elif name == "expand":
            asked = reading.expand(value)
        else:
            reading.language(value)
    return reading.result(asked)


def _parse(
    query: ResourceQuery, items: Parameters, scope: Scope | None, controls: tuple[str, ...]
) -> Result[ListQuery, QueryErrors]:
    reading = _Reading(query)
    return reading.result(reading.read(items, scope, controls))


@dataclass(slots=True)
class _Reading:
    """One query string on its way to a `ListQuery`; collects every mistake."""

    query: ResourceQuery
    errors: list[FieldError] = field(default_factory=list)
    conditions: int = 0

    def result[T](self, value: T) -> Result[T, QueryErrors]:
        return Err(tuple(self.errors)) if self.errors else Ok(value)

    def error(self, name: str, message: str, constraint: str) -> None:
        self.errors.append(FieldError(name, message, constraint))

    def unknown(self, name: str, allowed: Iterable[str]) -> None:
        names = ", ".join(allowed)
        self.error(
            name,
            f"unknown parameter; allowed are {names}" if names else "no parameters are allowed",
            "unknown_parameter",
        )

    def read(self, items: Parameters, scope: Scope | None, controls: tuple[str, ...]) -> ListQuery:
        query = self.query
        readers: Mapping[str, Callable[[str], Any]] = {
            # Each reader has the type of the ListQuery field of the same name.
            "sort": self.sort,
            "expand": self.expand,
            "page": lambda value: self.number("page", value, _MAX_PAGE),
            "size": lambda value: self.number("size", value, query.paging.max_size),
            "count": lambda value: self.flag("count", value),
            "cursor": lambda value: value,
            "filter": self.json_filter,
            "q": self.search,
            "locale": self.language,
        }
        names = [name for name in controls if name != "expand" or query.expand]
        names = [name for name in names if name != "sort" or self.sortable()]
        names += ["q"] if query.search else []
        names += ["filter"] if "json" in query.filter_syntax and self.filterable() else []
        names += ["locale"] if query.languages else []
        found: dict[str, Any] = {}
        parts: list[Specification[Any]] = []
        for name, value in items:
            if name not in names:
                parts += self.parameter(name, value, names, items)
            elif name in found:
                self.error(name, "must be given once", "duplicate")
            else:
                found[name] = readers[name](value)
        if (condition := found.get("filter")) is not None:
            parts.append(condition)
        is_paged = query.paging.style is not PageStyle.NONE
        return ListQuery(
            where=AndSpecification(tuple(parts)) if parts else None,
            sort=found.get("sort") or query.default_sort,
            search=found.get("q"),
            expand=found.get("expand", ()),
            page=found.get("page", 1),
            size=found.get("size", query.paging.size if is_paged else query.paging.max_size),
            count=found.get("count", True),
            cursor=found.get("cursor"),
            scope=scope,
            hidden=query.hidden,
        )

    def filterable(self) -> dict[str, QueryField]:
        return {field.name: field for field in self.query.fields if field.ops}

    def sortable(self) -> dict[str, QueryField]:
        return {field.name: field for field in self.query.fields if field.sortable}

    def parameter(
        self, name: str, value: str, controls: list[str], items: Parameters
    ) -> list[Specification[Any]]:
        """Read `price[gte]=5`."""
        match = _PARAMETER.fullmatch(name)
        fields = self.filterable() if "params" in self.query.filter_syntax else {}
        if match is None or match[1] not in fields or name in CONTROLS:
            self.unknown(name, [*controls, *fields])
            return []
        field = fields[match[1]]
        operator = self.operator(field, match[2] or "eq", name)
        if operator is None:
            return []
        if operator in (Operator.IN, Operator.NOT_IN):
            values: object = value.split(",") if value else []
        elif sum(other == name for other, _ in items) > 1:
            self.error(name, "must be given once; `[in]` takes several values", "duplicate")
            return []
        else:
            values = value
        return self.condition(field, operator, values, name)

    def operator(self, field: QueryField, text: str, name: str) -> Operator | None:
        if text in field.ops:
            return Operator(text)
        self.error(name, f"must be one of {', '.join(field.ops)}", "unknown_operator")
        return None

    def condition(
        self, field: QueryField, operator: Operator, value: object, name: str
    ) -> list[Specification[Any]]:
        self.conditions += 1
        if self.conditions > _MAX_CONDITIONS:
            if self.conditions == _MAX_CONDITIONS + 1:
                self.error(name, f"at most {_MAX_CONDITIONS} conditions", "max_conditions")
            return []
        try:
            parsed = _operand(field, operator, value)
        except ValueError as error:
            self.error(name, str(error), "filter_value")
            return []
        return [AttributeSpecification(field.path, operator, parsed)]

    def sort(self, text: str) -> tuple[Sort, ...]:
        allowed = self.sortable()
        steps: dict[str, Sort] = {}
        for part in text.split(","):
            name = part.removeprefix("-")
            if name not in allowed:
                self.error(
                    "sort", f"unknown field {name!r}; allowed are {', '.join(allowed)}", "sort"
                )
            elif name in steps:
                self.error("sort", f"{name} is given twice", "sort")
            else:
                steps[name] = Sort(path=allowed[name].path, descending=part != name)
        return tuple(steps.values())

    def expand(self, text: str) -> tuple[Path, ...]:
        allowed = {".".join(path): path for path in self.query.expand}
        asked: dict[Path, None] = {}
        for name in text.split(","):
            if name in allowed:
                asked[allowed[name]] = None
            else:
                self.error(
                    "expand",
                    f"unknown relation {name!r}; allowed are {', '.join(allowed)}",
                    "expand",
                )
        return tuple(asked)

    def number(self, name: str, text: str, maximum: int) -> int:
        if re.fullmatch("[0-9]{1,10}", text) and 1 <= int(text) <= maximum:
            return int(text)
        self.error(name, f"must be a whole number from 1 to {maximum}", "range")
        return 1

    def flag(self, name: str, text: str) -> bool:
        if text not in ("true", "false"):
            self.error(name, "must be true or false", "boolean")
        return text == "true"

    def language(self, text: str) -> str:
        """Check what the answer shall be in; the application has looked at it already."""
        if text.lower() not in (known.lower() for known in self.query.languages):
            known = ", ".join(self.query.languages)
            self.error("locale", f"must be one of {known}", "locale")
        return text

    def search(self, text: str) -> str | None:
        if len(text) > _MAX_SEARCH or "\0" in text:
            self.error("q", f"must have at most {_MAX_SEARCH} characters, none of them NUL", "q")
        return text.strip() or None

    def json_filter(self, text: str) -> Specification[Any] | None:
        """Read `{"and": [{"price": {"gte": 5}}, {"not": {"status": "draft"}}]}`."""
        try:
            document = loads(text)
        except ValueError:
            self.error("filter", "must be JSON", "json_invalid")
            return None
        return self.node(document, "filter", depth=0)

    def node(self, node: Json, place: str, *, depth: int) -> Specification[Any] | None:
        if depth > _MAX_DEPTH:
            self.error(place, "is nested too deeply", "max_depth")
            return None
        if not isinstance(node, dict) or not node:
            self.error(place, "must be an object with at least one condition", "filter")
            return None
        parts: list[Specification[Any]] = []
        for key, value in node.items():
            where = f"{place}.{key}"
            if key in ("and", "or") and isinstance(value, list) and value:
                branches = [
                    self.node(item, f"{where}.{number}", depth=depth + 1)
                    for number, item in enumerate(value)
                ]
                several = tuple(branch for branch in branches if branch is not None)
                parts.append(
                    AndSpecification(several) if key == "and" else OrSpecification(several)
                )
            elif key == "not" and isinstance(value, dict) and not self.is_field("not", value):
                branch = self.node(value, where, depth=depth + 1)
                parts += [NotSpecification(branch)] if branch is not None else []
            else:
                parts += self.comparisons(key, value, where)
        return AndSpecification(tuple(parts))

    def is_field(self, key: str, value: Mapping[str, Json]) -> bool:
        """Tell whether an object compares a field that is called like a connective."""
        field = self.filterable().get(key)
        return field is not None and bool(value) and all(text in field.ops for text in value)

    def comparisons(self, key: str, value: Json, place: str) -> list[Specification[Any]]:
        field = self.filterable().get(key)
        if field is None and key in ("and", "or", "not"):
            form = "an object" if key == "not" else "a list of at least one object"
            self.error(place, f"must be {form}", "filter")
            return []
        if field is None:
            names = ", ".join(self.filterable())
            self.error(place, f"unknown field; allowed are {names}, and, or, not", "filter")
            return []
        asked = value if isinstance(value, dict) else {"eq": value}
        if not asked:
            self.error(place, f"must have one of {', '.join(field.ops)}", "filter")
        parts: list[Specification[Any]] = []
        for text, operand in asked.items():
            operator = self.operator(field, text, place)
            if operator is not None:
                parts += self.condition(field, operator, operand, place)
        return parts


def _operand(field: QueryField, operator: Operator, value: object) -> object:
    if operator is Operator.IS_NULL:
        return BOOLEAN.parse(value)
    if operator in (Operator.IN, Operator.NOT_IN):
        if not isinstance(value, list) or not 1 <= len(value) <= _MAX_CONDITIONS:
            raise ValueError(f"must be a list of 1 to {_MAX_CONDITIONS} values")
        return tuple(field.type.parse(item) for item in value)
    if value is None and operator in (Operator.EQ, Operator.NE):
        return None
    return field.type.parse(value)
