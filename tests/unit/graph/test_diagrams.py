"""The texts that `apigen graph` writes: well formed, complete, and safe whatever a spec says."""

import re
import xml.etree.ElementTree as ET
from dataclasses import replace
from pathlib import Path

import pytest

from apigen import driver
from apigen.graph import (
    entity_mermaid,
    entity_svg,
    layer_mermaid,
    layer_svg,
    state_mermaid,
    state_svg,
)
from apigen.graph.mermaid import escaped, identifier
from apigen.ir.behaviour import Command, Execution, Handler, Lifecycle, Move, State
from apigen.ir.names import Name
from apigen.ir.system import Entity, System
from tests.unit.graph.systems import (
    child,
    entity,
    field,
    known_id,
    many,
    ref,
    system,
    value,
    value_object,
)

SHOP = system(
    entity("catalog.Artist", field("name"), doc="A band, a singer or an orchestra."),
    entity("catalog.Album", field("title"), ref("artist", "catalog.Artist")),
    entity("catalog.Playlist", many("albums", "catalog.Album")),
    entity(
        "sales.Invoice",
        value("total", "kernel.Money"),
        ref("corrects", "sales.Invoice", nullable=True),
        children=(
            child("sales.InvoiceLine", "lines", known_id("album_id", "catalog.Album"), least=1),
        ),
    ),
    types=(value_object("kernel.Money", field("amount")),),
)

HOSTILE = '</text><script>alert(1)</script>&"\' ]] --> }\nclick x "javascript:1" %%; #1; \x00\ud800'


LIVELY = """
apigen: 1
app: { name: shop, title: Shop }
entities:
  Note: { fields: { title: str } }
  Order:
    fields: { title: str }
    lifecycle: { states: [draft, placed, gone], final: [gone] }
    commands:
      place: { moves: draft -> placed }
      reopen: { moves: placed -> draft }
      drop: { moves: draft|placed -> gone }
      expire: { moves: placed -> gone }
      rest: { moves: placed -> placed }
"""


def _hostile() -> System:
    name = replace(Name.of("Evil"), text=HOSTILE, pascal=HOSTILE)
    evil = replace(
        entity("s.Evil", field("x"), doc=HOSTILE),
        name=name,
        fields=(replace(field("x"), attribute=HOSTILE, name=name),),
        table=HOSTILE,
    )
    made = system(evil, entity("s.Other", ref("evil", "s.Evil")), title=HOSTILE)
    context = replace(made.contexts[0], name=name, doc=HOSTILE)
    return replace(made, contexts=(context,))


def _hostile_states() -> System:
    made = _hostile()
    evil, other = made.contexts[0].entities
    lifecycle = Lifecycle(
        field="status",
        enum="s.Status",
        states=tuple(State(name=name, final=True) for name in (HOSTILE, "calm")),
        initial=HOSTILE,
        history=False,
    )
    evil = replace(evil, lifecycle=lifecycle, commands=(_move(evil),))
    context = replace(made.contexts[0], entities=(evil, other))
    return replace(made, contexts=(context,))


def _move(owner: Entity) -> Command:
    return Command(
        id="move",
        qname=f"{owner.qname}.move",
        name=owner.name,
        doc="",
        span=owner.span,
        context="s",
        owner=owner.qname,
        input=(),
        creates=False,
        move=Move(sources=(HOSTILE,), target="calm"),
        guards=(),
        effects=(),
        emits=(),
        returns=None,
        errors=(),
        handler=Handler.GENERATED,
        execution=Execution(),
        route=None,
    )


@pytest.fixture(scope="module")
def lively(tmp_path_factory: pytest.TempPathFactory) -> System:
    """A system with a lifecycle, as its spec says."""
    spec = tmp_path_factory.mktemp("lively") / "apigen.yaml"
    spec.write_text(LIVELY, encoding="utf-8")
    made = driver.judge(spec).system
    assert made is not None
    return made


def _texts(svg: str) -> list[str]:
    return [text.text or "" for text in ET.fromstring(svg).iter("{http://www.w3.org/2000/svg}text")]


def test_the_entity_drawing_shows_every_name() -> None:
    shown = _texts(entity_svg(SHOP))

    assert {"Shop", "catalog", "sales", "kernel"} <= set(shown)
    assert {"Artist", "Album", "Playlist", "Invoice", "InvoiceLine", "Money"} <= set(shown)
    assert {"artist_id", "albums", "corrects_id", "lines", "album_id", "amount"} <= set(shown)


def test_every_relation_is_one_line_with_its_name() -> None:
    root = ET.fromstring(entity_svg(SHOP))
    space = "{http://www.w3.org/2000/svg}"

    tips = [path.findtext(f"{space}title") for path in root.iter(f"{space}path")]

    assert sorted(tip for tip in tips if tip) == [
        "catalog.Album.artist → catalog.Artist",
        "catalog.Playlist.albums → catalog.Album",
        "sales.Invoice.corrects → sales.Invoice",
        "sales.Invoice.lines → sales.InvoiceLine",
        "sales.Invoice.total → kernel.Money",
        "sales.InvoiceLine.album_id → catalog.Album",
    ]


def test_docs_are_tips_of_the_boxes() -> None:
    assert "<title>A band, a singer or an orchestra.</title>" in entity_svg(SHOP)


def test_the_layer_drawing_shows_paths_tables_and_aggregates() -> None:
    shown = _texts(layer_svg(SHOP))

    assert {"main", "interface", "infrastructure", "application", "domain", "core"} <= set(shown)
    assert {"/api/v1/artists", "invoices", "Invoice ▸ InvoiceLine", "support/domain"} <= set(shown)


