"""Facts about a typed tree: whether it can be null, what it reads, how far SQL gets with it."""

from collections.abc import Iterator

from apigen.diagnostics import Span
from apigen.expr.kinds import TEXT, is_decimal, is_float, is_text, item_of, kind_of
from apigen.expr.scope import Scope
from apigen.ir.expr import (
    Arithmetic,
    BoolOp,
    Call,
    Compare,
    Comprehension,
    Conditional,
    Const,
    Convert,
    Expr,
    Items,
    Navigation,
    Negate,
    Not,
    Now,
    Path,
    Root,
    SqlSupport,
    TypedExpr,
)
from apigen.ir.types import (
    IdOf,
    ListOf,
    ManyOf,
    MapOf,
    ObjectRef,
    RefTo,
    ScalarKind,
    SetOf,
    TypeRef,
    UnionRef,
)

# Their results depend on tables and engines that databases and Python do not share.
_PYTHON_ONLY = frozenset({"lower", "upper", "matches"})
ACTOR_FUNCTIONS = frozenset({"has_role", "has_scope"})
BOUND_ROOTS = frozenset({Root.INPUT, Root.ACTOR})
"""Roots whose values are read in Python and bound as parameters of SQL."""


def type_of(expr: Expr) -> TypeRef:
    """Return the type of an expression; None itself counts as text, which nothing relies on."""
    return expr.type if expr.type is not None else TEXT


def is_null(expr: Expr) -> bool:
    """Tell whether it is the literal None."""
    return isinstance(expr, Const) and expr.value is None


def is_nullable(expr: Expr) -> bool:
    """Tell whether its value can be null where it stands."""
    match expr:
        case Const(value=value):
            return value is None
        case Convert(operand=operand) | Negate(operand=operand):
            return is_nullable(operand)
        case Path(nullable=nullable) | Arithmetic(nullable=nullable):
            return nullable
        case Conditional(nullable=nullable) | Call(nullable=nullable):
            return nullable
        case _:
            return False


def parts(expr: Expr | Comprehension) -> tuple[Expr | Comprehension, ...]:
    """Return the direct operands."""
    match expr:
        case Convert(operand=operand) | Not(operand=operand) | Negate(operand=operand):
            return (operand,)
        case BoolOp(operands=operands):
            return operands
        case Compare(left=left, right=right) | Arithmetic(left=left, right=right):
            return (left, right)
        case Conditional(test=test, body=body, orelse=orelse):
            return (body, test, orelse)
        case Items(items=items):
            return items
        case Call(arguments=arguments):
            return arguments
        case Comprehension(element=element, source=source, test=test):
            return (source, element) if test is None else (source, element, test)
        case _:
            return ()


def walk(expr: Expr | Comprehension) -> Iterator[Expr | Comprehension]:
    """Yield the expression and everything in it, outermost first."""
    yield expr
    for part in parts(expr):
        yield from walk(part)


def reads(expr: Expr, root: Root = Root.SELF) -> frozenset[str]:
    """Return the attributes that it reads of a root, through computed fields of the owner too."""
    found: set[str] = set()
    for path in _paths(expr):
        if path.root is root and path.steps:
            found.add(path.steps[0].attribute)
            computed = path.steps[0].computed
            if root is Root.SELF and computed is not None:
                found |= computed.reads
    return frozenset(found)


def _paths(expr: Expr) -> Iterator[Path]:
    return (node for node in walk(expr) if isinstance(node, Path))


def follows_ref(path: Path) -> bool:
    """Tell whether it begins with a ref that it follows: `customer.user_id`."""
    return len(path.steps) > 1 and isinstance(path.steps[0].type, RefTo)


def _navigates(expr: Expr) -> tuple[Navigation, ...]:
    found: set[Navigation] = set()
    for path in _paths(expr):
        if path.root in (Root.SELF, Root.INPUT) and follows_ref(path):
            first = path.steps[0]
            assert isinstance(first.type, RefTo)
            found.add(
                Navigation(root=path.root, attribute=first.attribute, target=first.type.target)
            )
    return tuple(sorted(found))


def _uses_actor(expr: Expr) -> bool:
    return any(
        (isinstance(node, Path) and node.root is Root.ACTOR)
        or (isinstance(node, Call) and node.function in ACTOR_FUNCTIONS)
        for node in walk(expr)
    )


def uses_clock(expr: Expr) -> bool:
    """Tell whether it depends on the time of day, through computed fields too."""
    for node in walk(expr):
        if isinstance(node, Now):
            return True
        if isinstance(node, Path):
            for step in node.steps:
                if step.computed is not None and step.computed.uses_clock:
                    return True
    return False


def sql_support(expr: Expr, scope: Scope) -> SqlSupport:
    """Return how much of it a database can work out, so that it agrees with Python."""
    children = False
    rows = {id(node) for node in _asked(expr)}
    for node in walk(expr):
        match node:
            case Path() if _is_of_rows(node) and id(node) not in rows:
                support = SqlSupport.NONE
            case Path():
                support = _path_support(node, scope)
            case Call():
                support = _call_support(node)
            case Arithmetic() if is_float(node.type) and node.op in ("//", "%"):
                support = SqlSupport.NONE
            case Compare() if node.op in ("in", "not_in") and not isinstance(node.right, Items):
                support = _membership_support(node.right)
            case Now():
                support = SqlSupport.FULL
            case Convert(operand=operand) if is_float(operand.type) and not is_float(node.type):
                support = SqlSupport.NONE
            case _:
                support = SqlSupport.CHECK
        if support is SqlSupport.NONE:
            return SqlSupport.NONE
        children |= support is SqlSupport.FULL
    return SqlSupport.FULL if children else SqlSupport.CHECK


