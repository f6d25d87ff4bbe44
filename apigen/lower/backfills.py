"""`backfill` of a field: what rows that are there already get. A value, or a rule of its row.

Values are written like defaults: in quotes for texts. What is no value of the field's type is an
expression over stored fields of the same row, which the database must be able to work out.
"""

from dataclasses import replace

from apigen.diagnostics.collector import Collector
from apigen.ir.types import Default, Scalar, TypeRef
from apigen.lower.defaults import lower_default
from apigen.lower.scalars import FREE_TEXT
from apigen.lower.workspace import Workspace
from apigen.source.node import Node, ScalarNode
from apigen.source.spans import text_span
from apigen.spec.located import Located


def lower_backfill(node: Node, type_: TypeRef, work: Workspace) -> Default | Located[str] | None:
    """Return the value, the text of an expression, or None after AG208."""
    if not isinstance(node, ScalarNode):
        return lower_default(node, type_, work, shorthand=False)
    text = Located(value=node.raw, span=text_span(node))
    is_text = isinstance(type_, Scalar) and type_.kind in FREE_TEXT
    if is_text and not (node.quoted and node.raw[:1] not in ("'", '"')):
        # A bare word is a field, as in every rule; `"'Visit'"` is a text in every rule.
        return text
    aside = replace(work, found=Collector())
    value = lower_default(node, type_, aside, shorthand=False)
    if value is not None:
        return value
    if not isinstance(node.value, str) or node.quoted:
        work.found.add(*aside.found.found)
        return None
    return text
