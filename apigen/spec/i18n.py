"""The platform's block of languages: which there are, and what stands in for a missing text."""

from typing import ClassVar

from apigen.spec.block import Block, key
from apigen.spec.combined import ByKind, ListOf, MapOf
from apigen.spec.located import Located, Named
from apigen.spec.shape import Text, Word
from apigen.values import dataclass

_LOCALE = Text(example="de")

type FallbackSpec = Located[str] | tuple[Named[tuple[Located[str], ...]], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class I18nSpec(Block):
    """The languages of the API."""

    TITLE: ClassVar[str] = "`i18n`"
    PLANNED: ClassVar[tuple[str, ...]] = ("catalogs",)

    default: Located[str] | None = key(_LOCALE)
    locales: tuple[Located[str], ...] | None = key(ListOf(_LOCALE, lift=True))
    fallback: FallbackSpec | None = key(
        ByKind[FallbackSpec](
            expected="`default`, or a mapping of locales to those that stand in for them",
            example="{ de-CH: [de, fr] }",
            scalar=Word("default"),
            mapping=MapOf(
                ListOf(_LOCALE, lift=True),
                what="locales to those that stand in for them",
                example="{ de-CH: [de, fr] }",
            ),
        )
    )
