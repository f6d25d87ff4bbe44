"""Rules of the spec as Python source of a domain module, with their imports."""

from collections.abc import Callable

from apigen.expr.printed import SUPPORT, Import, Spelling
from apigen.expr.python_paths import PythonRoots
from apigen.expr.python_printer import print_python
from apigen.ir.expr import TypedExpr
from apigen.ir.system import EnumType, ObjectType, System
from apigen.ir.types import IdOf, ListOf, Scalar, ScalarKind, SetOf, TypeRef
from apigen.python import layout
from apigen.python.annotations import id_base, scalar_type
from apigen.python.identifiers import member_names, spell
from apigen.python.imports import ImportSet
from apigen.python.literals import text

RULE_NAMES = frozenset(
    {
        *("Decimal", "abs", "all", "any", "dt", "float", "int", "len", "max", "min", "re", "sum"),
        *("UUID", "coalesce", "divide", "divide_or_none", "floor_divide", "floor_divide_or_none"),
        *("modulo", "modulo_or_none", "ratio_or_none", "round_half_up", "sum_of", "utc_date"),
        "years_between",
    }
)
"""What printed rules may call, so that no variable beside them may have such a name."""


def rule_source(
    typed: TypedExpr,
    *,
    system: System,
    imports: ImportSet,
    owner: str = "self",
    now: str | None = None,
    actor: str = "actor",
) -> str:
    """Return the rule as a Python expression.

    Args:
        typed: The rule.
        system: The system.
        imports: Gets what the expression needs.
        owner: What bare names are attributes of.
        now: What the present is called; None: the clock is read.
        actor: Source of who is acting.
    """

    def member(enum: str, name: str) -> str:
        declared = system.types[enum]
        assert isinstance(declared, EnumType)
        return member_names(declared)[name]

    def zero(qname: str, class_name: str) -> str:
        declared = system.types[qname]
        assert isinstance(declared, ObjectType)
        assert declared.measure is not None
        # The unit has a default: the rule checker sees to it.
        return f"{class_name}({spell(declared.measure.value)}={_zero(declared, imports)})"

    def imported(wanted: Import) -> str:
        module = wanted.module
        if module.startswith(f"{SUPPORT}."):
            module = f"{system.app.package}.{module}"
        if wanted.name:
            return imports.add(module, wanted.name)
        return imports.module(module, wanted.alias or module)

    spelling = Spelling(
        attribute=spell,
        type_name=lambda qname: imports.use(layout.value_type(system, qname)),
        member=member,
        zero=zero,
        imported=imported,
    )
    present = now or "now"
    if typed.uses_clock and now is None:
        present = f"{imports.use(layout.support(system, 'core.clock', 'utc_now'))}()"

    roots = PythonRoots(actor=actor, claim=claims(system, imports, actor))
    return print_python(typed, owner=owner, now=present, spelling=spelling, roots=roots).text


def claims(
    system: System, imports: ImportSet, actor: str = "actor"
) -> Callable[[str, TypeRef, bool], str]:
    """Return what spells a claim of a token by its name, its type and whether it may be missing."""

    def claim(name: str, type_: TypeRef, nullable: bool) -> str:
        kind = _claim_type(type_, system, imports)
        return f"{actor}.{'optional_claim' if nullable else 'claim'}({text(name)}, {kind})"

    return claim


def _claim_type(type_: TypeRef, system: System, imports: ImportSet) -> str:
    """Return what a claim of a token is read as: of an identifier, what that is made of."""
    match type_:
        case Scalar():
            return scalar_type(type_, system=system, imports=imports, base=True)
        case IdOf(target=target):
            made = id_base(system, target)
            return "str" if made is None else _claim_type(made, system, imports)
        case ListOf(item=item) | SetOf(item=item):
            return f"list[{_claim_type(item, system, imports)}]"
        case _:
            return "str"


def _zero(declared: ObjectType, imports: ImportSet) -> str:
    assert declared.measure is not None
    number = next(f for f in declared.fields if f.attribute == declared.measure.value)
    assert isinstance(number.type, Scalar)
    if number.type.kind is ScalarKind.DECIMAL:
        return f"{imports.add('decimal', 'Decimal')}(0)"
    return "0.0" if number.type.kind is ScalarKind.FLOAT else "0"
