"""Columns that hold a text for each locale, and the text of one locale in SQL.

`jsonb` on PostgreSQL, JSON text on SQLite: an object of locales. Both databases read a member of
it by `->>`, and can index that.

Source: requirement 99.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import orjson
import sqlalchemy as sa
from sqlalchemy import ColumnElement
from sqlalchemy.engine import Dialect
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import TypeDecorator

from ..core.json import dumps
from ..domain.localized import Localized
from .column_types import JsonText


class LocalizedTexts(JsonText[Localized[Any]]):
    """A localized text; in a column that is not null there is one for the default locale."""

    cache_ok = True

    def __init__(self, default: str) -> None:
        """Keep texts; `default` is the default locale."""
        self.default = default
        super().__init__(none_as_null=True)

    def __repr__(self) -> str:
        """Return the constructor call, for migrations."""
        return f"LocalizedTexts({self.default!r})"

    @property
    def python_type(self) -> type[Localized[Any]]:
        """Return what a row holds."""
        return Localized

    def to_text(self, value: Mapping[str, str]) -> str:
        """Return the JSON text of a value."""
        return dumps(dict(value)).decode()

    def from_text(self, text: str) -> Localized[Any]:
        """Return the value of a JSON text."""
        return Localized(orjson.loads(text))


class TextsIn(TypeDecorator[Any]):
    """Read a localized text as an object of some locales, in their order."""

    impl = sa.Text
    cache_ok = True

    def __init__(self, locales: Sequence[str]) -> None:
        """Show these locales, as far as there are texts."""
        # A tuple, because SQLAlchemy hashes the arguments of a type for its statement cache.
        self.locales = tuple(locales)
        super().__init__()

    def process_result_value(self, value: Any, dialect: Dialect) -> dict[str, str] | None:
        """Read the object."""
        if value is None:
            return None
        texts = orjson.loads(value) if isinstance(value, str | bytes) else value
        return {one: texts[one] for one in self.locales if one in texts}


def text_in(column: ColumnElement[Any], *locales: str) -> ColumnElement[str]:
    """Return the text of a localized column in the first of the locales that has one."""
    # Literals, not values: an index is over the same text.
    member = column.op("->>", return_type=sa.Text())
    texts = [member(sa.literal_column(f"'{one}'")) for one in locales]
    return texts[0] if len(texts) == 1 else sa.func.coalesce(*texts, type_=sa.Text())


class TextObject(FunctionElement[Any]):
    """A localized text of one locale: its name, and the text."""

    inherit_cache = True


@compiles(TextObject)
def _text_object(made: TextObject, compiler: SQLCompiler, **options: Any) -> str:
    return f"json_object({compiler.process(made.clauses, **options)})"


@compiles(TextObject, "postgresql")
def _jsonb_text_object(made: TextObject, compiler: SQLCompiler, **options: Any) -> str:
    return f"jsonb_build_object({compiler.process(made.clauses, **options)})"


def texts_of(locale: str, text: ColumnElement[Any]) -> ColumnElement[Any]:
    """Return a text as a localized one, null where it is null."""
    return sa.case((text.is_not(None), TextObject(sa.literal_column(f"'{locale}'"), text)))


def is_localized(column: ColumnElement[Any]) -> bool:
    """Tell whether a column holds a text for each locale."""
    return isinstance(column.type, LocalizedTexts)
