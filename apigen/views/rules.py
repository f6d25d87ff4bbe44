"""Rules of the spec as Python source of a domain module, with their imports."""

from apigen.expr.printed import SUPPORT, Import, Spelling
from apigen.expr.python_printer import print_python
from apigen.ir.expr import TypedExpr
from apigen.ir.system import EnumType, ObjectType, System
from apigen.ir.types import Scalar, ScalarKind
from apigen.python import layout
from apigen.python.identifiers import member_names, spell
from apigen.python.imports import ImportSet


def rule_source(typed: TypedExpr, *, system: System, imports: ImportSet) -> str:
    """Return the rule as a Python expression over `self`."""

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
    now = "now"
    if typed.uses_clock:
        now = f"{imports.use(layout.support(system, 'core.clock', 'utc_now'))}()"
    return print_python(typed, now=now, spelling=spelling).text


def _zero(declared: ObjectType, imports: ImportSet) -> str:
    assert declared.measure is not None
    number = next(f for f in declared.fields if f.attribute == declared.measure.value)
    assert isinstance(number.type, Scalar)
    if number.type.kind is ScalarKind.DECIMAL:
        return f"{imports.add('decimal', 'Decimal')}(0)"
    return "0.0" if number.type.kind is ScalarKind.FLOAT else "0"
