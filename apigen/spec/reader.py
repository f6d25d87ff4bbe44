"""Read a root spec and everything it includes: the only spec code that touches the disk."""

from collections.abc import Mapping
from fnmatch import fnmatchcase
from pathlib import Path, PurePosixPath

from apigen.diagnostics import Edit, Fix, Label, Outcome, Span
from apigen.diagnostics.collector import Collector
from apigen.source.loader import load_text, name_of, read_text
from apigen.source.node import MappingNode
from apigen.source.spans import file_start
from apigen.spec.block import read_block
from apigen.spec.document import FileSpec, SourceFile, SpecDocument
from apigen.spec.located import Located
from apigen.spec.names import NameRule, check_name

FORMAT_VERSION = 1
_ROOT_ONLY = (
    "app",
    "contexts",
    "defaults",
    "database",
    "security",
    "tenancy",
    "messaging",
    "api",
    "i18n",
    "features",
    "generate",
)


def read(path: Path) -> Outcome[SpecDocument]:
    """Read the spec at `path`.

    Returns:
        The document whenever the root file is readable, however much is wrong in it, so that
        the steps after this one can find more in the same run.
    """
    found = Collector()
    folder = path.parent
    sources: dict[str, str] = {}
    root = _read_file(path, folder, sources, found)
    if root is None:
        return Outcome(value=None, diagnostics=found.found)
    _check_root(root, found)
    included: dict[str, SourceFile] = {}
    _include(root, path, folder, sources, included, (root.name,), None, found)
    _check_seed_files((root, *included.values()), folder, found)
    document = SpecDocument(
        root=root,
        included=tuple(included[name] for name in sorted(included)),
        sources=sources,
    )
    return Outcome(value=document, diagnostics=found.found)


def read_texts(texts: Mapping[str, str]) -> Outcome[SpecDocument]:
    """Read a spec that is not on disk.

    Args:
        texts: Text of every file by its path from the root file's folder, the root file first.
            What no file includes is not read; files of seed rows need not be there.
    """
    found = Collector()
    name = next(iter(texts))
    sources = {name: texts[name]}
    root = _parsed(name, texts[name], found)
    if root is None:
        return Outcome(value=None, diagnostics=found.found)
    _check_root(root, found)
    included: dict[str, SourceFile] = {}
    _include(root, Path(name), Path(), sources, included, (name,), texts, found)
    document = SpecDocument(
        root=root,
        included=tuple(included[name] for name in sorted(included)),
        sources=sources,
    )
    return Outcome(value=document, diagnostics=found.found)


def _read_file(
    path: Path, folder: Path, sources: dict[str, str], found: Collector
) -> SourceFile | None:
    name = name_of(path, root=folder)
    text = read_text(path, file=name, found=found)
    if text is None:
        return None
    sources[name] = text
    return _parsed(name, text, found)


def _parsed(name: str, text: str, found: Collector) -> SourceFile | None:
    loaded = load_text(text, file=name)
    found.add(*loaded.diagnostics)
    if loaded.value is None:
        return None
    node = loaded.value
    _check_version(node, name, found)
    spec = read_block(FileSpec, node, found)
    sections = {entry.key: entry.key_span for entry in node.entries}
    return SourceFile(name=name, spec=spec, sections=sections)


def _check_version(node: MappingNode, file: str, found: Collector) -> None:
    entry = node.entry("apigen")
    first = node.entries[0].key_span if node.entries else file_start(file)
    insert = Span(
        file=file,
        line=first.line,
        column=first.column,
        end_line=first.line,
        end_column=first.column,
    )
    message = "the file does not say which spec format it uses"
    help = "add `apigen: 1` as the first key"
    if entry is None:
        fix = Fix(title="add `apigen: 1`", edits=(Edit(span=insert, text="apigen: 1\n"),))
        found.error("AG001", message, first, help=help, fix=fix)
        return
    value = getattr(entry.value, "value", None)
    if isinstance(value, int) and value != FORMAT_VERSION:
        found.error(
            "AG002",
            f"this version reads spec format {FORMAT_VERSION}, not {value}",
            entry.value.span,
            help=f"write `apigen: {FORMAT_VERSION}`, or use the apigen that made the file",
        )
    elif node.entries[0] is not entry:
        move: Fix | None = None
        if entry.value.span.line == entry.value.span.end_line == entry.key_span.line:
            line = entry.key_span.line
            whole = Span(file=file, line=line, column=1, end_line=line + 1, end_column=1)
            move = Fix(
                title="move it to the top",
                edits=(Edit(span=insert, text="apigen: 1\n"), Edit(span=whole, text="")),
            )
        found.error(
            "AG001",
            "`apigen` is not the first key",
            entry.key_span,
            labels=(Label(span=first, text="this one comes first"),),
            help="move it to the top",
            fix=move,
        )