def test_the_entity_diagram_in_mermaid() -> None:
    made = system(
        entity("music.Artist", field("name")),
        entity("music.Album", ref("artist", "music.Artist", nullable=True)),
    )

    assert entity_mermaid(made) == (
        "classDiagram\n"
        "  direction LR\n"
        "  namespace Music {\n"
        '    class Music_Artist["Artist"] {\n'
        "      uuid7 id PK\n"
        "      str[1..200] name\n"
        "    }\n"
        '    class Music_Album["Album"] {\n'
        "      uuid7 id PK\n"
        "      Artist? artist_id FK\n"
        "    }\n"
        "  }\n"
        '  Music_Album "0..*" --> "0..1" Music_Artist : artist\n'
    )


def test_the_layer_diagram_in_mermaid_leads_from_main_to_core() -> None:
    lines = layer_mermaid(SHOP).splitlines()

    arrows = [line.strip() for line in lines if "-->" in line]
    assert arrows == [
        "Layer_main --> Layer_interface",
        "Layer_interface --> Layer_infrastructure",
        "Layer_infrastructure --> Layer_application",
        "Layer_application --> Layer_domain",
        "Layer_domain --> Layer_core",
    ]
    assert '    Domain_catalog["catalog<br/>Artist<br/>Album<br/>Playlist"]' in lines


def test_a_context_of_commands_alone_has_its_place_in_the_layers(tmp_path: Path) -> None:
    spec = tmp_path / "apigen.yaml"
    spec.write_text(
        "apigen: 1\napp: { name: shop }\ncontexts:\n"
        "  sales: { entities: { Order: { fields: { title: str } } } }\n"
        "  post: { commands: { send: { handler: custom } } }\n",
        encoding="utf-8",
    )
    made = driver.judge(spec).system
    assert made is not None

    text = layer_mermaid(made)

    assert 'Application_post["post<br/>commands, queries, dtos<br/>mappers, handlers"]' in text
    assert "Domain_post" not in text


def test_the_lifecycles_in_mermaid(lively: System) -> None:
    assert state_mermaid(lively) == (
        "stateDiagram-v2\n"
        '  state "Order" as Shop_Order {\n'
        '    state "draft" as Shop_Order_draft\n'
        '    state "placed" as Shop_Order_placed\n'
        '    state "gone" as Shop_Order_gone\n'
        "    [*] --> Shop_Order_draft\n"
        "    Shop_Order_draft --> Shop_Order_placed : place\n"
        "    Shop_Order_draft --> Shop_Order_gone : drop\n"
        "    Shop_Order_placed --> Shop_Order_draft : reopen\n"
        "    Shop_Order_placed --> Shop_Order_placed : rest\n"
        "    Shop_Order_placed --> Shop_Order_gone : drop, expire\n"
        "    Shop_Order_gone --> [*]\n"
        "  }\n"
    )


def test_the_drawing_of_lifecycles_has_every_state_and_every_move(lively: System) -> None:
    root = ET.fromstring(state_svg(lively))
    space = "{http://www.w3.org/2000/svg}"

    tips = [path.findtext(f"{space}title") for path in root.iter(f"{space}path")]

    assert {"Shop", "Order", "draft", "placed", "gone", "reopen"} <= set(_texts(state_svg(lively)))
    assert "Note" not in _texts(state_svg(lively))
    assert [tip for tip in tips if tip] == [
        "draft → placed: place",
        "draft → gone: drop",
        "placed → draft: reopen",
        "placed → placed: rest",
        "placed → gone: drop, expire",
    ]
    assert len(list(root.iter(f"{space}circle"))) == 1


@pytest.mark.parametrize("draw", [entity_svg, layer_svg, state_svg])
def test_hostile_texts_stay_texts_in_svg(draw: object) -> None:
    assert callable(draw)

    root = ET.fromstring(draw(_hostile_states()))

    tags = {child.tag.rpartition("}")[2] for child in root.iter()}
    assert tags <= {"svg", "title", "desc", "style", "rect", "g", "text", "path", "circle"}
    assert not [key for child in root.iter() for key in child.attrib if key.startswith("on")]


@pytest.mark.parametrize("draw", [entity_mermaid, layer_mermaid, state_mermaid])
def test_hostile_texts_stay_texts_in_mermaid(draw: object) -> None:
    assert callable(draw)

    text = draw(_hostile_states())

    assert "<script" not in text
    assert not [line for line in text.splitlines() if line.strip().startswith("click")]
    quoted = re.sub(r'"[^"\n]*"', "", text)
    assert quoted.count('"') == 0
    assert "javascript:" not in text


def test_escaping_keeps_letters_of_every_script() -> None:
    assert escaped('Straße "é" 漢字; {x}') == "Straße #34;é#34; 漢字#59; #123;x#125;"


def test_identifiers_are_distinct_and_never_words_of_mermaid() -> None:
    taken: set[str] = set()

    found = [identifier(text, taken) for text in ("class", "class", "end", "2fa", "漢字")]

    assert found == ["Class", "Class_2", "End", "N2fa", "X"]


@pytest.mark.parametrize(
    "draw", [entity_svg, layer_svg, state_svg, entity_mermaid, layer_mermaid, state_mermaid]
)
def test_a_system_of_nothing_can_be_drawn(draw: object) -> None:
    assert callable(draw)

    assert draw(system()).endswith("\n")


def test_long_names_are_cut_and_boxes_hold_them() -> None:
    long = "x" * 200

    shown = _texts(entity_svg(system(entity("s.A", field(long)))))

    assert f"{'x' * 29}…" in shown
    assert long not in shown
