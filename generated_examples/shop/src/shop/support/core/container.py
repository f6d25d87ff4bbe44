"""What a program is made of, by type: who makes each part, and how long it lives.

A thin layer over `dishka`, which works out what a factory needs from its annotations and finds
mistakes before anything is made. It is imported when the first part is asked for: that costs more
than everything else here.

Source: requirement 50.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import dishka


type Factory[T] = Callable[..., T] | Callable[..., Iterator[T]]
"""Makes a part of others; a generator gives it back after its `yield`."""


class Lifetime(StrEnum):
    """How long a part lives."""

    SINGLETON = "singleton"
    """As long as the program."""
    SCOPED = "scoped"
    """As long as a scope: one for each."""
    TRANSIENT = "transient"
    """As long as whoever asked for it: each gets its own, made of singletons."""


class Scope:
    """The parts of one scope, and the singletons around it."""

    def __init__(self, container: "dishka.Container") -> None:
        """Resolve from `container`."""
        self._container = container

    def resolve[T](self, interface: type[T]) -> T:
        """Return the part of this type.

        Raises:
            LookupError: Nothing makes it, or it lives in another scope.
        """
        return _get(self._container, interface)


class DIContainer:
    """Makes parts when they are asked for, each with the parts that its factory names."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self._factories: dict[type, tuple[Factory[object], Lifetime]] = {}
        self._made: dishka.Container | None = None

    def register[T](
        self,
        interface: type[T],
        factory: Factory[T],
        *,
        lifetime: Lifetime = Lifetime.SINGLETON,
    ) -> None:
        """Let `factory` make the parts of a type; a class is its own factory.

        The parameters of the factory are parts too, found by their annotations.

        Raises:
            ValueError: The type has a factory: `override` exchanges it.
            RuntimeError: Something was made already.
        """
        if interface in self._factories:
            raise ValueError(f"{interface.__name__} has a factory already")
        self._set(interface, factory, lifetime)

    def override[T](self, interface: type[T], factory: Factory[T]) -> None:
        """Exchange the factory of a type; how long its parts live stays.

        Raises:
            LookupError: The type has no factory.
            RuntimeError: Something was made already.
        """
        if interface not in self._factories:
            raise LookupError(f"nothing makes {interface.__name__}")
        self._set(interface, factory, self._factories[interface][1])

    def resolve[T](self, interface: type[T]) -> T:
        """Return the part of this type.

        Raises:
            LookupError: Nothing makes it, or something that it needs, or it lives in a scope.
        """
        return _get(self._container(), interface)

    @contextmanager
    def scope(self) -> Iterator[Scope]:
        """Open a scope; what was made in it is given back at its end."""
        with self._container()() as inner:
            yield Scope(inner)

    def close(self) -> None:
        """Give back what was made: generator factories go on after their `yield`."""
        if self._made is not None:
            self._made.close()
            self._made = None

    def _set(self, interface: type, factory: Factory[object], lifetime: Lifetime) -> None:
        if self._made is not None:
            raise RuntimeError("parts are registered before the first one is made")
        self._factories[interface] = (factory, lifetime)

    def _container(self) -> "dishka.Container":
        if self._made is None:
            from dishka import Provider, make_container
            from dishka import Scope as Scopes
            from dishka.exception_base import DishkaError

            provider = Provider()
            for interface, (factory, lifetime) in self._factories.items():
                provider.provide(
                    factory,
                    provides=interface,
                    scope=Scopes.REQUEST if lifetime is Lifetime.SCOPED else Scopes.APP,
                    cache=lifetime is not Lifetime.TRANSIENT,
                )
            try:
                self._made = make_container(provider)
            except DishkaError as error:
                raise LookupError(str(error)) from error
        return self._made


def _get[T](container: "dishka.Container", interface: type[T]) -> T:
    from dishka.exception_base import DishkaError

    try:
        return container.get(interface)
    except DishkaError as error:
        raise LookupError(str(error)) from error
