"""`features.metrics` says whether and where metrics of a running project are collected."""

import pytest

from apigen.ir.system import Metrics

from .conftest import Codes, Lower

SPEC = "features: {{ {} }}\nentities:\n  Task: {{ fields: {{ title: str(80) }} }}\n"


@pytest.mark.parametrize(
    ("features", "expected"),
    [
        ("preset: standard", None),
        ("metrics: false", None),
        ("metrics: true", Metrics()),
        ("metrics: { path: /internal/metrics }", Metrics(path="/internal/metrics")),
    ],
)
def test_a_switch_or_a_path(lowered: Lower, features: str, expected: Metrics | None) -> None:
    assert lowered(SPEC.format(features)).metrics == expected


@pytest.mark.parametrize("path", ["metrics", "/live", "/docs", "/api", "/api/v1/tasks"])
def test_a_path_that_is_none_or_taken_is_refused(codes: Codes, path: str) -> None:
    assert codes(SPEC.format(f"metrics: {{ path: {path} }}")) == ["AG607"]


def test_requests_are_not_counted_yet(codes: Codes) -> None:
    assert codes(SPEC.format("metrics: { red: true }")) == ["AG014"]
