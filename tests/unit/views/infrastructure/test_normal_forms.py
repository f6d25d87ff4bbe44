"""Seed rows are normalized where requests are."""

import ast
from pathlib import Path

from apigen.views.infrastructure.normal_forms import normal_forms
from tests.unit.views.domain.specs import system_of

SPEC = """
types:
  Word: { type: str, max: 9, normalize: [lower] }
  Box: { fields: { class: { type: str(1..9), normalize: [trim, lower] }, n: int } }
entities:
  Tag: { id: natural(code), fields: { code: str(1..9) normalize=upper immutable } }
  User:
    fields:
      mail: email normalize=lower
      tag: ref(Tag)?
      tags: many(Tag)
      n: int
      box: Box?
      words: set(Word)
      by: map(Word)
    children: { keys: { fields: { k: str(1..5) normalize=trim } } }
  Plain: { fields: { user: ref(User), name: str(1..9) } }
"""


def test_every_text_below_an_aggregate_is_found(tmp_path: Path) -> None:
    system = system_of(tmp_path, SPEC)

    source = normal_forms(system.entities["shop.User"], system)

    assert ast.literal_eval(source) == {
        "mail": ("lower",),
        "tag_id": ("upper",),
        "tags": ("upper",),
        "box": {"class_": ("trim", "lower")},
        "words": ("lower",),
        "by": ("lower",),
        "keys": {"k": ("trim",)},
    }


def test_without_normalizers_there_is_nothing(tmp_path: Path) -> None:
    system = system_of(tmp_path, SPEC)

    assert normal_forms(system.entities["shop.Plain"], system) == ""
