"""What a domain does: lifecycles, commands, events, queries, reactions, read models. Data only.

Every expression is typed. Who may do what is `apigen.ir.access`.
"""

from enum import StrEnum

from apigen.ir.caching import CachePolicy
from apigen.ir.element import ALWAYS, Element, Lifespan
from apigen.ir.expr import TypedExpr
from apigen.ir.field import Field
from apigen.ir.limits import RateLimit
from apigen.ir.types import TypeRef
from apigen.values import dataclass

# ------------------------------------------------------------------- lifecycle


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """One state; also a member of the status enum, whose stored value it shares."""

    name: str
    final: bool
    """No move leads out of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Lifecycle:
    """The states of an entity. Its status field is an ordinary synthesized enum field."""

    field: str
    """Attribute of the status field."""
    enum: str
    """Qualified name of the enum, `context.OrderStatus`; it is among the context's types."""
    states: tuple[State, ...]
    initial: str
    history: bool
    """Every move is kept in a table of its own and answered by `GET …/history`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """A change of state: from any of `sources` (never empty, `any` spelled out) to `target`."""

    sources: tuple[str, ...]
    target: str


# -------------------------------------------------------------------- commands


@dataclass(frozen=True, slots=True, kw_only=True)
class Assign:
    """`set`: an attribute of the aggregate gets a value."""

    attribute: str
    value: TypedExpr


@dataclass(frozen=True, slots=True, kw_only=True)
class Append:
    """`append`: a new child at the end of a collection; fields left out take their default."""

    collection: str
    child: str
    """Qualified name of the child."""
    values: tuple[Assign, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RemoveChildren:
    """`remove`: the children for which `condition` holds; its bare names are the child's fields."""

    collection: str
    child: str
    condition: TypedExpr


@dataclass(frozen=True, slots=True, kw_only=True)
class Erase:
    """`erases`: personal data of these attributes is overwritten.

    Nullable ones become null, texts `erased`, unique ones `erased-<id>` in the shape of their type.
    """

    attributes: tuple[str, ...]


type Effect = Assign | Append | RemoveChildren | Erase


@dataclass(frozen=True, slots=True, kw_only=True)
class Guard:
    """A condition for a command; when false, a 422 problem with this code."""

    code: str
    condition: TypedExpr
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Emission:
    """An event that a command records, and where each field of its payload comes from."""

    event: str
    """Qualified name of the event."""
    values: tuple[Assign, ...]
    """One for every payload field, in the payload's order; already searched for and resolved. None
    at all when a custom handler knows what the spec does not say: it makes the payload itself."""


class Handler(StrEnum):
    """Who writes the body."""

    GENERATED = "generated"
    CUSTOM = "custom"


class Backoff(StrEnum):
    """How waits grow from one attempt to the next."""

    EXPONENTIAL = "exponential"
    LINEAR = "linear"
    FIXED = "fixed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Retry:
    """How often what failed for a passing reason is tried again; seconds."""

    attempts: int = 3
    """Including the first."""
    backoff: Backoff = Backoff.EXPONENTIAL
    delay_s: float = 0.1
    max_delay_s: float = 10.0
    jitter: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Execution:
    """How a command is run."""

    idempotent: bool = False
    """`Idempotency-Key` is required and honoured."""
    natural_key: TypedExpr | None = None
    """`idempotent: <expr>`: a second run with the same value has no effect."""
    lock: bool = False
    """SELECT … FOR UPDATE (PostgreSQL; SQLite has one writer anyway)."""
    isolation: str | None = None
    """`read_committed`, `repeatable_read` or `serializable`."""
    timeout_s: float | None = None
    retry: Retry | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ExtraError:
    """`errors`: a problem that a custom handler may answer with."""

    code: str
    status: int
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """Where a command or query is reached over HTTP."""

    method: str
    """Upper case."""
    path: str
    """Below the resource's path for what an entity owns, else below the version; `{id}` stands for
    the key of the owner, other parameters are inputs: `/{id}/ship`, `/award-points`."""
    status: int
    tags: tuple[str, ...] = ()
    rate_limit: RateLimit | None = None
    """None: that of what it belongs to."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Command(Element):
    """Something that can be asked for; owned by an entity or by its context."""

    context: str
    owner: str | None
    """Qualified entity, or None."""
    input: tuple[Field, ...]
    """Inputs; attribute, wire name and label as for fields of entities. `RefTo` inputs are loaded
    (404 when they do not exist) and navigable in rules."""
    creates: bool
    """A factory: makes the owner. Inputs of the same name as a field are in `effects` already."""
    move: Move | None
    guards: tuple[Guard, ...]
    """In the spec's order, checked after the state."""
    effects: tuple[Effect, ...]
    """In order: set, append, remove, erases. Of a factory: assignments first, one for each field
    that has a source; a custom handler gives the others."""
    emits: tuple[Emission, ...]
    returns: TypeRef | None
    """None: the owner (its read DTO), or nothing (204) when there is no owner."""
    errors: tuple[ExtraError, ...]
    handler: Handler
    execution: Execution
    route: Route | None
    """None with `api: false` or without REST."""
    lifespan: Lifespan = ALWAYS


