"""How Python source reaches what a path names: the object, a variable of the method, the actor."""

from collections.abc import Callable
from dataclasses import field

from apigen.expr.kinds import kind_of
from apigen.expr.printed import SUPPORT, Needs, Spelling
from apigen.expr.tree import ACTOR_FUNCTIONS, follows_ref, walk
from apigen.ir.expr import Call, Expr, Path, Root, Step
from apigen.ir.types import IdOf, RefTo, ScalarKind, TypeRef
from apigen.values import dataclass

_LOCALIZED = f"{SUPPORT}.domain.localized"
_OF_EVERY_ACTOR = frozenset({"id", "roles", "scopes"})
_ENVELOPE = frozenset({"event_id", "occurred_at", "aggregate_id"})


def _same(name: str) -> str:
    return name


def _old(attribute: str) -> str:
    return f"old_{attribute}"


def _of_event(attribute: str) -> str:
    return f"event.{attribute}" if attribute in _ENVELOPE else f"event.payload.{attribute}"


def _loaded(root: Root, attribute: str) -> str:
    return attribute.removesuffix("_id")


_CLAIM_TYPES = {
    ScalarKind.INT: "int",
    ScalarKind.BIGINT: "int",
    ScalarKind.FLOAT: "float",
    ScalarKind.BOOL: "bool",
}


def _claim(name: str, type_: TypeRef, nullable: bool) -> str:  # a Callable's
    kind = kind_of(type_)
    python = _CLAIM_TYPES.get(kind, "str") if kind is not None else "str"
    return f"actor.{'optional_claim' if nullable else 'claim'}({name!r}, {python})"


@dataclass(frozen=True, slots=True, kw_only=True)
class PythonRoots:
    """Source of what rules of behaviour begin with. The defaults suit names that need no care."""

    actor: str = "actor"
    """Of the `Actor`."""
    input: Callable[[str], str] = field(default=_same)
    """Attribute of an input, `product_id` for a ref too (where the method is given the loaded
    aggregate in its place, that is `product.id`)."""
    old: Callable[[str], str] = field(default=_old)
    """Attribute to the variable that holds its value before the command."""
    event: Callable[[str], str] = field(default=_of_event)
    """`event_id`, `occurred_at`, `aggregate_id`, or an attribute of the payload."""
    loaded: Callable[[Root, str], str] = field(default=_loaded)
    """SELF or INPUT, and the attribute of a ref that is followed, to the loaded aggregate."""
    claim: Callable[[str, TypeRef, bool], str] = field(default=_claim)
    """Attribute, type and nullability of a claim to its value, which is of that type."""


DEFAULT_ROOTS = PythonRoots()


class PythonPaths:
    """Prints paths that do not begin at a variable of a comprehension."""

    def __init__(self, owner: str, roots: PythonRoots, spelling: Spelling, needs: Needs) -> None:
        """Print with `owner` as source of the object whose rule it is."""
        self._owner = owner
        self._roots = roots
        self._spelling = spelling
        self._needs = needs

    def begin(self, path: Path) -> tuple[str, tuple[Step, ...]]:
        """Return source of where a path begins, and the steps that are left."""
        roots, steps = self._roots, path.steps
        match path.root:
            case Root.SELF | Root.INPUT if follows_ref(path):
                return roots.loaded(path.root, steps[0].attribute), steps[1:]
            case Root.SELF:
                return self._owner, steps
            case Root.INPUT:
                return roots.input(steps[0].attribute), steps[1:]
            case Root.OLD:
                return roots.old(steps[0].attribute), steps[1:]
            case Root.EVENT:
                return roots.event(steps[0].attribute), steps[1:]
            case Root.ACTOR:
                first = steps[0]
                if first.attribute in _OF_EVERY_ACTOR:
                    return f"{roots.actor}.{first.attribute}", steps[1:]
                return roots.claim(first.attribute, first.type, first.nullable), steps[1:]
            case _:
                raise ValueError(f"Python has no {path.root.value}")

    def follow(self, text: str, before: TypeRef | None, steps: tuple[Step, ...]) -> str:
        """Return source of some steps from a value; `before` is its type when it is a scalar."""
        for step in steps:
            kind = kind_of(before)
            if kind is ScalarKind.DATETIME:
                utc = f"{self._needs.module('datetime', 'dt')}.UTC"
                text = f"{text}.astimezone({utc}).{step.attribute}"
            elif kind is not None:
                text = f"{text}.{step.attribute}"
            else:
                text = f"{text}.{self._spelling.attribute(step.attribute)}"
            before = step.type
        return text

    def print(self, path: Path) -> str:
        """Return source of a path."""
        text, steps = self.begin(path)
        taken = len(path.steps) - len(steps)
        before = path.steps[taken - 1].type if taken else None
        text = self.follow(text, None if isinstance(before, IdOf | RefTo) else before, steps)
        return self.spoken(text, path)

    def spoken(self, text: str, path: Path) -> str:
        """Return source of what a path leads to: of a localized text, in the default locale."""
        if not path.locale:
            return text
        if not path.nullable:
            return f"{text}[{path.locale!r}]"
        return f"{self._needs.name(_LOCALIZED, 'text_of')}({text}, {path.locale!r})"

    def guarded(self, path: Path) -> str:
        """Return source that gives None where a step on the way is null.

        For a value that is read before the test around it is made.
        """
        text, steps = self.begin(path)
        taken = len(path.steps) - len(steps)
        tests: list[str] = []
        before = path.steps[taken - 1]
        for step in steps:
            if before.nullable:
                tests.append(f"{text} is not None")
            kind = kind_of(before.type)
            text = self.follow(text, before.type if kind is not None else None, (step,))
            before = step
        text = self.spoken(text, path)
        return f"({text} if {' and '.join(tests)} else None)" if tests else text

    def heads(self, expr: Expr) -> frozenset[str]:
        """Return the variables that the paths of an expression begin with."""
        found: set[str] = set()
        for node in walk(expr):
            if isinstance(node, Path) and node.root not in (Root.VARIABLE, Root.ENTITIES):
                text, _ = self.begin(node)
                found.add(text.partition(".")[0].partition("(")[0])
            elif isinstance(node, Call) and node.function in ACTOR_FUNCTIONS:
                found.add(self._roots.actor.partition(".")[0])
        return frozenset(found)
