"""Where boxes and lines go: nothing on top of anything else, whatever refers to whatever."""

from itertools import combinations, pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from apigen.graph.columns import assign_cells
from apigen.graph.entities import entity_diagram
from apigen.graph.measures import box_size
from apigen.graph.nets import plan_trips
from apigen.graph.placement import place
from apigen.graph.routing import Drawing, Frame, Point, route
from apigen.ir.system import System
from tests.unit.graph.systems import entity, field, many, ref, system, value, value_object


@st.composite
def systems(draw: st.DrawFn) -> System:
    """Draw a system of 1 to 20 entities in 1 to 4 contexts; relations lead anywhere."""
    count = draw(st.integers(1, 20))
    contexts = draw(st.integers(1, 4))
    names = [f"c{index % contexts}.E{index}" for index in range(count)]
    entities = []
    for name in names:
        fields = [field(f"f{index}") for index in range(draw(st.integers(0, 12)))]
        for index, target in enumerate(draw(st.lists(st.sampled_from(names), max_size=3))):
            is_optional = draw(st.booleans())
            fields.append(ref(f"r{index}", target, nullable=is_optional))
        if draw(st.booleans()):
            fields.append(many("all", draw(st.sampled_from(names))))
        if draw(st.booleans()):
            fields.append(value("price", "kernel.Money"))
        entities.append(entity(name, *fields))
    return system(*entities, types=(value_object("kernel.Money", field("amount")),))


def _drawing(made: System) -> Drawing:
    diagram = entity_diagram(made)
    sizes = {box.key: box_size(box) for box in diagram.boxes}
    cells = assign_cells(diagram, sizes)
    trips = plan_trips(diagram, cells)
    return route(diagram, cells, sizes, trips, place(diagram, cells, sizes, trips, top=50))


def _overlap(one: Frame, other: Frame) -> bool:
    return (
        one.x < other.x + other.width
        and other.x < one.x + one.width
        and one.y < other.y + other.height
        and other.y < one.y + one.height
    )


def _cuts(start: Point, end: Point, frame: Frame) -> bool:
    """Whether a piece of a line runs inside a box, not merely along its side."""
    left, right = sorted((start[0], end[0]))
    top, bottom = sorted((start[1], end[1]))
    return (
        left < frame.x + frame.width - 1
        and right > frame.x + 1
        and top < frame.y + frame.height - 1
        and bottom > frame.y + 1
    )


@settings(max_examples=60, deadline=None)
@given(systems())
def test_no_two_boxes_overlap(made: System) -> None:
    frames = _drawing(made).frames.values()

    assert not [pair for pair in combinations(frames, 2) if _overlap(*pair)]


@settings(max_examples=60, deadline=None)
@given(systems())
def test_no_line_runs_through_a_box(made: System) -> None:
    drawing = _drawing(made)

    assert not [
        (line.trip.edge, key)
        for line in drawing.lines
        for start, end in pairwise(line.points)
        for key, frame in drawing.frames.items()
        if _cuts(start, end, frame)
    ]


@settings(max_examples=60, deadline=None)
@given(systems())
def test_lines_go_from_their_row_to_their_target_at_right_angles(made: System) -> None:
    drawing = _drawing(made)

    for line in drawing.lines:
        source = drawing.frames[line.trip.edge.source]
        target = drawing.frames[line.trip.edge.target]
        first, last = line.points[0], line.points[-1]
        assert first[0] in {source.x, source.x + source.width}
        assert source.y < first[1] < source.y + source.height
        assert last[0] in {target.x, target.x + target.width}
        assert target.y < last[1] < target.y + target.height
        assert all(one[0] == other[0] or one[1] == other[1] for one, other in pairwise(line.points))


@settings(max_examples=60, deadline=None)
@given(systems())
def test_lines_to_different_targets_do_not_share_a_track(made: System) -> None:
    drawing = _drawing(made)
    upright = sorted(
        {
            (start[0], min(start[1], end[1]), max(start[1], end[1]), line.trip.net)
            for line in drawing.lines
            for start, end in pairwise(line.points)
            if start[0] == end[0]
        }
    )

    assert not [
        (one, other)
        for one, other in combinations(upright, 2)
        if one[3] != other[3] and one[0] == other[0] and one[1] <= other[2] and other[1] <= one[2]
    ]


def test_what_is_referred_to_stands_to_the_right() -> None:
    made = system(
        entity("s.Artist"),
        entity("s.Track", ref("album", "s.Album")),
        entity("s.Album", ref("artist", "s.Artist")),
    )

    frames = _drawing(made).frames

    assert frames["s.Track"].x < frames["s.Album"].x < frames["s.Artist"].x


def test_a_long_chain_of_references_is_no_deep_recursion() -> None:
    names = [f"s.E{index}" for index in range(1500)]
    made = system(*(entity(name, ref("next", after)) for name, after in pairwise(names)))
    diagram = entity_diagram(made)

    cells = assign_cells(diagram, {box.key: box_size(box) for box in diagram.boxes})

    assert len(cells) == len(diagram.boxes)