# ---------------------------------------------------------------------- events


@dataclass(frozen=True, slots=True, kw_only=True)
class Upcast:
    """How a stored event of an older version is read as the next one."""

    version: int
    """The older one."""
    values: tuple[Assign, ...]
    """Fields that the older version lacks; `event` in them is the stored one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Event(Element):
    """Something that has happened. Class name: `name.pascal` + `Event`."""

    context: str
    owner: str | None
    payload: tuple[Field, ...]
    """Picked fields first, then declared ones."""
    version: int
    upcasts: tuple[Upcast, ...]
    """From every older version that is still read, oldest first."""
    public: bool
    lifespan: Lifespan = ALWAYS


@dataclass(frozen=True, slots=True, kw_only=True)
class Reaction(Element):
    """An event that makes a command run, after the transaction of the event, at least once."""

    context: str
    event: str
    command: str
    """Qualified command."""
    target: TypedExpr | None
    """Key of the aggregate the command is for; None for commands without an owner and factories."""
    values: tuple[Assign, ...]
    """One for each input that is given: attribute of the input, expression over `event`."""
    when: TypedExpr | None
    delay_s: float
    retry: Retry
    inbox: bool
    """An event that comes twice has one effect."""


# ----------------------------------------------------------------------- tasks


@dataclass(frozen=True, slots=True, kw_only=True)
class Schedule:
    """When a task is due."""

    cron: str
    timezone: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Task(Element):
    """Work that is done in the background, at least once. Class name: `name.pascal` + `Task`."""

    context: str
    input: tuple[Field, ...]
    """What it needs to know; nothing in it is loaded. Of a task that runs a command and says
    nothing of inputs, those of the command, with `id` first for the row that it is for."""
    queue: str
    priority: int
    """Each step comes before what has waited a minute longer in its queue."""
    timeout_s: float | None
    retry: Retry | None
    """None: what is usual for tasks."""
    schedule: Schedule | None
    """Every input has a default then."""
    unique: tuple[str, ...] | None
    """Attributes of the inputs of which no two tasks that are not over have the same values;
    None: any may."""
    progress: bool
    """The handler says how far it is."""
    command: str | None
    """Qualified command that it sends; None: a function written by hand carries it out."""


# --------------------------------------------------------------------- queries


class Shape(StrEnum):
    """What a query answers."""

    PAGE = "page"
    LIST = "list"
    ONE = "one"
    COUNT = "count"
    EXISTS = "exists"


@dataclass(frozen=True, slots=True, kw_only=True)
class SortBy:
    """One step of an order."""

    attribute: str
    descending: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Query(Element):
    """A question with a name, over an entity or a projection."""

    context: str
    owner: str | None
    """The entity or projection it is declared in."""
    source: str
    """Qualified entity or projection it reads."""
    source_is_projection: bool
    input: tuple[Field, ...]
    where: TypedExpr | None
    sort: tuple[SortBy, ...]
    limit: int | None
    shape: Shape
    cache: CachePolicy | None
    handler: Handler
    route: Route | None
    lifespan: Lifespan = ALWAYS


# ----------------------------------------------------------------- projections


@dataclass(frozen=True, slots=True, kw_only=True)
class ProjectionField:
    """One column of a read model: what clients see, and how SQL works it out."""

    field: Field
    value: TypedExpr
    """Over the source: a path to a field of it, or a rule that may navigate."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Projection(Element):
    """A flattened view of the current state of an entity (`of`), worked out when it is read."""

    context: str
    source: str
    """Qualified entity."""
    fields: tuple[ProjectionField, ...]
    key: str
    """Attribute that identifies a row: the field that shows the key of the source."""
