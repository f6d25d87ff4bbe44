"""Read one YAML file into nodes that remember where they stood.

Guards against everything a hostile file can do to a reader: size, depth, alias bombs, tags,
duplicate keys. What the keys mean is `apigen.spec`'s business. YAML is taken apart event by event,
so that neither depth nor size costs stack.
"""

import re
from pathlib import Path
from typing import TYPE_CHECKING

from apigen.diagnostics import Label, Outcome, Span
from apigen.diagnostics.collector import Collector
from apigen.source.node import MappingNode, Node, SequenceNode
from apigen.source.spans import file_start

if TYPE_CHECKING:
    from yaml.error import MarkedYAMLError

MAX_BYTES = 5_000_000

_FORBIDDEN = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def load_text(text: str, *, file: str) -> Outcome[MappingNode]:
    """Read the text of a file; spans name it `file`.

    Returns:
        The mapping, when the text is readable as YAML and holds one. Errors AG001 (empty), AG003
        (unreadable), AG004 (duplicate key), AG006 (not a mapping), AG008 (tag, unknown alias).
    """
    found = Collector()
    node = parse(text, file=file, found=found)
    if isinstance(node, MappingNode):
        return Outcome(value=node, diagnostics=found.found)
    if not len(found):
        if node is None or node.span.line == node.span.end_line == 1 == node.span.end_column:
            found.error("AG001", "the file is empty", file_start(file), help="add `apigen: 1`")
        else:
            kind = "list" if isinstance(node, SequenceNode) else "single value"
            found.error(
                "AG006",
                f"a spec is a mapping, not a {kind}",
                node.span,
                help="start with `apigen: 1` and `app: <name>`, each on a line of its own",
            )
    return Outcome(value=None, diagnostics=found.found)


def name_of(path: Path, *, root: Path) -> str:
    """Return the path as spans show it: relative to the root spec's folder, with slashes."""
    try:
        return path.resolve().relative_to(root.resolve()).as_posix()
    except ValueError:
        return path.as_posix()


def read_text(path: Path, *, file: str, found: Collector) -> str | None:
    """Read UTF-8 text (a byte order mark is dropped), or report why not: AG003, AG010."""
    try:
        size = path.stat().st_size
        data = path.read_bytes() if size <= MAX_BYTES else b""
    except OSError as problem:
        reason = problem.strerror or "it cannot be opened"
        found.error("AG010", f"`{file}` cannot be read: {reason.lower()}", file_start(file))
        return None
    if size > MAX_BYTES:
        _unreadable(
            found,
            f"the file has {size:,} bytes, and at most {MAX_BYTES:,} are read",
            file_start(file),
            help="split it with `include`",
        )
        return None
    try:
        return data.removeprefix(b"\xef\xbb\xbf").decode("utf-8")
    except UnicodeDecodeError as problem:
        before = data[: problem.start].decode("utf-8", errors="replace")
        line = before.count("\n") + 1
        column = len(before) - (before.rfind("\n") + 1) + 1
        _unreadable(
            found,
            "the file is not UTF-8",
            Span(file=file, line=line, column=column, end_line=line, end_column=column + 1),
            help="save it as UTF-8",
        )
        return None


def parse_fragment(text: str, *, at: Span, found: Collector) -> Node | None:
    """Read a value that is written inside a text, at `at`; AG202 when it is none."""
    inner = Collector()
    node = parse(text, file=at.file, found=inner, at=at)
    if not len(inner):
        return node
    said = inner.found[0].message.removeprefix("YAML cannot be read here: ")
    found.error(
        "AG202",
        f"cannot read this field: {said}",
        at,
        help='after ` = ` stands one value: `= 3`, `= "a text"`, `= [a, b]`',
    )
    return None


