"""A project with its declared renames done: what the driver calls before it merges."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace

from apigen.evolve.record import Rename
from apigen.merge.changes import Blocked, Reason
from apigen.merge.manifest import Link, Manifest, ManifestEntry
from apigen.merge.renaming.alignment import renamed_by_owner
from apigen.merge.renaming.carrying import Carried, Carrier
from apigen.merge.renaming.classes import Classes
from apigen.merge.renaming.code import NotPython, read_code, spelled
from apigen.merge.renaming.mentions import Mention, in_text, old_words
from apigen.merge.renaming.names import Names, module_name, moved_by_owner, names
from apigen.merge.renaming.overlay import Overlay
from apigen.merge.renaming.pairing import REVISIONS, Pair, pairs
from apigen.merge.renaming.project import Project
from apigen.merge.renaming.receivers import Receivers
from apigen.merge.renaming.rivals import Rivals
from apigen.merge.text import NotText, text_of
from apigen.merge.worktree import OnDisk, Worktree, digest
from apigen.plan.file import FileClass
from apigen.render.renderer import Rendering
from apigen.values import dataclass

_LONGEST_TEXT = 1_000_000
"""Characters of a file that is looked through for mentions."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Renamed:
    """A project as it would be had it been generated and edited with the new names."""

    worktree: Overlay
    manifest: Manifest
    blocked: tuple[Blocked, ...]
    """New names that the owner uses for something else; the run has to stop."""
    mentions: tuple[Mention, ...]
    """Old names that stay, by path and line."""


def renamed_worktree(
    worktree: Worktree,
    manifest: Manifest,
    *,
    old: Rendering,
    renamed: Rendering,
    renames: Sequence[Rename],
    spec: Collection[str] = (),
) -> Renamed:
    """Carry declared renames into base, yours and the owner's own files.

    Args:
        worktree: The project as it stands.
        manifest: What apigen wrote last.
        old: The last run's spec, rendered today.
        renamed: The same spec with nothing but the renames.
        renames: The renames.
        spec: The spec's own files: what they still say of old names is their business.
    """
    found = pairs(old, renamed, renames)
    moves = {
        pair.old.path: pair.new.path
        for pair in found
        if pair.old.path != pair.new.path and pair.old.path in manifest.entries
    }
    texts = _Texts(worktree)
    linked = {
        f"{module_name(link.path)}.{link.symbol}": f"{module_name(link.at)}.{link.at_symbol}"
        for link in manifest.links
    }
    table = moved_by_owner(names(found), linked)
    words = old_words(table, found, renames)
    carried = dict(_carried(texts, manifest, found, table, words))
    bases = {path: one.base for path, one in carried.items() if one.base is not None}
    overlay = Overlay(
        under=worktree,
        moves=moves,
        sources={new: source for source, new in moves.items()},
        contents={
            moves.get(path, path): one.content
            for path, one in carried.items()
            if one.content is not None
        },
        bases={moves.get(path, path): base for path, base in bases.items()},
        lines={moves.get(path, path): one.lines for path, one in carried.items() if one.lines},
    )
    mentions = [mention for one in carried.values() for mention in one.mentions]
    mentions += _in_other_files(texts, manifest, spec, words)
    return Renamed(
        worktree=overlay,
        manifest=_manifest(manifest, found, moves, bases, worktree, table),
        blocked=(
            *(blocked for one in carried.values() for blocked in one.blocked),
            *_occupied(moves, worktree),
        ),
        mentions=tuple(
            sorted(
                (replace(one, path=moves.get(one.path, one.path)) for one in mentions),
                key=lambda mention: (mention.path, mention.line, mention.name),
            )
        ),
    )


class _Texts:
    """The files of a project, each read once."""

    def __init__(self, worktree: Worktree) -> None:
        self.worktree = worktree
        self.contents: dict[str, bytes | None] = {}
        self.spelled: dict[str, frozenset[str]] = {}

    def content(self, path: str) -> bytes | None:
        """Return the content of a regular file."""
        if path not in self.contents:
            present = isinstance(self.worktree.entry(path), OnDisk)
            self.contents[path] = self.worktree.content(path) if present else None
        return self.contents[path]

    def text(self, path: str) -> str | None:
        """Return the text of a file, None when there is no text."""
        content = self.content(path)
        try:
            return text_of(content) if content is not None else None
        except NotText:
            return None

    def shown(self, path: str) -> str:
        """Return what can be read of a file, in whatever encoding it is."""
        text = self.text(path)
        return text if text is not None else (self.content(path) or b"").decode("utf-8", "replace")

    def words(self, path: str) -> frozenset[str]:
        """Return the words in a file."""
        if path not in self.spelled:
            self.spelled[path] = spelled(self.shown(path))
        return self.spelled[path]