def reads_encrypted(expr: Expr) -> str | None:
    """Return the first encrypted field that it reads, itself or by a computed one; else None."""
    for path in _paths(expr):
        for step in path.steps:
            if step.encrypted:
                return step.attribute
            if step.computed is not None:
                found = reads_encrypted(step.computed.tree)
                if found is not None:
                    return found
    return None


def _is_of_rows(path: Path) -> bool:
    """Tell whether it is no value of SQL: rows, or a collection that Python has."""
    return path.child is not None or (is_bound(path) and isinstance(path.type, ListOf | SetOf))


def _asked(expr: Expr) -> Iterator[Path]:
    """Yield the paths that stand where rows, or a collection, can be asked something."""
    for node in walk(expr):
        match node:
            case Comprehension(source=source, element=element):
                if source.child is not None:
                    yield source
                if isinstance(element, Path) and not element.steps:
                    yield element
            case Call(function="len", arguments=(Path(child=str()) as rows,)):
                yield rows
            case Compare(op="is" | "is_not", left=Path() as row):
                yield row
            case Compare(op="in" | "not_in", right=Path(child=None) as items):
                yield items


def _membership_support(container: Expr) -> SqlSupport:
    """Return the support of `x in tags`, which asks a collection, or of `'a' in name`, a text."""
    if is_text(type_of(container)):
        return SqlSupport.CHECK
    # The column of a decimal has its own number of decimal places, its parameter another.
    is_exact = is_decimal(item_of(container.type)) or is_float(item_of(container.type))
    return SqlSupport.FULL if is_bound(container) and not is_exact else SqlSupport.NONE


def is_bound(expr: Expr) -> bool:
    """Tell whether Python knows the value before the database is asked."""
    return isinstance(expr, Path) and expr.root in BOUND_ROOTS and not follows_ref(expr)


def _call_support(call: Call) -> SqlSupport:
    if call.function in ACTOR_FUNCTIONS:
        return SqlSupport.FULL
    if call.function in _PYTHON_ONLY:
        return SqlSupport.NONE
    over_items = len(call.arguments) == 1 and isinstance(call.arguments[0], Comprehension)
    measured = isinstance(call.type, ObjectRef)
    if measured and call.function in ("min", "max"):
        return SqlSupport.NONE
    if call.function == "round" and any(is_float(getattr(a, "type", None)) for a in call.arguments):
        return SqlSupport.NONE
    return SqlSupport.FULL if over_items else SqlSupport.CHECK


def _path_support(path: Path, scope: Scope) -> SqlSupport:
    if path.root in (Root.OLD, Root.EVENT):
        return SqlSupport.NONE
    support, steps = SqlSupport.CHECK, path.steps
    if path.root in BOUND_ROOTS:
        support = SqlSupport.FULL
        if not follows_ref(path):
            known = _is_scalar(path.type, scope) or isinstance(path.type, ListOf | SetOf)
            return support if known else SqlSupport.NONE
        steps = steps[1:]
    if path.child is not None:
        support = SqlSupport.FULL
    last = len(steps) - 1
    for position, step in enumerate(steps):
        if step.encrypted:
            return SqlSupport.NONE
        if step.computed is not None:
            if step.computed.sql is SqlSupport.NONE:
                return SqlSupport.NONE
            if step.computed.sql is SqlSupport.FULL:
                support = SqlSupport.FULL
        match step.type:
            case ListOf(item=IdOf(target=target)) if path.child == target:
                support = SqlSupport.FULL
            case _ if not _is_scalar(step.type, scope):
                return SqlSupport.NONE
        if position < last and isinstance(step.type, IdOf | RefTo):
            # What stands behind it is a row of another table.
            support = SqlSupport.FULL
    return support


def _is_scalar(type_: TypeRef, scope: Scope) -> bool:
    """Tell whether SQL has the value in a column, or each part of it in one."""
    match type_:
        case ObjectRef(target=target):
            stored = scope.objects.get(target)
            return stored is not None and stored.in_columns
        case UnionRef() | MapOf() | ManyOf() | SetOf() | ListOf():
            return False
        case _:
            return kind_of(type_) is not ScalarKind.JSON


def typed(expr: Expr, *, source: str, scope: Scope, span: Span) -> TypedExpr:
    """Bind an expression to what can be said of it."""
    return TypedExpr(
        source=source,
        tree=expr,
        type=type_of(expr),
        nullable=is_nullable(expr),
        reads=reads(expr),
        uses_clock=uses_clock(expr),
        sql=sql_support(expr, scope),
        span=span,
        inputs=reads(expr, Root.INPUT),
        reads_old=reads(expr, Root.OLD),
        uses_actor=_uses_actor(expr),
        navigates=_navigates(expr),
    )
