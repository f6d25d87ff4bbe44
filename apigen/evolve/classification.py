"""What each kind of change does to the database, to clients of the API and to events.

The rows of the table in section 4 of the spec language, as data. A row is the worst case; `change`
takes away what an element can not do, because it is in no table or not in the API.
"""

from enum import StrEnum
from typing import NamedTuple

from apigen.diagnostics import Span
from apigen.evolve.record import Effect, SpecChange


class Row(StrEnum):
    """A row of the table."""

    ENTITY_ADDED = "entity added"
    ENTITY_REMOVED = "entity removed"
    ENTITY_RENAMED = "entity renamed"
    CHILD_ADDED = "child added"
    CHILD_REMOVED = "child removed"
    CHILD_RENAMED = "child renamed"
    COLLECTION_RENAMED = "collection renamed"
    TYPE_ADDED = "type added"
    TYPE_REMOVED = "type removed"
    TYPE_RENAMED = "type renamed"
    OPERATION_ADDED = "operation added"
    OPERATION_REMOVED = "operation removed"
    FIELD_RENAMED = "field renamed"
    FIELD_ADDED = "optional field added"
    FIELD_ADDED_REQUIRED = "required field added"
    FIELD_REMOVED = "field removed"
    MADE_OPTIONAL = "required to optional"
    MADE_REQUIRED = "optional to required"
    TYPE_WIDENED = "type widened"
    TYPE_NARROWED = "type narrowed or changed"
    LOCALIZED = "text in several languages"
    NOT_LOCALIZED = "text in one language again"
    LOCALE_ADDED = "locale added"
    LOCALE_REMOVED = "locale removed"
    DEFAULT_LOCALE = "other default locale"
    FALLBACK_CHANGED = "other locales stand in for a missing text"
    TIGHTENED = "constraint tightened"
    LOOSENED = "constraint loosened"
    MEMBER_ADDED = "enum member added"
    MEMBER_REMOVED = "enum member removed"
    MEMBER_RENAMED = "enum member renamed"
    STORED_VALUE = "stored value changed"
    ID_STRATEGY = "id strategy changed"
    ON_DELETE = "on_delete changed"
    TO_MANY = "one to many"
    TO_ONE = "many to one"
    SYNTHESIZED_ON = "soft delete, versions, times or audit switched on"
    SYNTHESIZED_OFF = "soft delete, versions, times or audit switched off"
    STORED_NAME = "table or column renamed"
    WIRE_NAME = "path or JSON name changed"
    MOVED = "moved to another context"
    ORDERED_BY_FIELD = "children in the order of a field"
    ORDERED_BY_POSITION = "children in the order they were sent"
    INDEX_ADDED = "index added"
    INDEX_REMOVED = "index removed"
    OFFER_ADDED = "filter, sort or other offer added"
    OFFER_REMOVED = "filter, sort or other offer removed"
    PAGE_SMALLER = "page size lowered"
    PAGE_LARGER = "page size raised"
    DEFAULT_REMOVED = "default removed"
    DEFAULT_CHANGED = "default added or changed"
    SURFACE_LOST = "no longer accepted or shown"
    SURFACE_GAINED = "accepted or shown"
    COMPUTED_CHANGED = "computed differently"
    COMPUTED_STORED = "computed field stored"
    COMPUTED_NOT_STORED = "computed field stored no more"
    ENCRYPTED = "values encrypted, or found by a blind index"
    DECRYPTED = "values no longer encrypted"
    COMMAND_ADDED = "command added"
    COMMAND_REMOVED = "command removed"
    COMMAND_RENAMED = "command renamed"
    COMMAND_CHANGED = "command does something else"
    QUERY_ADDED = "query added"
    QUERY_REMOVED = "query removed"
    QUERY_RENAMED = "query renamed"
    QUERY_CHANGED = "query answers something else"
    ANSWER_CHANGED = "answer of another shape"
    PROJECTION_ADDED = "projection added"
    PROJECTION_REMOVED = "projection removed"
    PROJECTION_RENAMED = "projection renamed"
    EVENT_ADDED = "event added"
    EVENT_REMOVED = "event removed"
    EVENT_RENAMED = "event renamed"
    EVENT_VERSION = "version of an event raised"
    EVENT_PUBLISHED = "event made public"
    EVENT_WITHDRAWN = "event no longer public"
    EMISSION_ADDED = "event recorded where none was"
    EMISSION_REMOVED = "event no longer recorded"
    REACTION_ADDED = "reaction added"
    REACTION_REMOVED = "reaction removed"
    REACTION_RENAMED = "reaction renamed"
    REACTION_CHANGED = "reaction does something else"
    TASK_ADDED = "task added"
    TASK_REMOVED = "task removed"
    TASK_CHANGED = "task does or needs something else"
    LIFECYCLE_ADDED = "lifecycle added"
    LIFECYCLE_REMOVED = "lifecycle removed"
    STATE_ADDED = "state added"
    STATE_REMOVED = "state removed"
    MOVE_ADDED = "move added"
    MOVE_REMOVED = "move removed"
    INITIAL_STATE = "initial state changed"
    GUARD_TIGHTENED = "guard tightened"
    GUARD_LOOSENED = "guard loosened"
    ACCESS_TIGHTENED = "access tightened"
    ACCESS_LOOSENED = "access loosened"
    SECURITY_ON = "tokens asked for"
    SECURITY_OFF = "tokens no longer asked for"
    TOKENS_CHANGED = "tokens of another issuer"
    VERSION_ADDED = "version of the API added"
    VERSION_REMOVED = "version of the API removed"
    VERSION_LOST = "gone from a version of the API"
    VERSION_GAINED = "in another version of the API"
    VERSION_STYLE = "version chosen in another way"
    DEPRECATED = "end announced, or taken back"
    EVENT_DEPRECATED = "end of an event announced, or taken back"
    KEY_REQUIRED = "Idempotency-Key required"
    KEY_FREE = "Idempotency-Key no longer required"
    RUN_CHANGED = "run in another way"
    TABLE_ON = "table of events, keys, tasks, history or reads needed"
    TABLE_OFF = "table of events, keys, tasks, history or reads no longer needed"


