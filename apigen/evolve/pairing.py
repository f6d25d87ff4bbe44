"""Pair what an owner had with what it has: by name, and by declared former names."""

from collections.abc import Iterator

from apigen.ir.element import Element


def paired[T: Element](
    before: tuple[T, ...], after: tuple[T, ...]
) -> Iterator[tuple[T | None, T | None]]:
    """Yield each thing of then with the same thing of today, in the order of today.

    Yields:
        (then, today); None on the left for what is new, on the right for what is gone. The gone
        come last.
    """
    known = {one.name.text: one for one in before}
    kept = {one.name.text for one in after}
    for one in after:
        former = (name for name in one.renamed_from if name not in kept)
        found = next((name for name in (one.name.text, *former) if name in known), None)
        yield (None if found is None else known.pop(found)), one
    for gone in known.values():
        yield gone, None
