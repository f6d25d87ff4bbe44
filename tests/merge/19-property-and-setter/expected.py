"""Odd corners."""

from typing import overload


class Box[T]:
    """Holds one."""

    class Meta:
        """Of a box."""

        size = 1

    def __init__(self, value: T) -> None:
        self._value = value
        self._reads = 0

    @property
    def value(self) -> T:
        """What is in it."""
        self._reads += 1
        return self._value

    @value.setter
    def value(self, value: T) -> None:
        if value is None:
            raise ValueError
        self._value = value

    @overload
    def get(self, key: int) -> T: ...
    @overload
    def get(self, key: str) -> T: ...
    def get(self, key: int | str) -> T:
        """Take it out."""
        return self._value


async def fetch[K](keys: list[K], sort=lambda key, reverse=False: key) -> K:
    """Fetch the first."""
    async with session() as s:
        if (found := await s.get(keys[0])) is not None:
            return found
    match keys:
        case [first]:
            return first
        case [first, *_]:
            return first
        case _:
            raise KeyError
