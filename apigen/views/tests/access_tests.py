"""The end-to-end tests of access: every operation of a context for every caller, as data."""

import re
from collections.abc import Iterator

from apigen.ir.system import Context
from apigen.python import layout
from apigen.python.access_samples import STRANGER, Answer, Caller
from apigen.python.identifiers import spell_module
from apigen.python.imports import ImportSet
from apigen.python.literals import text
from apigen.python.sample_values import Value, Wire
from apigen.views.tests.asked import Asked, Table
from apigen.views.tests.asked_sources import (
    AskedSource,
    AskedTestModule,
    AskedTests,
    Subject,
    subjects,
)
from apigen.views.tests.case_tables import Tables


def access_tests(tables: Tables, context: Context) -> AskedTestModule | None:
    """Return the tests of a context's permissions; None when nobody is asked who they are."""
    system = tables.system
    found = () if system.security is None else tuple(subjects(tables, context))
    if not found:
        return None
    module = f"tests.e2e.{spell_module(context.name.snake)}.test_access"
    imports = ImportSet(module, [f"Test{one.name}Access" for one in found])
    source = AskedSource(tables, imports)
    callers = Callers(source)
    classes: list[AskedTests] = []
    for one in found:
        asked = [each for each in one.asked if each.answers]
        rows = [access_row(source, callers, each, one.table) for each in asked]
        classes.append(
            AskedTests(
                name=f"Test{one.name}Access",
                doc=f"Who may do what with {one.what}.",
                contract=imports.use(layout.support(system, *_contract(one))),
                case_class=source.symbol("access_cases", "AccessCase"),
                arguments=(*source.subject(one), f"operations={source.values.several(rows)}"),
            )
        )
    return AskedTestModule(
        doc=f"Who may do what in {context.name.text}, over HTTP.",
        constants=callers.constants(),
        classes=tuple(classes),
        imports=imports.render(),
    )


def _contract(subject: Subject) -> tuple[str, str]:
    """Return module and name of what the access to a subject is tested by."""
    if subject.is_kept:
        return "testing.contracts.cached_access", "CachedAccessContract"
    return "testing.contracts.access", "AccessContract"


class Callers:
    """Those who ask in one module, each a constant."""

    def __init__(self, source: AskedSource) -> None:
        self._source = source
        self._names: dict[str, str] = {}

    def name(self, caller: Caller) -> str:
        """Return the constant: `ANONYMOUS`, `STAFF`, `CUSTOMER_0_STAFF`."""
        made = _caller(self._source, caller)
        if made not in self._names:
            name = wanted = _constant(caller)
            number = 2
            while name in self._names.values():
                name, number = f"{wanted}_{number}", number + 1
            self._names[made] = name
        return self._names[made]

    def constants(self) -> tuple[str, ...]:
        """Return the assignments, in the order in which they were asked for."""
        return tuple(f"{name} = {made}" for made, name in self._names.items())


def _constant(caller: Caller) -> str:
    """Return a name for a caller: who, unless it is anybody with a role, and in which roles."""
    if not caller.subject:
        return "ANONYMOUS"
    subject = () if caller.roles and caller.subject == STRANGER else (caller.subject,)
    name = re.sub(r"[^0-9A-Za-z]+", "_", "_".join((*subject, *caller.roles))).strip("_").upper()
    return name if name[:1].isalpha() else f"CALLER_{name}".rstrip("_")


def access_row(source: AskedSource, callers: Callers, asked: Asked, table: Table | None) -> str:
    """Return an operation, and what comes of it for each caller, as source."""
    parts = [*source.request(asked, table), *_answers(source, callers, asked)]
    return f"{source.symbol('access_cases', 'AccessRow')}({', '.join(parts)})"


def _answers(source: AskedSource, callers: Callers, asked: Asked) -> Iterator[str]:
    if asked.changed:
        yield f"changed={source.mapping(asked.changed)}"
    if asked.shows:
        yield "shows=True"
    if asked.embedded:
        yield f"embedded={text(asked.embedded)}"
    groups: dict[Answer, list[str]] = {}
    for caller, answer in asked.answers:
        groups.setdefault(answer, []).append(callers.name(caller))
    refused = {
        str(answer.value): source.values.several(groups[answer])
        for answer in (Answer.UNAUTHENTICATED, Answer.FORBIDDEN, Answer.NOT_FOUND)
        if answer in groups
    }
    if refused:
        entries = ", ".join(f"{status}: {those}" for status, those in refused.items())
        yield f"refused={{{entries}}}"
    for argument, answer in (("permitted", Answer.PERMITTED), ("unaware", Answer.UNAWARE)):
        if answer in groups:
            yield f"{argument}={source.values.several(groups[answer])}"


def _caller(source: AskedSource, caller: Caller) -> str:
    parts: list[str] = []
    if caller.subject:
        parts.append(f"subject={text(caller.subject)}")
    if caller.roles:
        parts.append(f"roles={source.values.names(caller.roles)}")
    if caller.claims:
        claims = {name: source.values.wire(_claim(one)) for name, one in caller.claims.items()}
        parts.append(f"claims={source.values.mapping(claims)}")
    return f"{source.symbol('access_cases', 'Caller')}({', '.join(parts)})"


def _claim(value: Value) -> Wire:
    return value if isinstance(value, str | int) else str(value)