class Effects(NamedTuple):
    """The three columns of the table."""

    database: Effect = Effect.NONE
    api: Effect = Effect.NONE
    events: Effect = Effect.NONE


_NONE, _SAFE, _WARN = Effect.NONE, Effect.SAFE, Effect.WARN
_LOCKING, _BREAKING = Effect.LOCKING, Effect.BREAKING
_DESTRUCTIVE, _MANUAL = Effect.DESTRUCTIVE, Effect.MANUAL

EFFECTS: dict[Row, Effects] = {
    Row.ENTITY_ADDED: Effects(_SAFE, _SAFE),
    Row.ENTITY_REMOVED: Effects(_DESTRUCTIVE, _BREAKING),
    Row.ENTITY_RENAMED: Effects(_SAFE, _BREAKING, _BREAKING),
    Row.CHILD_ADDED: Effects(_SAFE, _SAFE),
    Row.CHILD_REMOVED: Effects(_DESTRUCTIVE, _BREAKING),
    # The class of a child is a table and a name in OpenAPI; clients see the collection.
    Row.CHILD_RENAMED: Effects(_SAFE, _WARN, _BREAKING),
    Row.COLLECTION_RENAMED: Effects(_NONE, _BREAKING, _BREAKING),
    Row.TYPE_ADDED: Effects(),
    Row.TYPE_REMOVED: Effects(),
    Row.TYPE_RENAMED: Effects(_NONE, _WARN),
    Row.OPERATION_ADDED: Effects(_NONE, _SAFE),
    Row.OPERATION_REMOVED: Effects(_NONE, _BREAKING),
    Row.FIELD_RENAMED: Effects(_SAFE, _BREAKING, _BREAKING),
    Row.FIELD_ADDED: Effects(_SAFE, _SAFE, _SAFE),
    Row.FIELD_ADDED_REQUIRED: Effects(_LOCKING, _BREAKING, _BREAKING),
    Row.FIELD_REMOVED: Effects(_DESTRUCTIVE, _BREAKING, _BREAKING),
    Row.MADE_OPTIONAL: Effects(_SAFE, _BREAKING, _BREAKING),
    Row.MADE_REQUIRED: Effects(_LOCKING, _BREAKING, _SAFE),
    Row.TYPE_WIDENED: Effects(_SAFE, _WARN, _WARN),
    Row.TYPE_NARROWED: Effects(_DESTRUCTIVE, _BREAKING, _BREAKING),
    # Clients go on with plain texts, those of the default locale; payloads become objects.
    Row.LOCALIZED: Effects(_LOCKING, _WARN, _BREAKING),
    Row.NOT_LOCALIZED: Effects(_DESTRUCTIVE, _BREAKING, _BREAKING),
    Row.LOCALE_ADDED: Effects(_SAFE, _SAFE, _SAFE),
    # Texts that are there stay, unseen.
    Row.LOCALE_REMOVED: Effects(_SAFE, _BREAKING),
    Row.DEFAULT_LOCALE: Effects(_LOCKING, _WARN, _WARN),
    Row.FALLBACK_CHANGED: Effects(_SAFE, _WARN),
    Row.TIGHTENED: Effects(_LOCKING, _BREAKING),
    Row.LOOSENED: Effects(_SAFE, _SAFE),
    Row.MEMBER_ADDED: Effects(_LOCKING, _WARN, _WARN),
    # The new check fails while a row still holds the value: nothing is lost.
    Row.MEMBER_REMOVED: Effects(_LOCKING, _BREAKING, _BREAKING),
    Row.MEMBER_RENAMED: Effects(_SAFE, _BREAKING, _BREAKING),
    Row.STORED_VALUE: Effects(_LOCKING),
    Row.ID_STRATEGY: Effects(_MANUAL, _BREAKING, _BREAKING),
    Row.ON_DELETE: Effects(_LOCKING),
    Row.TO_MANY: Effects(_SAFE, _BREAKING),
    Row.TO_ONE: Effects(_DESTRUCTIVE, _BREAKING),
    Row.SYNTHESIZED_ON: Effects(_SAFE, _SAFE),
    Row.SYNTHESIZED_OFF: Effects(_DESTRUCTIVE, _BREAKING),
    Row.STORED_NAME: Effects(_SAFE),
    Row.WIRE_NAME: Effects(_NONE, _BREAKING),
    Row.MOVED: Effects(_NONE, _WARN, _WARN),
    # The column of positions goes, and with it the order that clients had sent.
    Row.ORDERED_BY_FIELD: Effects(_DESTRUCTIVE, _WARN),
    Row.ORDERED_BY_POSITION: Effects(_LOCKING, _WARN),
    Row.INDEX_ADDED: Effects(_LOCKING),
    Row.INDEX_REMOVED: Effects(_SAFE),
    Row.OFFER_ADDED: Effects(_NONE, _SAFE),
    Row.OFFER_REMOVED: Effects(_NONE, _BREAKING),
    Row.PAGE_SMALLER: Effects(_NONE, _BREAKING),
    Row.PAGE_LARGER: Effects(_NONE, _WARN),
    Row.DEFAULT_REMOVED: Effects(_SAFE, _BREAKING),
    Row.DEFAULT_CHANGED: Effects(_SAFE, _WARN),
    Row.SURFACE_LOST: Effects(_NONE, _BREAKING, _BREAKING),
    Row.SURFACE_GAINED: Effects(_NONE, _SAFE, _SAFE),
    Row.COMPUTED_CHANGED: Effects(_NONE, _WARN, _WARN),
    # Every row is filled, by its rule.
    Row.COMPUTED_STORED: Effects(_LOCKING),
    # What goes can be worked out again.
    Row.COMPUTED_NOT_STORED: Effects(_SAFE),
    # Every row is read and written again.
    Row.ENCRYPTED: Effects(_LOCKING),
    Row.DECRYPTED: Effects(_LOCKING),
    Row.COMMAND_ADDED: Effects(_NONE, _SAFE),
    Row.COMMAND_REMOVED: Effects(_NONE, _BREAKING),
    Row.COMMAND_RENAMED: Effects(_NONE, _BREAKING),
    Row.COMMAND_CHANGED: Effects(_NONE, _WARN),
    Row.QUERY_ADDED: Effects(_NONE, _SAFE),
    Row.QUERY_REMOVED: Effects(_NONE, _BREAKING),
    Row.QUERY_RENAMED: Effects(_NONE, _BREAKING),
    Row.QUERY_CHANGED: Effects(_NONE, _WARN),
    Row.ANSWER_CHANGED: Effects(_NONE, _BREAKING),
    Row.PROJECTION_ADDED: Effects(_NONE, _SAFE),
    Row.PROJECTION_REMOVED: Effects(_NONE, _BREAKING),
    Row.PROJECTION_RENAMED: Effects(_NONE, _BREAKING),
    Row.EVENT_ADDED: Effects(_NONE, _NONE, _SAFE),
    Row.EVENT_REMOVED: Effects(_NONE, _NONE, _BREAKING),
    Row.EVENT_RENAMED: Effects(_NONE, _NONE, _BREAKING),
    Row.EVENT_VERSION: Effects(_NONE, _NONE, _WARN),
    Row.EVENT_PUBLISHED: Effects(_NONE, _NONE, _SAFE),
    Row.EVENT_WITHDRAWN: Effects(_NONE, _NONE, _BREAKING),
    Row.EMISSION_ADDED: Effects(_NONE, _NONE, _SAFE),
    Row.EMISSION_REMOVED: Effects(_NONE, _NONE, _WARN),
    Row.REACTION_ADDED: Effects(_NONE, _NONE, _SAFE),
    Row.REACTION_REMOVED: Effects(_NONE, _NONE, _WARN),
    Row.REACTION_RENAMED: Effects(_NONE, _NONE, _WARN),
    Row.REACTION_CHANGED: Effects(_NONE, _NONE, _WARN),
    Row.TASK_ADDED: Effects(_NONE, _NONE, _SAFE),
    Row.TASK_REMOVED: Effects(_NONE, _NONE, _WARN),
    Row.TASK_CHANGED: Effects(_NONE, _NONE, _WARN),
    # Rows that are there get the initial state.
    Row.LIFECYCLE_ADDED: Effects(_SAFE, _SAFE),
    Row.LIFECYCLE_REMOVED: Effects(_DESTRUCTIVE, _BREAKING),
    # The check of the column is another one; as for members of enums.
    Row.STATE_ADDED: Effects(_LOCKING, _SAFE),
    Row.STATE_REMOVED: Effects(_LOCKING, _BREAKING),
    Row.MOVE_ADDED: Effects(_NONE, _SAFE),
    Row.MOVE_REMOVED: Effects(_NONE, _BREAKING),
    Row.INITIAL_STATE: Effects(_SAFE, _WARN),
    Row.GUARD_TIGHTENED: Effects(_NONE, _WARN),
    Row.GUARD_LOOSENED: Effects(_NONE, _WARN),
    Row.ACCESS_TIGHTENED: Effects(_NONE, _WARN),
    Row.ACCESS_LOOSENED: Effects(_NONE, _WARN),
    Row.SECURITY_ON: Effects(_NONE, _BREAKING),
    Row.SECURITY_OFF: Effects(_NONE, _WARN),
    Row.TOKENS_CHANGED: Effects(_NONE, _BREAKING),
    Row.VERSION_ADDED: Effects(_NONE, _SAFE),
    Row.VERSION_REMOVED: Effects(_NONE, _BREAKING),
    Row.VERSION_LOST: Effects(_NONE, _BREAKING),
    Row.VERSION_GAINED: Effects(_NONE, _SAFE),
    Row.VERSION_STYLE: Effects(_NONE, _BREAKING),
    Row.DEPRECATED: Effects(_NONE, _WARN),
    Row.EVENT_DEPRECATED: Effects(_NONE, _NONE, _WARN),
    Row.KEY_REQUIRED: Effects(_NONE, _BREAKING),
    Row.KEY_FREE: Effects(_NONE, _SAFE),
    Row.RUN_CHANGED: Effects(),
    Row.TABLE_ON: Effects(_SAFE),
    Row.TABLE_OFF: Effects(_DESTRUCTIVE),
}
_KINDS = ("added", "removed", "renamed")


class Subject(NamedTuple):
    """The element that changed, and what it can do at all."""

    element: str
    symbol: str
    span: Span | None
    is_stored: bool = True
    in_api: bool = True
    in_events: bool = True


def change(
    row: Row,
    subject: Subject,
    text: str,
    *,
    attribute: str = "",
    before: str = "",
    after: str = "",
) -> SpecChange:
    """Return a classified change. `text` is for people, without a full stop."""
    effects = EFFECTS[row]
    kind = "changed"
    if row is Row.MOVED:
        kind = "moved"
    elif not attribute or row is Row.COLLECTION_RENAMED:
        kind = next((word for word in _KINDS if word in row.value), "changed")
    return SpecChange(
        kind=kind,
        element=subject.element,
        symbol=subject.symbol,
        attribute=attribute,
        before=before,
        after=after,
        database=effects.database if subject.is_stored else Effect.NONE,
        api=effects.api if subject.in_api else Effect.NONE,
        events=effects.events if subject.in_events else Effect.NONE,
        span=subject.span,
        text=text,
    )
