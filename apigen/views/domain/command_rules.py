"""The rules of one command as Python source inside its method, and what the method is given.

A rule reads the aggregate, inputs, who is acting, the present, and aggregates behind a ref; all
but the first are parameters. Which statements the rules make is `command_methods`.
"""

from dataclasses import replace

from apigen.expr.kinds import is_float
from apigen.expr.tree import type_of, walk
from apigen.ir.behaviour import Append, Assign, Command, Erase, RemoveChildren
from apigen.ir.expr import (
    Call,
    Compare,
    Comprehension,
    Conditional,
    Const,
    Expr,
    Navigation,
    Not,
    Path,
    Root,
    TypedExpr,
)
from apigen.ir.field import Field
from apigen.ir.system import Entity, System
from apigen.python import layout
from apigen.python.annotations import domain_annotation, optional
from apigen.python.identifiers import spell_input, spell_variable
from apigen.python.imports import ImportSet
from apigen.values import dataclass
from apigen.views.domain.path_rewriting import with_paths
from apigen.views.domain.rules import RULE_NAMES, rule_source

NOW, ACTOR = "now", "actor"
_OPPOSITES = {"<": ">=", ">=": "<", ">": "<=", "<=": ">"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Loaded:
    """An aggregate behind a ref that the rules of a command follow."""

    navigation: Navigation
    variable: str
    """What the method calls it."""
    nullable: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameter:
    """A parameter of the method of a command."""

    name: str
    annotation: str
    field: Field | None = None
    """The input that it is, unless it is the aggregate behind one."""
    loaded: Loaded | None = None


def rules_of(command: Command) -> tuple[TypedExpr, ...]:
    """Return every rule that the method of a command works out, in order."""
    found = [guard.condition for guard in command.guards]
    for effect in command.effects:
        match effect:
            case Assign(value=value):
                found.append(value)
            case Append(values=values):
                found += [one.value for one in values]
            case RemoveChildren(condition=condition):
                found.append(condition)
            case Erase():
                pass
    found += [one.value for emission in command.emits for one in emission.values]
    return tuple(found)


def loaded_by(command: Command, system: System) -> tuple[Loaded, ...]:
    """Return the aggregates that have to be loaded before the method can be called."""
    owner = system.entities[command.owner] if command.owner is not None else None
    found: dict[Navigation, Loaded] = {}
    taken = {field.attribute for field in command.input} | {NOW, ACTOR, "self"}
    for rule in rules_of(command):
        for navigation in rule.navigates:
            if navigation in found:
                continue
            fields = command.input if navigation.root is Root.INPUT else _fields(owner)
            field = next(one for one in fields if one.attribute == navigation.attribute)
            name = spell_variable(field.name.snake, taken | RULE_NAMES)
            taken.add(name)
            found[navigation] = Loaded(
                navigation=navigation, variable=name, nullable=field.nullable
            )
    return tuple(found.values())


def _fields(owner: Entity | None) -> tuple[Field, ...]:
    return owner.fields if owner is not None else ()


class CommandRules:
    """Spells the rules of a command for the method of its aggregate."""

    def __init__(
        self, system: System, command: Command, imports: ImportSet, *, message: str | None = None
    ) -> None:
        """Write for the module whose imports these are.

        Args:
            system: The system.
            command: Whose rules they are.
            imports: Gets what they need.
            message: What has the inputs as attributes; None: each is a variable of its own.
        """
        self._message = message
        self._system = system
        self._command = command
        self._imports = imports
        self._rules = rules_of(command)
        self._loaded = {one.navigation: one for one in loaded_by(command, system)}
        self._inputs = {one.attribute: one for one in command.input}
        self._taken = RULE_NAMES | _variables(self._rules)

    @property
    def uses_clock(self) -> bool:
        """Whether a rule asks for the present."""
        return any(rule.uses_clock for rule in self._rules)

    @property
    def present(self) -> str:
        """Source of the present."""
        return NOW if self._message is None else f"context.{NOW}"

    @property
    def old_attributes(self) -> tuple[str, ...]:
        """What is read as it was before the command."""
        return tuple(sorted({name for rule in self._rules for name in rule.reads_old}))

    def parameters(self) -> tuple[Parameter, ...]:
        """Return what the method is given: the present, who acts, inputs and what is behind refs.

        An input that no rule reads is none of the method's business.
        """
        made: list[Parameter] = []
        if self.uses_clock:
            dt = self._imports.module("datetime", "dt")
            made.append(Parameter(name=NOW, annotation=f"{dt}.datetime"))
        if any(rule.uses_actor for rule in self._rules):
            actor = layout.support(self._system, "core.actor", "Actor")
            made.append(Parameter(name=ACTOR, annotation=self._imports.use(actor)))
        read = {name for rule in self._rules for name in rule.inputs}
        for field in self._command.input:
            if field.attribute in read and self._behind(Root.INPUT, field.attribute) is None:
                annotation = domain_annotation(
                    field.type, system=self._system, imports=self._imports
                )
                made.append(
                    Parameter(
                        name=self._input(field.attribute),
                        annotation=optional(annotation, field.nullable),
                        field=field,
                    )
                )
        for loaded in self._loaded.values():
            target = layout.entity_class(self._system, loaded.navigation.target)
            annotation = optional(self._imports.use(target), loaded.nullable)
            if self._is_later(loaded.navigation.target):
                annotation = f'"{annotation}"'
            made.append(Parameter(name=loaded.variable, annotation=annotation, loaded=loaded))
        return tuple(made)

    def _is_later(self, target: str) -> bool:
        """Tell whether the class of an aggregate is not there yet where the method is defined."""
        context = self._command.context
        names = [qname for qname in self._system.entities if layout.context_of(qname) == context]
        owner = self._command.owner
        return owner is not None and names.index(target) >= names.index(owner)

    def source(self, rule: TypedExpr, *, owner: str = "self") -> str:
        """Return a rule as an expression; bare names are attributes of `owner`."""
        return self.expression(rule, rule.tree, owner=owner)

    def refusal(self, rule: TypedExpr, *, owner: str = "self") -> str:
        """Return the opposite of a rule as an expression."""
        return self.expression(rule, opposite(rule.tree, rule), owner=owner)

    def expression(self, rule: TypedExpr, tree: Expr, *, owner: str) -> str:
        """Return a tree made of a rule's as an expression."""
        typed = replace(rule, tree=with_paths(tree, self._path))
        around = "" if self._message is None else "context."
        return rule_source(
            typed,
            system=self._system,
            imports=self._imports,
            owner=owner,
            now=around + NOW,
            actor=around + ACTOR,
        )

    def _input(self, attribute: str) -> str:
        return spell_variable(attribute, self._taken | {NOW, ACTOR, "self", "cls"})

    def _behind(self, root: Root, attribute: str) -> Loaded | None:
        return next(
            (
                one
                for one in self._loaded.values()
                if one.navigation.root is root and one.navigation.attribute == attribute
            ),
            None,
        )

    def _path(self, path: Path, is_tested: bool) -> Expr:
        """Return a path that does not begin at the aggregate from a variable."""
        if not path.steps:
            return path
        first, rest = path.steps[0], path.steps[1:]
        loaded = self._behind(path.root, first.attribute)
        if loaded is not None and is_tested and not rest:
            return replace(path, root=Root.VARIABLE, variable=loaded.variable, steps=())
        if loaded is not None and (rest or path.root is Root.INPUT):
            return self._through(path, loaded)
        match path.root:
            case Root.INPUT if self._message is not None:
                step = replace(first, attribute=spell_input(first.attribute))
                return replace(
                    path, root=Root.VARIABLE, variable=self._message, steps=(step, *rest)
                )
            case Root.INPUT:
                name = self._input(first.attribute)
            case Root.OLD:
                name = f"old_{first.attribute}"
            case _:
                return path
        return replace(path, root=Root.VARIABLE, variable=name, steps=rest)

    def _through(self, path: Path, loaded: Loaded) -> Expr:
        """Return a path that goes on from a loaded aggregate; a ref alone is its identifier."""
        first, rest = path.steps[0], path.steps[1:]
        steps = rest or (replace(first, attribute="id", nullable=False),)
        there = replace(path, root=Root.VARIABLE, variable=loaded.variable, steps=steps)
        if not (loaded.nullable and path.nullable):
            return there
        target = replace(path, root=Root.VARIABLE, variable=loaded.variable, steps=())
        return Conditional(
            test=Compare(op="is", left=target, right=Const(value=None, type=None), type=path.type),
            body=Const(value=None, type=None),
            orelse=there,
            type=path.type,
            nullable=True,
        )


def opposite(tree: Expr, rule: TypedExpr) -> Expr:
    """Return the negation as a person would write it."""
    if isinstance(tree, Not):
        return tree.operand
    if not isinstance(tree, Compare) or tree.op not in _OPPOSITES:
        return Not(operand=tree, type=rule.type)
    if is_float(type_of(tree.left)) or is_float(type_of(tree.right)):
        # Numbers that are none make both false.
        return Not(operand=tree, type=rule.type)
    is_count = isinstance(tree.left, Call) and tree.left.function in ("len", "count")
    is_zero = isinstance(tree.right, Const) and tree.right.value == 0
    is_empty = is_count and is_zero and tree.op == ">"
    return replace(tree, op="==" if is_empty else _OPPOSITES[tree.op])


def _variables(rules: tuple[TypedExpr, ...]) -> frozenset[str]:
    """Return the variables of comprehensions: a parameter of such a name could not be read."""
    return frozenset(
        node.variable
        for rule in rules
        for node in walk(rule.tree)
        if isinstance(node, Comprehension)
    )
