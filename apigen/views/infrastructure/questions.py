"""What the template of a context's questions is given: what each of them means in SQL.

The answer of a query is a condition over the read model of what it asks about. Its message is
`apigen.views.application.query_messages`.
"""

from collections.abc import Iterator

from apigen.expr.python_paths import PythonRoots
from apigen.ir.behaviour import Handler, Query
from apigen.ir.system import Context, System
from apigen.python import layout
from apigen.python.identifiers import spell
from apigen.python.imports import ImportSet
from apigen.python.literals import docstring, text, tuple_of
from apigen.values import dataclass
from apigen.views.infrastructure.kept_answers import answers_are_made_of
from apigen.views.infrastructure.read_models import model_name
from apigen.views.nouns import noun
from apigen.views.paths import resolve
from apigen.views.read_entities import (
    projection_of,
    queries_of,
    sort_path,
    source_of,
    with_projections,
)
from apigen.views.tables.variables import TableVariable, TableVariables


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionFunction:
    """Which rows a question is about."""

    name: str
    message: str
    condition: str
    needs_actor: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionLine:
    """A question, and what answers it."""

    message: str
    arguments: tuple[str, ...]
    """What answers it, and how its answers are kept."""


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionsModule:
    """infrastructure/persistence/<context>/questions.py."""

    doc: str
    imports: tuple[str, ...]
    tables: tuple[TableVariable, ...]
    functions: tuple[QuestionFunction, ...]
    register: str
    register_doc: str
    lines: tuple[QuestionLine, ...]


def has_questions(system: System) -> bool:
    """Tell whether there is any question with a name."""
    return any(queries_of(context) for context in system.contexts)


def register_questions(context: Context) -> str:
    """Return the function that registers the questions of a context."""
    return f"register_{context.name.snake}_questions"


def questions_module(context: Context, system: System) -> QuestionsModule:
    """Return the view of a context's questions; only for a context that has some."""
    return _Writer(context, with_projections(system)).module()


class _Writer:
    def __init__(self, context: Context, system: System) -> None:
        self._context = context
        self._system = system
        persistence = layout.persistence(system, context.name.snake)
        self._persistence = persistence
        self._queries = queries_of(context)
        functions = [f"_{_snake(system, query)}" for query in self._queries]
        register = register_questions(context)
        defined = [*functions, register, "bus", "engine", "query", "actor"]
        self._imports = ImportSet(f"{persistence}.questions", defined)
        self._tables = TableVariables(f"{persistence}.rows", system, self._imports)

    def _support(self, module: str, name: str) -> str:
        return self._imports.use(layout.support(self._system, module, name))

    def module(self) -> QuestionsModule:
        """Return the view."""
        functions = tuple(self._functions())
        lines = tuple(self._line(query) for query in self._queries)
        self._support("application.buses", "QueryBus")
        self._imports.add("sqlalchemy.ext.asyncio", "AsyncEngine")
        if functions:
            self._imports.add("sqlalchemy", "ColumnElement")
        if any(function.needs_actor for function in functions):
            self._support("core.context", "current_context")
        words = noun(self._context.name)
        return QuestionsModule(
            doc=docstring(f"What the questions of {words} mean in SQL, and who answers them."),
            tables=self._tables.lines(),
            functions=functions,
            register=register_questions(self._context),
            register_doc=docstring(
                f"Let the bus take every question of {words} to its answer.", indent=4
            ),
            lines=lines,
            imports=self._imports.render(),
        )

    def _functions(self) -> Iterator[QuestionFunction]:
        roots = PythonRoots(input=lambda attribute: f"query.{spell(attribute)}")
        for query in self._queries:
            if query.where is None or query.handler is Handler.CUSTOM:
                continue
            source = source_of(self._system, query)
            projection = projection_of(self._system, source)
            owner = source.qname if projection is None else projection.source
            yield QuestionFunction(
                name=f"_{_snake(self._system, query)}",
                message=self._imports.use(layout.query_message(self._system, query)),
                condition=self._tables.condition(query.where, owner, roots),
                needs_actor=query.where.uses_actor,
            )

    def _line(self, query: Query) -> QuestionLine:
        message = self._imports.use(layout.query_message(self._system, query))
        source = source_of(self._system, query)
        model = self._imports.add(f"{self._persistence}.read_models", model_name(source))
        arguments = ["engine", model, f"operation={text(query.name.snake)}"]
        if query.where is not None:
            arguments.append(f"where=_{_snake(self._system, query)}")
        if query.handler is Handler.CUSTOM:
            return self._written(query, message, arguments)
        if query.sort:
            arguments.append(f"sort={tuple_of(self._sort(query))}")
        if source.resource is not None:
            constant = self._imports.use(layout.query(self._system, source))
            arguments.append(f"paging={constant}.paging")
        if query.limit is not None:
            arguments.append(f"limit={query.limit}")
        arguments += self._access(query)
        question = self._support("infrastructure.questions", "SqlQuestion")
        answer = f"{question}[{message}]({', '.join(arguments)}).{query.shape.value}"
        return QuestionLine(message=message, arguments=(answer, *self._kept(query)))

    def _written(self, query: Query, message: str, arguments: list[str]) -> QuestionLine:
        """Return a question that its owner answers.

        What the answer is made of is not known, so that any change makes a kept one stale.
        """
        custom = layout.custom_question(self._system, query)
        package, _, module = custom.module.rpartition(".")
        function = f"{self._imports.add(package, module)}.{custom.name}"
        question = self._support("infrastructure.questions", "SqlQuestion")
        asked = ", ".join((*arguments, *self._access(query)))
        answer = f"{question}[{message}]({asked}).written({function})"
        return QuestionLine(message=message, arguments=(answer, *self._tags(query)))

    def _access(self, query: Query) -> Iterator[str]:
        """Yield who may ask, where that is not said of what is read."""
        if query.owner is None and self._system.security is not None:
            yield f"access={self._reading(query)}"

    def _kept(self, query: Query) -> Iterator[str]:
        """Yield the argument that says whose change makes a kept answer stale, if it is kept."""
        if query.cache is None:
            return
        read = answers_are_made_of(self._system, query)
        kinds = [self._imports.use(layout.entity_class(self._system, one)) for one in read]
        yield f"reads={tuple_of(kinds)}"
        yield from self._tags(query)

    def _tags(self, query: Query) -> Iterator[str]:
        if query.cache is not None and query.cache.tags:
            yield f"tags={tuple_of(map(text, query.cache.tags))}"

    def _reading(self, query: Query) -> str:
        """Return who may ask."""
        if query.owner is None:
            reading = layout.operations_reading(self._system, self._context.name.snake)
        else:
            reading = layout.reading(self._system, self._system.entities[query.owner])
        return self._imports.use(reading)

    def _sort(self, query: Query) -> Iterator[str]:
        sort = self._support("application.queries", "Sort")
        source = source_of(self._system, query)
        for step in query.sort:
            path = sort_path(self._system, source, step.attribute)
            names = "".join(f"{text(name)}, " for name in resolve(self._system, source, path).wire)
            descending = ", descending=True" if step.descending else ""
            yield f"{sort}(path=({names}){descending})"


def _snake(system: System, query: Query) -> str:
    return layout.query_snake(system, query)
