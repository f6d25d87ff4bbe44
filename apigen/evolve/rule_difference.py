"""What is different between the rules, keys and indexes of one owner, then and today.

Names of rules are their codes. Keys and indexes have derived names, so they are told apart by what
they are over: stable ids of fields.
"""

from collections.abc import Iterator, Mapping

from apigen.evolve.classification import Row, Subject, change
from apigen.evolve.record import SpecChange
from apigen.evolve.side import Side
from apigen.ir.system import Child, Entity, Exclusion, Index, Rule, Uniqueness


def rule_changes(
    before: tuple[Rule, ...], after: tuple[Rule, ...], subject: Subject, old: Side
) -> Iterator[SpecChange]:
    """Yield invariants that came, went or say something else; which way is not worked out."""
    known = {rule.code: rule for rule in before}
    for rule in after:
        was = known.pop(rule.code, None)
        same = was is not None and old.says(was.expr, rule.expr)
        if was is not None and same and was.db == rule.db:
            continue
        yield change(
            Row.TIGHTENED,
            subject._replace(
                element="rule",
                is_stored=subject.is_stored and (rule.db or (was is not None and was.db)),
                in_api=subject.in_api and not same,
                span=rule.expr.span,
            ),
            f"rule `{rule.code}` {'is new' if was is None else 'says something else'}"
            if not same
            else f"rule `{rule.code}` is {'' if rule.db else 'no longer '}checked by the database",
            attribute=f"invariants.{rule.code}",
            before=was.expr.source if was is not None else "",
            after=rule.expr.source,
        )
    for gone in known.values():
        yield change(
            Row.LOOSENED,
            subject._replace(element="rule", is_stored=subject.is_stored and gone.db),
            f"rule `{gone.code}` is gone",
            attribute=f"invariants.{gone.code}",
            before=gone.expr.source,
        )


def custom_changes(before: Entity, after: Entity, subject: Subject) -> Iterator[SpecChange]:
    """Yield hand-written invariants that came or went."""
    own = subject._replace(element="rule", is_stored=False)
    then = {rule.code for rule in before.custom_invariants}
    now = {rule.code for rule in after.custom_invariants}
    for row, codes, words in (
        (Row.TIGHTENED, now - then, "is new"),
        (Row.LOOSENED, then - now, "is gone"),
    ):
        for code in sorted(codes):
            yield change(row, own, f"rule `{code}` {words}", attribute=f"invariants.{code}")


def exclusion_changes(
    before: Entity, after: Entity, subject: Subject, old: Side
) -> Iterator[SpecChange]:
    """Yield ranges that may not overlap any more, or may."""
    then, now = _ids(before), _ids(after)
    was = {_excluded(one, then, old): one for one in before.exclusions}
    today = {_excluded(one, now, None): one for one in after.exclusions}
    for row, found, words in (
        (Row.TIGHTENED, today.items() - was.items(), "may not overlap"),
        (Row.LOOSENED, was.items() - today.items(), "may overlap"),
    ):
        known = was if row is Row.TIGHTENED else today
        for shape, one in sorted(found, key=lambda pair: pair[0]):
            if shape not in known:
                text = f"rows {words} in `{'` to `'.join(one.overlap)}`"
                yield change(row, subject, text, attribute=f"exclude.{one.name}")


def _excluded(one: Exclusion, ids: Mapping[str, str], old: Side | None) -> str:
    where = "" if one.where is None else one.where.source
    where = where if old is None else old.translated(where)
    equal = sorted(_stable(name, ids) for name in one.equal)
    return repr((equal, [_stable(name, ids) for name in one.overlap], where))


def key_changes(
    before: Entity | Child, after: Entity | Child, subject: Subject, old: Side
) -> Iterator[SpecChange]:
    """Yield uniquenesses and indexes that came or went."""
    then, now = _ids(before), _ids(after)
    uniques = _keyed(before.unique, then, old), _keyed(after.unique, now, None)
    for shape in uniques[1].keys() - uniques[0].keys():
        yield _unique(Row.TIGHTENED, uniques[1][shape], subject, "is unique")
    for shape in uniques[0].keys() - uniques[1].keys():
        yield _unique(Row.LOOSENED, uniques[0][shape], subject, "need not be unique")
    yield from _arcs(before, after, then, now, subject)
    if isinstance(before, Child) or isinstance(after, Child):
        return
    indexes = _keyed(before.indexes, then, old), _keyed(after.indexes, now, None)
    for shape in indexes[1].keys() - indexes[0].keys():
        yield _index(Row.INDEX_ADDED, indexes[1][shape], subject, "an")
    for shape in indexes[0].keys() - indexes[1].keys():
        yield _index(Row.INDEX_REMOVED, indexes[0][shape], subject, "no")


def _arcs(
    before: Entity | Child,
    after: Entity | Child,
    then: Mapping[str, str],
    now: Mapping[str, str],
    subject: Subject,
) -> Iterator[SpecChange]:
    """Yield refs to one of several that may be missing now, or may not any more."""
    known = {frozenset(then[name] for name in arc.attributes): arc for arc in before.arcs}
    for arc in after.arcs:
        was = known.get(frozenset(now[name] for name in arc.attributes))
        if was is None or was.nullable == arc.nullable:
            continue
        names = " or ".join(f"`{name}`" for name in arc.attributes)
        yield change(
            Row.MADE_OPTIONAL if arc.nullable else Row.MADE_REQUIRED,
            subject._replace(element="relation"),
            f"one of {names} is {'optional' if arc.nullable else 'required'}",
            attribute="nullable",
            before=str(was.nullable).lower(),
            after=str(arc.nullable).lower(),
        )


def _ids(owner: Entity | Child) -> Mapping[str, str]:
    return {field.attribute: field.id for field in owner.fields}


def _keyed[K: (Uniqueness, Index)](
    keys: tuple[K, ...], ids: Mapping[str, str], old: Side | None
) -> dict[str, K]:
    return {_shape(key, ids, old): key for key in keys}


def _shape(key: Uniqueness | Index, ids: Mapping[str, str], old: Side | None) -> str:
    """Return what a key is, without the names of fields; `old` puts it in today's words."""
    where = "" if key.where is None else key.where.source
    where = where if old is None else old.translated(where)
    columns = [_stable(path, ids) for path in key.attributes]
    match key:
        case Uniqueness(live_only=live_only):
            return repr((columns, where, live_only))
        case Index():
            down = [_stable(path, ids) for path in key.descending]
            more = [_stable(path, ids) for path in key.include]
            return repr((columns, down, more, where, key.method.value))


def _stable(path: str, ids: Mapping[str, str]) -> str:
    first, dot, rest = path.partition(".")
    return f"{ids.get(first, first)}{dot}{rest}"


def _unique(row: Row, key: Uniqueness, subject: Subject, says: str) -> SpecChange:
    names = ", ".join(f"`{name}`" for name in key.attributes)
    before, after = ("", ", ".join(key.attributes))
    if row is Row.LOOSENED:
        before, after = after, before
    return change(row, subject, f"{names} {says}", attribute="unique", before=before, after=after)


def _index(row: Row, key: Index, subject: Subject, article: str) -> SpecChange:
    names = ", ".join(f"`{name}`" for name in key.attributes)
    before, after = ("", ", ".join(key.attributes))
    if row is Row.INDEX_REMOVED:
        before, after = after, before
    text = f"there is {article} index over {names}"
    return change(row, subject, text, attribute="indexes", before=before, after=after)
