"""Find and load templates, and know which view each one is for.

Knows nothing of plans. A template's first line is `{# view: domain.events.EventModule #}`: the
class `EventModule` of `apigen.views.domain.events`. Files of macros begin with `{# macros #}`
instead.
"""

import re
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import apigen
from apigen.diagnostics.internal_error import InternalError
from apigen.render.filters import ALLOWED_FILTERS, ALLOWED_TESTS

if TYPE_CHECKING:
    from jinja2 import Environment

_VIEW_LINE = re.compile(r"\{# view: (?P<view>[a-z_][a-z0-9_.]*\.[A-Z][A-Za-z0-9]*) #\}")


def template_root() -> Path:
    """Return `apigen/_templates` in a wheel, `templates/` in a checkout."""
    package = Path(apigen.__file__).parent
    packed = package / "_templates"
    return packed if packed.is_dir() else package.parent / "templates"


@cache
def environment() -> "Environment":
    """Return the one Jinja environment, in which an undefined name is an error."""
    # Imported here: a run that has nothing to write must not pay for Jinja.
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    from apigen.render.compiled import CompiledTemplates

    made = Environment(
        loader=FileSystemLoader(template_root(), encoding="utf-8"),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        autoescape=False,
        auto_reload=False,
        cache_size=-1,
        bytecode_cache=CompiledTemplates(),
    )
    made.globals.clear()
    made.filters = {name: made.filters[name] for name in sorted(ALLOWED_FILTERS)}
    made.tests = {name: made.tests[name] for name in sorted(ALLOWED_TESTS)}
    return made


def declared_view(source: str) -> str | None:
    """Return `domain.events.EventModule` from a template's first line, None when it has none."""
    found = _VIEW_LINE.fullmatch(source.partition("\n")[0].rstrip())
    return found["view"] if found else None


@cache
def view_of(template: str) -> str:
    """Return the qualified name of the view class that `template` is written for.

    Raises:
        InternalError: there is no such template, or its first line names no view.
    """
    try:
        source = (template_root() / template).read_text(encoding="utf-8")
    except OSError as problem:
        raise InternalError(f"template {template} cannot be read: {problem}") from problem
    name = declared_view(source)
    if name is None:
        raise InternalError(f"template {template} does not begin with {{# view: … #}}")
    return f"apigen.views.{name}"