def _check_root(root: SourceFile, found: Collector) -> None:
    if "app" not in root.sections:
        found.error(
            "AG001",
            "the root file does not name the app",
            file_start(root.name),
            help="add `app: <name>`",
        )
    if "context" in root.sections:
        found.error(
            "AG012",
            "`context` is not allowed here",
            root.sections["context"],
            help="it belongs into an included file; the root file has `contexts:`",
        )
    if "contexts" in root.sections and "entities" in root.sections:
        found.error(
            "AG012",
            "`entities` is not allowed here",
            root.sections["entities"],
            labels=(Label(span=root.sections["contexts"], text="beside `contexts`"),),
            help="move `entities` into a context; only `types`, `mixins` and `seeds` are shared",
        )


def _include(
    file: SourceFile,
    path: Path,
    folder: Path,
    sources: dict[str, str],
    included: dict[str, SourceFile],
    chain: tuple[str, ...],
    texts: Mapping[str, str] | None,
    found: Collector,
) -> None:
    """Read what `file` includes, from the disk or from `texts`."""
    for pattern in file.spec.include or ():
        for target in _matches(pattern, path, folder, texts, found):
            name = target.as_posix() if texts is not None else name_of(target, root=folder)
            if name in chain:
                through = " → ".join((*chain[chain.index(name) :], name))
                found.error(
                    "AG010",
                    f"`{name}` includes itself through {through}",
                    pattern.span,
                    help="an included file need not include its includer: files are united",
                )
            elif name not in sources:
                if texts is None:
                    more = _read_file(target, folder, sources, found)
                else:
                    sources[name] = texts[name]
                    more = _parsed(name, texts[name], found)
                if more is None:
                    continue
                _check_included(more, found)
                included[name] = more
                _include(more, target, folder, sources, included, (*chain, name), texts, found)


def _matches(
    pattern: Located[str],
    path: Path,
    folder: Path,
    texts: Mapping[str, str] | None,
    found: Collector,
) -> tuple[Path, ...]:
    text = pattern.value
    help = "paths are relative to the including file"
    if Path(text).is_absolute() or ".." in Path(text).parts:
        found.error(
            "AG010",
            f"`{text}` leaves the folder of the spec",
            pattern.span,
            help="included files stand beside or below the root spec",
        )
        return ()
    if texts is not None:
        base = path.parent.as_posix()
        kept_texts = [Path(name) for name in sorted(texts) if matches(text, name, base=base)]
        if path not in kept_texts and not kept_texts:
            found.error("AG010", f"`{text}` matches no file", pattern.span, help=help)
        return tuple(target for target in kept_texts if target != path)
    try:
        matched = sorted(target for target in path.parent.glob(text) if target.is_file())
    except (ValueError, NotImplementedError, IndexError):
        matched = []
    inside = folder.resolve()
    kept = [
        target
        for target in matched
        if target.resolve().is_relative_to(inside) and target.resolve() != path.resolve()
    ]
    if path.resolve() in (target.resolve() for target in matched) and not kept:
        name = path.name
        found.error("AG010", f"`{name}` includes itself", pattern.span, help=help)
    elif not kept:
        found.error("AG010", f"`{text}` matches no file", pattern.span, help=help)
    return tuple(kept)


def matches(pattern: str, name: str, *, base: str) -> bool:
    """Whether a glob of a file in folder `base` finds the file `name`, as `Path.glob` would."""
    parts = PurePosixPath(name).parts
    before = PurePosixPath(base).parts
    if parts[: len(before)] != before:
        return False
    return _fits(PurePosixPath(pattern).parts, parts[len(before) :])


def _fits(pattern: tuple[str, ...], parts: tuple[str, ...]) -> bool:
    if not pattern:
        return not parts
    if pattern[0] == "**":
        return _fits(pattern[1:], parts) or (bool(parts) and _fits(pattern, parts[1:]))
    return bool(parts) and fnmatchcase(parts[0], pattern[0]) and _fits(pattern[1:], parts[1:])


def _check_included(file: SourceFile, found: Collector) -> None:
    if file.spec.context is not None:
        check_name(file.spec.context, NameRule(kind="context", case="snake"), found)
    for section in _ROOT_ONLY:
        if section in file.sections:
            found.error(
                "AG012",
                f"`{section}` is not allowed here",
                file.sections[section],
                label="in an included file",
                help="move it to the root file",
            )


def _check_seed_files(files: tuple[SourceFile, ...], folder: Path, found: Collector) -> None:
    """Report seed files that are missing or lie outside the spec's folder (AG010)."""
    for file in files:
        domains = (file.spec, *(context.value for context in file.spec.contexts or ()))
        for domain in domains:
            for seed_set in domain.seeds or ():
                for rows in seed_set.value:
                    if isinstance(rows.value, Located):
                        _check_seed_file(rows.value, folder, found)


def _check_seed_file(path: Located[str], folder: Path, found: Collector) -> None:
    help = "paths are relative to the root spec, and stay in its folder"
    target = folder / path.value
    if "\0" in path.value or not target.resolve().is_relative_to(folder.resolve()):
        found.error("AG010", f"`{path.value}` leaves the folder of the spec", path.span, help=help)
    elif not target.is_file():
        found.error("AG010", f"there is no file `{path.value}`", path.span, help=help)
    elif target.suffix != ".json":
        found.error(
            "AG010",
            f"`{path.value}` is not a JSON file",
            path.span,
            help="a seed file is a JSON list of rows, named `….json`",
        )
