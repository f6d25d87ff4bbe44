"""Defaults as source: what a row has that no client has given is as if one had."""

from pathlib import Path

import pytest

from apigen.python.defaults import default_source
from apigen.python.imports import ImportSet

from .test_samples import system_of


@pytest.mark.parametrize(
    ("field", "source"),
    [
        ("decimal = 1", 'Decimal("1.0000")'),
        ("{ type: list(decimal), default: [2.5] }", 'lambda: [Decimal("2.5000")]'),
        (
            "{ type: list(datetime), default: ['2026-01-01T08:00+02:00'] }",
            'lambda: [dt.datetime.fromisoformat("2026-01-01T06:00:00+00:00")]',
        ),
        ("{ type: Range, default: {} }", "lambda: Range()"),
        ("{ type: Range, default: { low: -1 } }", 'lambda: Range(low=Decimal("-1.00"))'),
    ],
)
def test_they_are_written_as_what_clients_send_is_kept(
    tmp_path: Path, field: str, source: str
) -> None:
    """Kept as JSON, they are read as they were written: digits or zones would tell them apart."""
    system = system_of(
        tmp_path,
        f"""
types:
  Range: {{ fields: {{ low: decimal precision=6 scale=2 = 0 }}, store: json }}
entities:
  Plot: {{ fields: {{ size: {field} }} }}
""",
    )
    size = system.entities["shop.Plot"].fields[1]
    assert size.default is not None

    made = default_source(size, size.default, system=system, imports=ImportSet("tests"))

    assert made.value.replace("'", '"') == source