def parse(text: str, *, file: str, found: Collector, at: Span | None = None) -> Node | None:
    """Read YAML text; the spans of nodes are shifted to `at`, where it stands on one line."""
    forbidden = _FORBIDDEN.search(text)
    if forbidden is not None:
        before = text[: forbidden.start()]
        line = before.count("\n") + 1
        column = len(before) - (before.rfind("\n") + 1) + 1
        _unreadable(
            found,
            f"the character U+{ord(forbidden[0]):04X} is not allowed",
            Span(file=file, line=line, column=column, end_line=line, end_column=column + 1),
            help='write it as an escape inside double quotes, such as "\\u0000"',
        )
        return None
    # Imported here because `apigen --help` has no need of it.
    import yaml

    from apigen.source.composer import Composer, TooMuchError

    if not yaml.__with_libyaml__:
        # The parser in Python refuses `{ type: int? }`, which is right YAML 1.2.
        message = f"PyYAML in {Path(yaml.__file__).parent} has no libyaml: install it from a wheel"
        raise RuntimeError(message)
    composer = Composer(file=file, found=found, at=at)
    try:
        for event in yaml.parse(text, Loader=yaml.CSafeLoader):
            composer.take(event)
    except TooMuchError as problem:
        _unreadable(found, str(problem), problem.span, help=problem.help)
        return None
    except yaml.MarkedYAMLError as problem:
        _report(problem, text=text, file=file, found=found)
        return None
    except yaml.YAMLError as problem:
        _unreadable(found, str(problem).splitlines()[0].lower(), file_start(file))
        return None
    return composer.root


def _report(problem: "MarkedYAMLError", *, text: str, file: str, found: Collector) -> None:
    """Say what libyaml could not read in words that help, and where the trouble began."""
    said = problem.problem or "it is not YAML"
    context = problem.context or ""
    opening = _mark_span(problem.context_mark, file)
    span = _mark_span(problem.problem_mark, file) or opening or file_start(file)
    lines = text.splitlines()
    line = lines[span.line - 1] if span.line <= len(lines) else ""
    rest = line[span.column - 1 :]
    help = ""
    labels: tuple[Label, ...] = ()
    if "character that cannot start" in said and rest[:1] == "\t":
        said, help = "a tab cannot indent", "indent with spaces"
    elif "character that cannot start" in said:
        said = f"no value starts with `{rest[:1]}`"
        help = "quote the whole value"
    elif "unexpected end of stream" in said and "quoted" in context:
        said, help = "the quote is never closed", "close it, or quote the value as a whole"
        if opening is not None:
            span = opening
    elif "mapping values are not allowed" in said:
        said = "a second `:` in one value"
        help = "quote the whole value, or put the inner mapping on lines of its own"
    elif "did not find expected key" in said or "did not find expected '-'" in said:
        before = line[: span.column - 1].rstrip()
        if before.endswith(("'", '"')):
            said = "text after the closing quote"
            help = "a value starting with a quote must be quoted as a whole"
        else:
            said = "this line is not indented like its neighbours"
            help = "keys of one mapping start in the same column"
    elif "expected node content" in said:
        said, help = "a value is missing", "close every bracket that is opened"
    elif "flow sequence" in context or "flow mapping" in context:
        bracket = "[" if "sequence" in context else "{"
        said = f"`{bracket}` is never closed, or a comma is missing"
        help = "text with commas, colons or brackets in it needs quotes"
        if opening is not None:
            labels = (Label(span=opening, text="opened here"),)
    elif "duplicate anchor" in said:
        help = "name the second anchor differently"
    _unreadable(found, said, span, help=help, labels=labels)


def _mark_span(mark: object, file: str) -> Span | None:
    """Return the span of the character at a mark of PyYAML's, which counts from 0."""
    line, column = getattr(mark, "line", None), getattr(mark, "column", None)
    if not isinstance(line, int) or not isinstance(column, int):
        return None
    return Span(
        file=file, line=line + 1, column=column + 1, end_line=line + 1, end_column=column + 2
    )


def _unreadable(
    found: Collector,
    problem: str,
    span: Span,
    *,
    help: str = "",
    labels: tuple[Label, ...] = (),
) -> None:
    found.error("AG003", f"YAML cannot be read here: {problem}", span, help=help, labels=labels)
