"""The methods of an aggregate that commands call: parameters, statements and docstring of each.

A method asks for the state, then for its guards in the spec's order, then changes, moves on, and
records what has happened. How a rule is spelled is `command_rules`.
"""

from collections.abc import Iterator

from apigen.ir.behaviour import (
    Append,
    Assign,
    Command,
    Emission,
    Erase,
    Move,
    RemoveChildren,
)
from apigen.ir.expr import Arithmetic, Const, Expr, Path, Root, TypedExpr
from apigen.ir.field import Field
from apigen.ir.system import Child, Entity, EnumType, System
from apigen.ir.types import ActorDefault, LocalizedText
from apigen.python import layout
from apigen.python.identifiers import member_names, spell, spell_variable
from apigen.python.imports import ImportSet
from apigen.python.literals import raising_docstring, text
from apigen.values import dataclass
from apigen.views.domain.command_rules import ACTOR, CommandRules, Parameter
from apigen.views.domain.command_values import (
    actor_rule,
    as_type,
    as_written,
    event_source,
    guarded,
    is_spoken,
)
from apigen.views.domain.erasure import erased


@dataclass(frozen=True, slots=True, kw_only=True)
class CommandMethod:
    """One method, or classmethod, of an aggregate."""

    name: str
    is_factory: bool
    signature: str
    """`self, *, now: dt.datetime`."""
    result: str
    doc: str
    statements: tuple[str, ...]


def has_method(command: Command) -> bool:
    """Tell whether the aggregate has a method for the command.

    A command of a context has no aggregate; one that only its own handler knows to do has nothing
    that the aggregate could be asked for.
    """
    if command.owner is None:
        return False
    return bool(
        command.creates or command.move or command.guards or command.effects or command.emits
    )


def command_methods(
    system: System, entity: Entity, imports: ImportSet
) -> tuple[CommandMethod, ...]:
    """Return the methods of an aggregate, in the order of its commands."""
    return tuple(
        _Writer(system, entity, command, imports).method()
        for command in entity.commands
        if has_method(command)
    )


def method_parameters(system: System, entity: Entity, command: Command) -> tuple[Parameter, ...]:
    """Return what the method of a command is given, all of it by keyword."""
    return _Writer(system, entity, command, ImportSet("")).parameters()


def state_member(system: System, enum: str, state: str, imports: ImportSet) -> str:
    """Return source of a state: `OrderStatus.DRAFT`."""
    declared = system.types[enum]
    assert isinstance(declared, EnumType)
    return f"{imports.use(layout.value_type(system, enum))}.{member_names(declared)[state]}"


