"""Facts about a typed tree: whether it can be null, what it reads, how far SQL gets with it."""

from collections.abc import Iterator

from apigen.diagnostics import Span
from apigen.expr.kinds import TEXT, is_float, is_text, kind_of
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
    ScalarKind,
    SetOf,
    TypeRef,
    UnionRef,
)

# Their results depend on tables and engines that databases and Python do not share.
_PYTHON_ONLY = frozenset({"lower", "upper", "matches"})


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


def reads(expr: Expr) -> frozenset[str]:
    """Return the attributes of the owner that it reads, through computed fields too."""
    found: set[str] = set()
    for node in walk(expr):
        if isinstance(node, Path) and node.root is Root.SELF:
            found.add(node.steps[0].attribute)
            if node.steps[0].computed is not None:
                found |= node.steps[0].computed.reads
    return frozenset(found)


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
    for node in walk(expr):
        match node:
            case Path():
                support = _path_support(node, scope)
            case Call():
                support = _call_support(node)
            case Arithmetic() if is_float(node.type) and node.op in ("//", "%"):
                support = SqlSupport.NONE
            case Compare() if node.op in ("in", "not_in") and not isinstance(node.right, Items):
                # `x in tags` asks a collection, `'a' in name` a text.
                support = SqlSupport.CHECK if is_text(type_of(node.right)) else SqlSupport.NONE
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


def _call_support(call: Call) -> SqlSupport:
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
    support = SqlSupport.CHECK
    if path.child is not None:
        if len(path.steps) > 1:
            # What an owned entity owns would need a select inside a join.
            return SqlSupport.NONE
        support = SqlSupport.FULL
    last = len(path.steps) - 1
    for position, step in enumerate(path.steps):
        if step.computed is not None:
            if step.computed.sql is SqlSupport.NONE:
                return SqlSupport.NONE
            if step.computed.sql is SqlSupport.FULL:
                support = SqlSupport.FULL
        match step.type:
            case ObjectRef(target=target):
                stored = scope.objects.get(target)
                if stored is None or not stored.in_columns:
                    return SqlSupport.NONE
            case UnionRef() | MapOf() | ManyOf() | SetOf():
                return SqlSupport.NONE
            case ListOf():
                if path.child is None:
                    return SqlSupport.NONE
                support = SqlSupport.FULL
            case _ if kind_of(step.type) is ScalarKind.JSON:
                return SqlSupport.NONE
        if position < last and isinstance(step.type, IdOf):
            # Only an owned entity has anything behind it; it lives in a table of its own.
            support = SqlSupport.FULL
    return support


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
    )
