"""The platform's languages: which locales there are, and what stands in for a missing text."""

import re
from collections.abc import Iterator, Mapping

from apigen.diagnostics.collector import Collector
from apigen.ir.system import I18n
from apigen.spec.i18n import FallbackSpec, I18nSpec
from apigen.spec.located import Located

_LOCALE = re.compile(
    r"[a-z]{2,3}(-[A-Z][a-z]{3})?(-([A-Z]{2}|[0-9]{3}))?(-([a-z0-9]{5,8}|[0-9][a-z0-9]{3}))*"
)
"""Language, script, region, variants, each as BCP 47 recommends to write it."""
_LONGEST = 35
_ALL = "all"
"""Asks for the texts of all locales, so no locale can be called so."""


def i18n(spec: I18nSpec | None, found: Collector) -> I18n:
    """Return the locales of the API (AG607)."""
    if spec is None:
        return I18n()
    written = [one for one in spec.locales or () if _is_locale(one, found)]
    locales = tuple(dict.fromkeys(one.value for one in written))
    if len(locales) < len(written):
        last = written[-1]
        found.error("AG607", "a locale is listed twice", last.span, help="list each once")
    default = I18n().default
    if spec.default is not None and _is_locale(spec.default, found):
        default = spec.default.value
    if spec.locales is None:
        locales = (default,)
    elif locales and default not in locales:
        span = spec.default.span if spec.default is not None else written[0].span
        found.error(
            "AG607",
            f"the default locale `{default}` is not among `locales`",
            span,
            help=f"add `{default}`, or say `default: {locales[0]}`",
        )
        default = locales[0]
    elif not locales:
        locales = (default,)
    chosen = _chosen(spec.fallback, locales, found)
    return I18n(
        default=default,
        locales=locales,
        chains={
            one: tuple(dict.fromkeys((*_chain(one, locales, chosen), default))) for one in locales
        },
    )


def _is_locale(text: Located[str], found: Collector) -> bool:
    value = text.value
    if _LOCALE.fullmatch(value) and len(value) <= _LONGEST and value != _ALL:
        return True
    help = "such as `en`, `de-AT`, `zh-Hant`"
    if value == _ALL:
        help = "`?locale=all` asks for every text"
    elif _LOCALE.fullmatch(_respelt(value)):
        help = f"did you mean `{_respelt(value)}`?"
    found.error("AG607", f"`{value[:40]}` is not a locale", text.span, help=help)
    return False


def _respelt(text: str) -> str:
    parts = re.split("[-_]", text)
    cases = {2: str.upper, 4: str.title}
    return "-".join((parts[0].lower(), *(cases.get(len(one), str.lower)(one) for one in parts[1:])))


def _chosen(
    spec: FallbackSpec | None, locales: tuple[str, ...], found: Collector
) -> Mapping[str, tuple[str, ...]]:
    """Return what the spec says stands in for the texts of a locale."""
    if spec is None or isinstance(spec, Located):
        return {}
    chosen: dict[str, tuple[str, ...]] = {}
    for entry in spec:
        for one in (entry.name, *entry.value):
            if one.value not in locales:
                found.error(
                    "AG607",
                    f"`{one.value[:40]}` is not among `locales`",
                    one.span,
                    help=f"the locales are {', '.join(f'`{known}`' for known in locales)}",
                )
        chosen[entry.name.value] = tuple(one.value for one in entry.value)
    return chosen


def _chain(
    locale: str, locales: tuple[str, ...], chosen: Mapping[str, tuple[str, ...]]
) -> Iterator[str]:
    """Yield the locales whose texts are tried, without what the default adds.

    Where the spec does not say, those that are less precise: `zh` for `zh-Hant-TW`.
    """
    yield locale
    if locale in chosen:
        yield from (one for one in chosen[locale] if one in locales)
        return
    parts = locale.split("-")
    for length in range(len(parts) - 1, 0, -1):
        shorter = "-".join(parts[:length])
        if shorter in locales:
            yield from _chain(shorter, locales, chosen)
            return
