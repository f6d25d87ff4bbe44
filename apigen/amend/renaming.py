"""Rename in a spec: the declaration and every reference, in all its files.

The result is the spec as if it had always been called so. What the language derives from a name
(the table, the path, the class of a child) follows by itself; what the spec says on its own
(`table`, `plural`, `column`, `inverse`) stays as it is written.
"""

from collections.abc import Mapping, Sequence

from apigen.amend.declared import Holder, holders
from apigen.amend.new_names import NewNames, Renaming, new_names
from apigen.amend.references import references
from apigen.amend.spec import Spec, read_spec
from apigen.diagnostics import Span
from apigen.source.round_trip import with_entry
from apigen.source.splices import Splice, spliced


def renamed(texts: Mapping[str, str], renames: Sequence[Renaming]) -> dict[str, str]:
    """Return the texts of a spec with names changed.

    Args:
        texts: Text of every file by its path from the root file's folder, the root file first.
            Files of seed rows are changed too when they are there.
        renames: Looked up among the old names, all at once. What the spec does not have is
            passed over.

    Returns:
        Every file of `texts`, in the same order. As it is when the spec has errors.
    """
    read = read_spec(texts)
    if read.value is None:
        return dict(texts)
    return renamed_spec(read.value, new_names(read.value, renames))


def renamed_spec(spec: Spec, names: NewNames) -> dict[str, str]:
    """Return the texts of a spec with names changed."""
    splices: dict[str, set[Splice]] = {}
    for reference in references(spec):
        new = names.of(reference.target, reference.word.written)
        if new == reference.word.written:
            continue
        place = spec.positions[reference.file].find(reference.word)
        if place is not None:
            found = splices.setdefault(reference.file, set())
            found.add(Splice(start=place[0], end=place[1], text=new))
    texts = {
        file: spliced(text, splices[file]) if file in splices else text
        for file, text in spec.texts.items()
    }
    for declared, name in names.entities_to_write.items():
        _name_class(spec, names, texts, declared, name)
    for holder in holders(spec):
        if holder.kind == "entity":
            _name_state(spec, names, texts, holder)
    return texts


def renamed_path(spec: Spec, names: NewNames, holder: Holder) -> tuple[str, ...]:
    """Return the keys that lead to what has fields, after the renames."""
    by_path = {(one.file, one.path): one for one in holders(spec)}
    path = list(holder.path)
    for length in range(1, len(holder.path) + 1):
        known = by_path.get((holder.file, holder.path[:length]))
        if known is None:
            continue
        if known.kind == "child":
            path[length - 1] = names.declarations.get(known.name.span, path[length - 1])
        else:
            path[length - 1] = names.classes.get(known.qname, path[length - 1])
    return tuple(path)


def _name_class(
    spec: Spec, names: NewNames, texts: dict[str, str], declared: Span, name: str
) -> None:
    """Write `entity` where a class is no longer what its collection makes of it."""
    holder = next((one for one in holders(spec) if one.name.span == declared), None)
    if holder is None:
        return
    path = renamed_path(spec, names, holder)
    texts[holder.file] = with_entry(texts[holder.file], path, "entity", name, first=True).text


def _name_state(spec: Spec, names: NewNames, texts: dict[str, str], holder: Holder) -> None:
    """Write `field` where a lifecycle's field is no longer `status`, what the language calls it."""
    context, _, entity = holder.qname.rpartition(".")
    lifecycle = spec.contexts[context].entities[entity].value.lifecycle
    if lifecycle is None or lifecycle.field is not None:
        return
    new = names.declarations.get(lifecycle.span)
    if new is not None:
        path = (*renamed_path(spec, names, holder), "lifecycle")
        texts[holder.file] = with_entry(texts[holder.file], path, "field", new, first=True).text
