"""Odd corners."""

from typing import overload


class Box[T]:
    """Holds one."""

    class Meta:
        """Of a box."""

        size = 1
        color = "red"

    def __init__(self, value: T) -> None:
        self._value = value

    @property
    def value(self) -> T:
        """What is in it."""
        return self._value

    @value.setter
    def value(self, value: T) -> None:
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
        if (found := await s.get(keys[0])) is not None and found:
            return found
    match keys:
        case [first]:
            return first
        case [first, *_]:
            return first
        case _:
            raise KeyError
