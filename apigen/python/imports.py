"""The imports of one generated module: what it uses, under names that do not clash."""

from collections.abc import Iterable

from apigen.values import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Symbol:
    """A name and the module that defines it."""

    module: str
    name: str


class ImportSet:
    """Collects imports while a view is built; the first to ask for a name gets it unaliased."""

    def __init__(self, module: str, defined: Iterable[str] = ()) -> None:
        """Start the imports of `module`, which itself defines the names `defined`."""
        self._module = module
        self._local: dict[str, Symbol | None] = dict.fromkeys(defined)
        self._names: dict[Symbol, str] = {}
        self._called: dict[tuple[str, str], str] = {}
        self._modules: dict[str, str] = {}

    def add(self, module: str, name: str) -> str:
        """Import `name` from `module` and return what it is called here.

        A name this very module defines is returned as it is.
        """
        if module == self._module:
            return name
        # A pair of texts is found many times faster than a dataclass.
        known = self._called.get((module, name))
        if known is None:
            symbol = Symbol(module=module, name=name)
            known = self._names[symbol] = self._free(name, symbol)
            self._called[module, name] = known
        return known

    def use(self, symbol: Symbol) -> str:
        """Import `symbol` and return what it is called here."""
        return self.add(symbol.module, symbol.name)

    def module(self, module: str, alias: str) -> str:
        """Import a whole module under `alias` and return what it is called here."""
        if module not in self._modules:
            self._modules[module] = self._free(alias, Symbol(module=module, name=""))
        return self._modules[module]

    def _free(self, name: str, symbol: Symbol) -> str:
        while name in self._local:
            name += "_"
        self._local[name] = symbol
        return name

    def render(self) -> tuple[str, ...]:
        """Return the import statements, one a line, sorted; the formatter groups them."""
        lines: list[str] = []
        for module, alias in sorted(self._modules.items()):
            lines.append(f"import {module}" + (f" as {alias}" if alias != module else ""))
        for module in sorted({symbol.module for symbol in self._names}):
            names = sorted(
                (symbol.name, local)
                for symbol, local in self._names.items()
                if symbol.module == module
            )
            lines += (
                f"from {module} import {name}" + (f" as {local}" if local != name else "")
                for name, local in names
            )
        return tuple(lines)

    def entries(self) -> tuple[str, ...]:
        """Return what is imported, sorted: `module:name`, and `module as alias` for modules."""
        modules = [f"{module} as {alias}" for module, alias in self._modules.items()]
        names = [f"{symbol.module}:{symbol.name}" for symbol in self._names]
        return tuple(sorted([*modules, *names]))

    def take(self, entry: str) -> str:
        """Import what another module's `entries` name, and return what it is called here."""
        module, _, alias = entry.partition(" as ")
        if alias:
            return self.module(module, alias)
        module, _, name = entry.partition(":")
        return self.add(module, name)
