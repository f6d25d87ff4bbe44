"""Values of a payload that take the place of others, and keep what its sender does not know.

A client of an older version of the API sends whole values without the parts that came later. What
is sent again as it was keeps these parts; what is new has their defaults.
"""

from collections import deque
from collections.abc import Callable, Iterable, Mapping
from itertools import islice

_MISSES = 20_000
"""How often elements are compared in vain before only the next one is: two lists of which nothing
is the same would take the product of their lengths."""


def kept_items[SentT, ValueT](
    sent: Iterable[SentT],
    there: Iterable[ValueT],
    make: Callable[[SentT, ValueT | None], ValueT],
) -> list[ValueT]:
    """Return the elements that are sent, in their order; each that was there is itself.

    Args:
        sent: What the client says.
        there: What its list takes the place of.
        make: Makes an element of what is sent, with what its sender does not know from one that is
            there, or with defaults.
    """
    left = deque(there)
    made: list[ValueT] = []
    misses = 0
    for item in sent:
        for place, kept in enumerate(islice(left, max(1, _MISSES - misses))):
            if make(item, kept) == kept:
                made.append(kept)
                del left[place]
                break
            misses += 1
        else:
            made.append(make(item, None))
    return made


def kept_values[SentT, ValueT](
    sent: Mapping[str, SentT],
    there: Mapping[str, ValueT],
    make: Callable[[SentT, ValueT | None], ValueT],
) -> dict[str, ValueT]:
    """Return the values that are sent, each with what is kept of the one of its key."""
    return {key: make(item, there.get(key)) for key, item in sent.items()}
