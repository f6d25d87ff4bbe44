"""What the templates of hand-written handlers are given: the stub, and the test that it is written.

A stub is its owner's from the moment it is there. Its test fails until the stub does something.
"""

from apigen.ir.behaviour import Command, Handler, Query, Task
from apigen.ir.system import Context, CustomRule, Entity, System
from apigen.python import layout
from apigen.python.identifiers import spell
from apigen.python.imports import ImportSet
from apigen.python.literals import docstring, raising_docstring, text
from apigen.values import dataclass
from apigen.views.application.commands import commands_of, result_source
from apigen.views.application.query_messages import ANSWERS
from apigen.views.application.tasks import custom_tasks, task_summary
from apigen.views.domain.command_methods import has_method, method_parameters
from apigen.views.nouns import a, noun, noun_plural
from apigen.views.read_entities import queries_of


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomFunction:
    """A module with one function that its owner writes."""

    doc: str
    imports: tuple[str, ...]
    name: str
    signature: str
    result: str
    function_doc: str
    missing: str
    """Literal: what is said as long as it is not written."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WrittenTest:
    """A test that a function is written."""

    name: str
    function: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WrittenTests:
    """tests/unit/<context>/test_custom.py."""

    doc: str
    imports: tuple[str, ...]
    tests: tuple[WrittenTest, ...]


def custom_commands(context: Context) -> tuple[Command, ...]:
    """Return the commands of a context that its owner carries out."""
    return tuple(one for one in commands_of(context) if one.handler is Handler.CUSTOM)


def custom_rules(context: Context) -> tuple[tuple[Entity, CustomRule], ...]:
    """Return the invariants of a context that its owner checks, with their entities."""
    return tuple((entity, rule) for entity in context.entities for rule in entity.custom_invariants)


def custom_handler(system: System, command: Command) -> CustomFunction:
    """Return the view of the stub of a command."""
    symbol = layout.custom_handler(system, command)
    imports = ImportSet(symbol.module, [symbol.name])
    message = imports.use(layout.command(system, command))
    work = imports.use(layout.unit_of_work(system, command.context))
    context = imports.use(layout.support(system, "application.command_handlers", "CommandContext"))
    result = result_source(system, command, imports)
    if command.owner is not None and command.returns is None and not command.creates:
        result = f"{result} | None"
    what = command.doc.strip() or f"Carry out `{command.name.text}`."
    raised = [
        f"ProblemError: `ProblemError({text(error.code)}, {error.status}, …)` when: {error.message}"
        for error in command.errors
    ]
    return CustomFunction(
        doc=docstring(
            f"How `{message}` is carried out: written by hand.\n\nThis file was made once, and "
            "apigen never touches it again."
        ),
        name=symbol.name,
        signature=f"command: {message}, work: {work}, context: {context}",
        result=result,
        function_doc=raising_docstring(f"{what}\n\n{_advice(system, command)}", raised, indent=4),
        missing=text(f"{symbol.module.rpartition('.')[2]} is not written yet"),
        imports=imports.render(),
    )


def _advice(system: System, command: Command) -> str:
    """Return how the function gets at what it needs, and what becomes of what it does."""
    commit = "The transaction is committed when it returns, with the events of what was stored."
    if command.owner is None:
        context = next(one for one in system.contexts if one.name.snake == command.context)
        if not context.entities:
            told = any(one.emits for one in context.commands)
            events = ", with the events that `work.publish` was given" if told else ""
            return (
                "`work` is a transaction without anything of its own to store. It is committed "
                f"when this returns{events}."
            )
        return f"It loads and stores by `work`. {commit}"
    entity = system.entities[command.owner]
    repository = f"work.{spell(entity.name.plural_snake)}"
    given = (
        ", ".join(f"{one.name}=…" for one in method_parameters(system, entity, command))
        if has_method(command)
        else ""
    )
    method = spell(command.name.snake)
    if command.creates:
        name = layout.entity_class(system, entity.qname).name
        made = f"`{name}.{method}({given})` makes {a(entity.name)}"
        return f"{made}; `{repository}.add` stores it, and it is what this returns. {commit}"
    found = f"`{repository}.get(command.id)` gives the {noun(entity.name)}, which is there"
    change = f"; its method `{method}({given})` changes it" if has_method(command) else ""
    return f"{found}{change}, `{repository}.save` stores it. {_answer(command)} {commit}"


def _answer(command: Command) -> str:
    if command.returns is not None:
        return "What this returns is the answer."
    return "What this returns is the answer; None: as it is stored then."


def custom_task(system: System, task: Task) -> CustomFunction:
    """Return the view of the stub of a task."""
    symbol = layout.custom_task(system, task)
    imports = ImportSet(symbol.module, [symbol.name])
    kind = imports.use(layout.task(system, task))
    work = imports.use(layout.unit_of_work(system, task.context))
    factory = imports.use(layout.support(system, "application.command_handlers", "WorkFactory"))
    runner = "application.task_runner"
    context = imports.use(layout.support(system, runner, "TaskContext"))
    signature = f"task: {kind}, work: {factory}[{work}], context: {context}"
    reports = ""
    if task.progress:
        progress = imports.use(layout.support(system, runner, "Progress"))
        signature += f", progress: {progress}"
        reports = " `progress.report(done, total)` says how far it is."
    return CustomFunction(
        doc=docstring(
            f"How `{kind}` is carried out: written by hand.\n\nThis file was made once, and "
            "apigen never touches it again."
        ),
        name=symbol.name,
        signature=signature,
        result="None",
        function_doc=raising_docstring(
            f"{task_summary(task)}\n\n`async with work() as transaction:` begins a transaction,"
            " `await transaction.commit()` stores it; long work has several short ones. It may be"
            " begun again after it was interrupted, and after it failed: nothing may be done twice"
            f" that must not be.{reports}",
            ["TaskRefusedError: It can not succeed, so that it is not tried again."],
            indent=4,
        ),
        missing=text(f"{symbol.module.rpartition('.')[2]} is not written yet"),
        imports=imports.render(),
    )


def custom_questions(context: Context) -> tuple[Query, ...]:
    """Return the queries of a context that its owner answers."""
    return tuple(one for one in queries_of(context) if one.handler is Handler.CUSTOM)


def custom_question(system: System, query: Query) -> CustomFunction:
    """Return the view of the stub of a query."""
    symbol = layout.custom_question(system, query)
    imports = ImportSet(symbol.module, [symbol.name])
    message = imports.use(layout.query_message(system, query))
    engine = imports.add("sqlalchemy.ext.asyncio", "AsyncEngine")
    result = imports.use(layout.support(system, "application.results", "ServiceResult"))
    rows = imports.add("sqlalchemy", "Subquery")
    what = query.doc.strip() or f"Answer `{query.name.text}`."
    source = _source_of(system, query)
    key = next(one for one in source.fields if one.attribute == source.identity.fields[0])
    return CustomFunction(
        doc=docstring(
            f"How `{message}` is answered: written by hand.\n\nThis file was made once, and "
            "apigen never touches it again."
        ),
        name=symbol.name,
        signature=f"engine: {engine}, rows: {rows}, query: {message}",
        result=f"{result}[{ANSWERS[query.shape]}]",
        function_doc=docstring(
            f"{what}\n\nReturn `Ok` of JSON as bytes, or of the number or truth that is asked "
            f"for. Whoever asks may ask; `rows` is a table of the {noun_plural(source.name)} that "
            f"they may see, with all columns: `select(rows.c.{key.column})`. The engine sees all "
            "others too.",
            indent=4,
        ),
        missing=text(f"{symbol.module.rpartition('.')[2]} is not written yet"),
        imports=imports.render(),
    )


def _source_of(system: System, query: Query) -> Entity:
    """Return the entity whose rows a query is about."""
    shown = (one.projection for context in system.contexts for one in context.projections)
    sources = {projection.qname: projection.source for projection in shown}
    return system.entities[sources.get(query.source, query.source)]


def custom_rule(system: System, entity: Entity, rule: CustomRule) -> CustomFunction:
    """Return the view of the stub of an invariant."""
    symbol = layout.custom_rule(system, entity, rule)
    imports = ImportSet(symbol.module, [symbol.name])
    name = imports.use(layout.entity_class(system, entity.qname))
    return CustomFunction(
        doc=docstring(
            f"The rule `{rule.code}` of {name}: written by hand.\n\nThis file was made once, and "
            "apigen never touches it again."
        ),
        name=symbol.name,
        signature=f"{spell(entity.name.snake)}: {name}",
        result="None",
        function_doc=raising_docstring(
            f"{rule.message}\n\nCalled before {a(entity.name)} is stored.",
            [f"InvariantViolation: The rule does not hold; its code is `{rule.code}`."],
            indent=4,
        ),
        missing=text(f"{symbol.module.rpartition('.')[2]} is not written yet"),
        imports=imports.render(),
    )


def written_tests(system: System, context: Context) -> WrittenTests | None:
    """Return the view of the tests that what is written by hand is written; None without any."""
    symbols = [layout.custom_handler(system, command) for command in custom_commands(context)]
    symbols += [layout.custom_task(system, task) for task in custom_tasks(context)]
    symbols += [layout.custom_rule(system, entity, rule) for entity, rule in custom_rules(context)]
    symbols += [layout.custom_question(system, query) for query in custom_questions(context)]
    if not symbols:
        return None
    imports = ImportSet("", [])
    imports.use(layout.support(system, "testing.written", "assert_written"))
    tests: list[WrittenTest] = []
    for symbol in symbols:
        package, _, module = symbol.module.rpartition(".")
        tests.append(
            WrittenTest(
                name=f"test_{module}_is_written",
                function=f"{imports.add(package, module)}.{symbol.name}",
            )
        )
    return WrittenTests(
        doc=docstring(
            f"Whether what {noun(context.name)} leaves to be written by hand is written.\n\n"
            "Each of these tests fails until its function does something of its own."
        ),
        imports=imports.render(),
        tests=tuple(tests),
    )
