"""Every template is type-checked against its view, decides nothing and stays short."""

import pytest

from apigen.render.templates import declared_view, environment, template_root
from tests.architecture.template_types import Refused, TemplateCheck, view_class

ROOT = template_root()
TEMPLATES = sorted(path.relative_to(ROOT).as_posix() for path in ROOT.rglob("*.j2"))
MACROS = "{# macros #}"


@pytest.mark.parametrize("template", TEMPLATES)
def test_a_template_uses_only_what_its_view_has(template: str) -> None:
    """Walks Jinja's syntax tree; see `template_types`."""
    source = (ROOT / template).read_text(encoding="utf-8")
    check = TemplateCheck(environment(), source)
    if source.startswith(MACROS):
        check.run(None)
        return

    name = declared_view(source)

    assert name is not None, f"{template} must begin with {{# view: module.Class #}}"
    check.run(view_class(name))
    assert check.placeholders, f"{template} has no placeholder: it is support code"


@pytest.mark.parametrize("template", TEMPLATES)
def test_a_template_has_at_most_a_hundred_lines(template: str) -> None:
    """Above that the output is split, not the template."""
    assert len((ROOT / template).read_text(encoding="utf-8").splitlines()) <= 100


def test_only_templates_stand_among_the_templates() -> None:
    """Anything else would be shipped and never rendered."""
    strays = [path for path in ROOT.rglob("*") if path.is_file() and path.suffix != ".j2"]

    assert [path for path in strays if path.name != ".gitkeep"] == []


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ("{{ view.missing }}", "no attribute missing"),
        ("{{ view.line == 1 }}", "Compare is not allowed"),
        ("{% if view.line == 1 %}x{% endif %}", "plain path"),
        ("{{ 'a' if view.line else 'b' }}", "CondExpr is not allowed"),
        ("{% set x = view.line %}", "Assign is not allowed"),
        ("{{ view.help_ }}", "no attribute help_"),
        ("{{ view.fix.title }}", "has no attribute title"),
        ("{{ view.labels }}", "not text"),
        ("{{ view.message|upper }}", "filter upper is not allowed"),
        ("{{ view.message.upper() }}", "only macros can be called"),
        ("{% for a in view.message %}{{ a }}{% endfor %}", "not a sequence"),
        (
            "{% for a in view.labels %}{{ a.txt }}{% endfor %}",
            "Label has no attribute txt",
        ),
        ("{% include 'x' %}", "Include is not allowed"),
        (
            "{% macro m(a) %}{{ a.txt }}{% endmacro %}{{ m(view.span) }}",
            "Span has no attribute",
        ),
    ],
)
def test_the_check_refuses(body: str, reason: str) -> None:
    """The walker itself is held to account with a small dataclass."""
    from jinja2 import Environment

    from apigen.diagnostics import Diagnostic

    with pytest.raises(Refused, match=reason):
        TemplateCheck(Environment(), body.replace("view.line", "view.span.line")).run(Diagnostic)


def test_the_check_allows_loops_conditions_and_macros() -> None:
    """One template with everything that is allowed."""
    from jinja2 import Environment

    from apigen.diagnostics import Diagnostic

    body = (
        "{% macro place(span) %}{{ span.file }}:{{ span.line }}{% endmacro %}"
        "{{ place(view.span) }}{% for label in view.labels %}{{ label.text|indent(4) }}"
        "{% if not loop.last %}, {% endif %}{% endfor %}"
        "{% if view.fix %}{{ view.fix.title }}{% else %}{{ view.code }}{% endif %}"
    )
    check = TemplateCheck(Environment(), body)

    check.run(Diagnostic)

    assert check.placeholders == 6
