"""Read models whose texts are in several languages: one model for each language of answers.

Everything a list can be asked for (search, order, filters) is asked of the text that is shown.

Source: requirement 99.
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from functools import cached_property, partial
from typing import Any

import sqlalchemy as sa
from sqlalchemy import ColumnElement

from ..core.languages import EVERY_LOCALE, Locales, answer_language
from .localized_columns import TextsIn, is_localized, text_in
from .read_model import Composite, Opened, Output, Path, Pruned, ReadModel


@dataclass(frozen=True, kw_only=True, eq=False)
class LocalizedReadModel(ReadModel):
    """How a resource with localized texts is read."""

    locales: Locales

    @property
    def asked(self) -> ReadModel:
        """The model for the language that the running request is answered in."""
        language = answer_language(self.locales)
        if language not in self._by_language:
            self._by_language[language] = self._in(language)
        return self._by_language[language]

    @cached_property
    def _by_language(self) -> dict[str, ReadModel]:
        return {}

    def _in(self, language: str) -> ReadModel:
        chain = self.locales.chain(language)
        spoken = partial(_text, chain=chain)
        kept = {part.name: getattr(self, part.name) for part in fields(ReadModel)}
        model = ReadModel(**kept)
        outputs = tuple(_output(output, chain) for output in self.outputs)
        paths: Mapping[str, ColumnElement[Any] | Path] = {
            name: replace(found, column=spoken(found.column))
            if isinstance(found, Path)
            else spoken(found)
            for name, found in self.paths.items()
        }
        if language == EVERY_LOCALE:
            # All texts are shown; lists are filtered and sorted by those of the default locale.
            paths = {**_spoken_names(self.outputs, chain), **paths}
            outputs = tuple(_all_texts(output, self.locales.supported) for output in self.outputs)
        return replace(
            model,
            outputs=outputs,
            paths=paths,
            search=tuple(spoken(column) for column in self.search),
            language=language,
        )


def _text(column: ColumnElement[Any], *, chain: tuple[str, ...]) -> ColumnElement[Any]:
    return text_in(column, *chain) if is_localized(column) else column


def _element(output: Output) -> ColumnElement[Any] | None:
    """Return the localized column of an output, or None."""
    if isinstance(output, Composite | Opened | Pruned) or not is_localized(output):
        return None
    return output.element if isinstance(output, sa.Label) else output


def _output(output: Output, chain: tuple[str, ...]) -> Output:
    column = _element(output)
    return output if column is None else text_in(column, *chain).label(_name(output))


def _all_texts(output: Output, locales: tuple[str, ...]) -> Output:
    column = _element(output)
    if column is None:
        return output
    return sa.type_coerce(column, TextsIn(locales)).label(_name(output))


def _spoken_names(
    outputs: tuple[Output, ...], chain: tuple[str, ...]
) -> dict[str, ColumnElement[Any]]:
    found = {_name(output): _element(output) for output in outputs}
    return {name: text_in(column, *chain) for name, column in found.items() if column is not None}


def _name(output: Output) -> str:
    return str(getattr(output, "name", ""))