def _carried(
    texts: _Texts,
    manifest: Manifest,
    found: tuple[Pair, ...],
    table: Names,
    words: frozenset[str],
) -> Iterator[tuple[str, Carried]]:
    """Yield what becomes of every Python file in which something is renamed."""
    worktree = texts.worktree
    project = Project(read=texts.text)
    every = sorted({*worktree.python_files(), *(p for p in manifest.entries if p.endswith(".py"))})

    def spelling(word: str) -> Iterator[str]:
        for path in every:
            if word in texts.words(path):
                yield path

    hits = words | table.words
    hit = [path for path in every if not hits.isdisjoint(texts.words(path))]
    classes = Classes(project, formerly=dict(_formerly(texts, manifest, hit)))
    carrier = Carrier(
        names=table,
        receivers=Receivers(classes),
        rivals=Rivals(names=table, classes=classes, files=spelling),
        words=words,
    )
    by_path = {pair.old.path: pair for pair in found}
    for path in every:
        entry = manifest.entries.get(path)
        if path.startswith(REVISIONS) or (entry and entry.file_class is FileClass.VENDORED):
            continue
        pair = by_path.get(path)
        is_changed = pair is not None and pair.old.content != pair.new.content
        if path not in hit and not is_changed:
            continue
        try:
            yield path, _one(carrier, texts, path, entry, pair)
        except (NotPython, NotText):
            # It stays as it is, base included; merging says what is wrong with it.
            yield path, Carried(mentions=tuple(in_text(path, texts.shown(path), words)))


def _formerly(texts: _Texts, manifest: Manifest, paths: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Yield the classes that their owner renamed, with the name apigen gave them."""
    for path in paths:
        base = texts.worktree.base(path) if path in manifest.entries else None
        if base is None or base == texts.content(path):
            continue
        try:
            found = renamed_by_owner(read_code(texts.text(path) or ""), read_code(text_of(base)))
        except (NotPython, NotText):
            continue
        module = module_name(path)
        yield from ((f"{module}.{new}", f"{module}.{old}") for new, old in found.items())


def _one(
    carrier: Carrier, texts: _Texts, path: str, entry: ManifestEntry | None, pair: Pair | None
) -> Carried:
    content = texts.content(path)
    if entry is not None and entry.file_class is FileClass.SEED:
        # Its owner's since it was written; what nobody has touched is as if written today.
        if pair is not None and content == pair.old.content:
            return Carried(content=pair.new.content)
        return carrier.own(path, content) if content is not None else Carried()
    base = texts.worktree.base(path) if entry is not None else None
    if base is not None:
        return carrier.generated(path, content, base, pair)
    return carrier.own(path, content) if content is not None else Carried()


def _in_other_files(
    texts: _Texts, manifest: Manifest, spec: Collection[str], words: frozenset[str]
) -> Iterator[Mention]:
    for path in texts.worktree.files():
        if path.endswith(".py") or path.startswith(REVISIONS) or path in spec:
            continue
        content, entry = texts.content(path), manifest.entries.get(path)
        if content is None or len(content) > _LONGEST_TEXT:
            continue
        if entry is not None and digest(content) in entry.hashes:
            continue
        text = texts.text(path)
        if text is not None:
            yield from in_text(path, text, words)


def _occupied(moves: Mapping[str, str], worktree: Worktree) -> Iterator[Blocked]:
    """Yield the new places at which something stands that does not move away."""
    for source, new in moves.items():
        if worktree.entry(source) is None or new in moves or worktree.entry(new) is None:
            continue
        yield Blocked(
            path=new,
            reason=Reason.FOREIGN,
            file=None,
            detail=f"a declared rename moves {source} there",
        )


def _manifest(
    manifest: Manifest,
    found: tuple[Pair, ...],
    moves: Mapping[str, str],
    bases: Mapping[str, bytes],
    worktree: Worktree,
    table: Names,
) -> Manifest:
    elements = {pair.old.path: pair.new.elements for pair in found}
    entries: dict[str, ManifestEntry] = {}
    for path, entry in manifest.entries.items():
        hash_ = entry.sha256
        base = bases.get(path)
        before = worktree.base(path) if base is not None else None
        # A damaged base stays one that does not fit its hash.
        if base is not None and before is not None and digest(before) == hash_:
            hash_ = digest(base)
        new = moves.get(path, path)
        entries[new] = replace(
            entry,
            path=new,
            sha256=hash_,
            elements=elements.get(path, entry.elements),
        )
    links = tuple(_link(link, moves, table) for link in manifest.links)
    return replace(manifest, entries=dict(sorted(entries.items())), links=links)


def _link(link: Link, moves: Mapping[str, str], table: Names) -> Link:
    return replace(
        link,
        path=moves.get(link.path, link.path),
        symbol=_symbol(link.path, link.symbol, table),
        at=moves.get(link.at, link.at),
    )


def _symbol(path: str, symbol: str, table: Names) -> str:
    """Return a symbol of a file after the renames."""
    owner = module_name(path)
    first, *rest = symbol.split(".")
    parts = [table.definitions.get(owner, {}).get(first, first)]
    owner = f"{owner}.{first}"
    for part in rest:
        parts.append(table.members.get(owner, {}).get(part, part))
        owner = f"{owner}.{part}"
    return ".".join(parts)
