"""The benchmark of growth draws what it is given, and its probe asks a real project."""

import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest

from tests.benchmarks.growth.chart import Line, Panel, chart
from tests.benchmarks.growth.entities import measure

APIGEN = Path(sys.executable).with_name("apigen")


def test_a_line_rises_with_its_values_and_leaves_out_what_is_missing() -> None:
    lines = [Line(title="a & b", values=[1.0, None, 40.0]), Line(title="c", values=[0.0, 0.0, 0.0])]

    drawn = ElementTree.fromstring(
        chart([Panel(title="Rows", places=["1", "2", "3"], lines=lines)])
    )

    found = [one.attrib["points"].split() for one in drawn.iter() if one.tag.endswith("polyline")]
    heights = [[float(point.partition(",")[2]) for point in points] for points in found]
    assert [len(points) for points in found] == [2, 3]
    assert heights[0][0] > heights[0][1]
    assert len(set(heights[1])) == 1
    assert "a & b" in [one.text for one in drawn.iter()]


@pytest.mark.slow
def test_the_probe_reads_the_document_of_a_project(tmp_path: Path) -> None:
    start = measure(2, apigen=APIGEN, folder=tmp_path, python=sys.executable, runs=1)

    assert start.document_bytes > 10_000
    assert 10 < start.memory_mib <= start.documented_mib
    assert 0 < start.request_s < start.start_s