class _Writer:
    def __init__(
        self, system: System, entity: Entity, command: Command, imports: ImportSet
    ) -> None:
        self._system = system
        self._entity = entity
        self._command = command
        self._imports = imports
        self._rules = CommandRules(system, command, imports)
        self._parameters = self._rules.parameters()
        taken = {parameter.name for parameter in self._parameters}
        self._owner = spell_variable(entity.name.snake, taken) if command.creates else "self"

    def parameters(self) -> tuple[Parameter, ...]:
        """Return the keyword-only parameters."""
        is_given = any(one.name == ACTOR for one in self._parameters)
        if is_given or not (self._command.creates and self._from_actor()):
            return self._parameters
        actor = layout.support(self._system, "core.actor", "Actor")
        return (Parameter(name=ACTOR, annotation=self._imports.use(actor)), *self._parameters)

    def method(self) -> CommandMethod:
        command = self._command
        doc, raised = self._doc()
        parameters = [f"{one.name}: {one.annotation}" for one in self.parameters()]
        statements = list(self._factory() if command.creates else self._change())
        statements += [self._recorded(emission) for emission in command.emits]
        if command.creates:
            statements.append(f"return {self._owner}")
        return CommandMethod(
            name=spell(command.name.snake),
            is_factory=command.creates,
            signature=", ".join(
                ("cls" if command.creates else "self", *(("*", *parameters) if parameters else ()))
            ),
            result=self._imports.add("typing", "Self") if command.creates else "None",
            doc=raising_docstring(doc, raised, indent=8),
            statements=tuple(statements),
        )

    # What happens.

    def _change(self) -> Iterator[str]:
        command = self._command
        if command.move is not None:
            yield self._required_state(command.move)
        for guard in command.guards:
            yield guarded(guard, self._rules, self._system, self._imports, owner=self._owner)
        for attribute in self._rules.old_attributes:
            yield f"old_{attribute} = self.{spell(attribute)}"
        yield from self._effects()
        if command.move is not None:
            yield f"self.{self._status()} = {self._state(command.move.target)}"

    def _factory(self) -> Iterator[str]:
        command = self._command
        given = [
            (one.attribute, self._assigned(self._field(self._entity, one.attribute), one.value))
            for one in command.effects
            if isinstance(one, Assign)
        ]
        given += self._from_actor()
        if command.move is not None and self._entity.lifecycle is not None:
            given.append((self._entity.lifecycle.field, self._state(command.move.target)))
        arguments = ", ".join(f"{spell(name)}={source}" for name, source in given)
        yield f"{self._owner} = cls({arguments})"
        for guard in command.guards:
            yield guarded(guard, self._rules, self._system, self._imports, owner=self._owner)
        yield from self._effects()

    def _from_actor(self) -> list[tuple[str, str]]:
        """Return the fields that say who made the aggregate, and where that comes from."""
        assigned = {one.attribute for one in self._command.effects if isinstance(one, Assign)}
        return [
            (field.attribute, self._assigned(field, actor_rule(field, field.default, self._system)))
            for field in self._entity.fields
            if isinstance(field.default, ActorDefault) and field.attribute not in assigned
        ]

    def _required_state(self, move: Move) -> str:
        states = ", ".join(self._state(state) for state in move.sources)
        if len(move.sources) == 1:
            states += ","
        action = text(self._command.name.snake.replace("_", " "))
        return f"self.require_state({action}, self.{self._status()}, ({states}))"

    def _status(self) -> str:
        assert self._entity.lifecycle is not None
        return spell(self._entity.lifecycle.field)

    def _state(self, state: str) -> str:
        assert self._entity.lifecycle is not None
        return state_member(self._system, self._entity.lifecycle.enum, state, self._imports)

    def _effects(self) -> Iterator[str]:
        for effect in self._command.effects:
            match effect:
                case Assign(attribute=attribute, value=value):
                    # A factory gives them to the constructor.
                    if not self._command.creates:
                        yield self._set(attribute, value)
                case Append():
                    yield self._appended(effect)
                case RemoveChildren():
                    yield self._removed(effect)
                case Erase(attributes=attributes):
                    for attribute in attributes:
                        field = self._field(self._entity, attribute)
                        source = erased(
                            field,
                            self._entity,
                            owner=self._owner,
                            system=self._system,
                            imports=self._imports,
                        )
                        yield f"{self._owner}.{spell(attribute)} = {source}"
                    if self._entity.audit is not None:
                        yield f"{self._owner}.mark_erased()"

    def _set(self, attribute: str, value: TypedExpr) -> str:
        name = f"self.{spell(attribute)}"
        field = self._field(self._entity, attribute)
        if isinstance(field.type, LocalizedText):
            return f"{name} = {self._translated(field.type, name, value)}"
        source = self._assigned(field, value)
        change = value.tree
        # As a person would write it: `self.stock += quantity`.
        if (
            isinstance(change, Arithmetic)
            and change.op in "+-"
            and _is_field(change.left, attribute)
        ):
            start = f"{name} {change.op} "
            if source.startswith(start):
                return f"{name} {change.op}= {source.removeprefix(start)}"
        return f"{name} = {source}"

    def _translated(self, type_: LocalizedText, name: str, value: TypedExpr) -> str:
        """Return what a localized text becomes: it keeps the locales that nothing is said of."""
        tree = value.tree
        source = self._rules.source(as_written(type_, value), owner=self._owner)
        is_null = isinstance(tree, Const) and tree.value is None
        if is_null or (is_spoken(value) and isinstance(tree, Path) and tree.root is not Root.INPUT):
            return source
        change = layout.support(self._system, "domain.localized", "with_changes")
        changes = source if is_spoken(value) else f"{{{text(type_.default)}: {source}}}"
        changed = f"{self._imports.use(change)}({name}, {changes})"
        return f"None if {source} is None else {changed}" if value.nullable else changed

    def _appended(self, append: Append) -> str:
        child = self._system.children[append.child]
        name = self._imports.use(layout.entity_class(self._system, child.qname))
        arguments = ", ".join(
            f"{spell(one.attribute)}={self._assigned(self._field(child, one.attribute), one.value)}"
            for one in append.values
        )
        collection = f"{self._owner}.{spell(append.collection)}"
        if child.to_one:
            return f"{collection} = {name}({arguments})"
        return f"{collection}.append({name}({arguments}))"

    def _removed(self, removal: RemoveChildren) -> str:
        child = self._system.children[removal.child]
        collection = f"{self._owner}.{spell(removal.collection)}"
        if child.to_one:
            condition = self._rules.source(removal.condition, owner=collection)
            return f"if {collection} is not None and ({condition}):\n    {collection} = None"
        taken = {parameter.name for parameter in self._parameters}
        each = spell_variable(child.class_name.snake, taken)
        kept = self._rules.refusal(removal.condition, owner=each)
        return f"{collection} = [{each} for {each} in {collection} if {kept}]"

    def _field(self, owner: Entity | Child, attribute: str) -> Field:
        return next(one for one in owner.fields if one.attribute == attribute)

    def _assigned(self, field: Field, value: TypedExpr) -> str:
        source = self._rules.source(as_written(field.type, value), owner=self._owner)
        return as_type(field.type, value, source, self._system, self._imports)

    def _recorded(self, emission: Emission) -> str:
        event = event_source(emission, self._rules, self._system, self._imports, owner=self._owner)
        return f"{self._owner}.record({event})"

    # What the docstring says.

    def _doc(self) -> tuple[str, tuple[str, ...]]:
        """Return what the method does, and what it raises, a line each."""
        command = self._command
        doc = command.doc.strip() or self._summary()
        raised: list[str] = []
        if command.move is not None and not command.creates:
            names = [state.replace("_", " ") for state in command.move.sources]
            raised.append(f"InvalidStateError: It is not {_alternatives(names)}.")
        if command.guards:
            codes = ", ".join(f"`{guard.code}`" for guard in command.guards)
            raised.append(f"GuardViolation: {codes}.")
        return doc, tuple(raised)

    def _summary(self) -> str:
        words = self._command.name.snake.split("_")
        verb = " ".join(words).capitalize()
        if len(words) > 1:
            return f"{verb}."
        noun = self._entity.name.snake.replace("_", " ")
        article = ("an" if noun[0] in "aeiou" else "a") if self._command.creates else "the"
        return f"{verb} {article} {noun}."


def _is_field(expr: Expr, attribute: str) -> bool:
    return (
        isinstance(expr, Path)
        and expr.root is Root.SELF
        and len(expr.steps) == 1
        and expr.steps[0].attribute == attribute
    )


def _alternatives(names: list[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} or {names[-1]}"
