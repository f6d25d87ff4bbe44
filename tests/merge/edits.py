"""Edits of a Python module that an owner or a generator could make, chosen by three numbers.

Every edit is a function of the text and two numbers (where, what) and a word that tells the sides
apart. An edit that does not apply, or whose result is not Python, changes nothing.
"""

import ast
import io
import tokenize
import warnings
from collections.abc import Callable, Sequence

type Edit = Callable[[str, int, int, str], str]
type Choice = tuple[int, int, int]
"""Which edit, where, what."""


def _tree(text: str) -> ast.Module:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return ast.parse(text)


def _pick[T](items: Sequence[T], number: int) -> T | None:
    return items[number % len(items)] if items else None


def _bodies(text: str) -> list[list[ast.stmt]]:
    found: list[list[ast.stmt]] = []
    for node in ast.walk(_tree(text)):
        for name in ("body", "orelse", "finalbody"):
            body = getattr(node, name, None)
            if isinstance(body, list) and body and isinstance(body[0], ast.stmt):
                found.append(body)
    return found


def _first_line(node: ast.stmt) -> int:
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        return min([node.lineno, *(each.lineno for each in node.decorator_list)])
    return node.lineno


def _indent(line: str) -> str:
    return line[: len(line) - len(line.lstrip())]


def _functions(text: str) -> list[ast.FunctionDef | ast.AsyncFunctionDef]:
    return [
        node
        for node in ast.walk(_tree(text))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    ]


def _classes(text: str) -> list[ast.ClassDef]:
    return [node for node in ast.walk(_tree(text)) if isinstance(node, ast.ClassDef)]


def _with_lines(text: str, at: int, new: list[str], drop: int = 0) -> str:
    lines = text.split("\n")
    lines[at : at + drop] = new
    return "\n".join(lines)


def _replaced(text: str, node: ast.expr, new: str) -> str:
    lines = text.split("\n")
    if node.end_lineno != node.lineno:
        return text
    line = lines[node.lineno - 1].encode()
    lines[node.lineno - 1] = (
        line[: node.col_offset] + new.encode() + line[node.end_col_offset :]
    ).decode()
    return "\n".join(lines)


def add_function(text: str, where: int, what: int, who: str) -> str:
    """Add a function to the module, after one of its statements."""
    node = _pick(_tree(text).body, where)
    if node is None or node.end_lineno is None:
        return text
    name = f"{who}_function_{what % 7}"
    body = [
        "",
        "",
        f"def {name}(value: int) -> int:",
        f'    """Of {who}."""',
        f"    return value * {what}",
    ]
    return _with_lines(text, node.end_lineno, body)


def add_method(text: str, where: int, what: int, who: str) -> str:
    """Add a method to a class, after one of its members."""
    owner = _pick(_classes(text), where)
    member = _pick(owner.body, what) if owner else None
    if member is None or member.end_lineno is None:
        return text
    indent = _indent(text.split("\n")[member.lineno - 1])
    name = f"{who}_method_{what % 5}"
    lines = [
        "",
        f"{indent}def {name}(self) -> str:",
        f"{indent}    # {who} wants {what}",
        f"{indent}    return {who}_{what}",
    ]
    return _with_lines(text, member.end_lineno, lines)


def add_field(text: str, where: int, what: int, who: str) -> str:
    """Add an attribute to a class, after one of its members."""
    owner = _pick(_classes(text), where)
    member = _pick(owner.body, what) if owner else None
    if member is None or member.end_lineno is None:
        return text
    indent = _indent(text.split("\n")[member.lineno - 1])
    return _with_lines(
        text, member.end_lineno, [f"{indent}{who}_field_{what % 5}: int = {what}  # of {who}"]
    )


def remove_statement(text: str, where: int, what: int, who: str) -> str:
    """Remove a statement that is not alone."""
    body = _pick(_bodies(text), where)
    node = _pick(body, what) if body and len(body) > 1 else None
    if node is None or node.end_lineno is None:
        return text
    first = _first_line(node)
    return _with_lines(text, first - 1, [], drop=node.end_lineno - first + 1)


def swap(text: str, where: int, what: int, who: str) -> str:
    """Swap two neighbours."""
    body = _pick([body for body in _bodies(text) if len(body) > 1], where)
    if body is None:
        return text
    at = what % (len(body) - 1)
    one, other = body[at], body[at + 1]
    if one.end_lineno is None or other.end_lineno is None:
        return text
    lines = text.split("\n")
    start, middle, end = _first_line(one) - 1, _first_line(other) - 1, other.end_lineno
    first, gap, second = (
        lines[start : one.end_lineno],
        lines[one.end_lineno : middle],
        lines[middle:end],
    )
    return "\n".join([*lines[:start], *second, *gap, *first, *lines[end:]])


def rename(text: str, where: int, what: int, who: str) -> str:
    """Rename a definition where it is defined."""
    node = _pick([*_functions(text), *_classes(text)], where)
    if node is None:
        return text
    lines = text.split("\n")
    lines[node.lineno - 1] = lines[node.lineno - 1].replace(
        node.name, f"{node.name}_{who}{what % 3}", 1
    )
    return "\n".join(lines)


def add_statement(text: str, where: int, what: int, who: str) -> str:
    """Add a statement to a function."""
    function = _pick(_functions(text), where)
    node = _pick(function.body, what) if function else None
    if node is None:
        return text
    first = _first_line(node)
    indent = _indent(text.split("\n")[first - 1])
    kinds = [
        f"{who}_log({what})",
        f"{who}_value = {what}",
        f"if {who}_{what}:\n{indent}    return {what}",
        f"assert {who}_is({what}), '{who} {what}'",
    ]
    return _with_lines(text, first - 1, (indent + kinds[what % 4]).split("\n"))


def add_comment(text: str, where: int, what: int, who: str) -> str:
    """Add a comment above a statement, apart from it or not."""
    body = _pick(_bodies(text), where)
    node = _pick(body, what) if body else None
    if node is None:
        return text
    first = _first_line(node)
    indent = _indent(text.split("\n")[first - 1])
    return _with_lines(
        text, first - 1, [f"{indent}# {who} says {what}", *([""] if what % 3 == 0 else [])]
    )


def add_trailing_comment(text: str, where: int, what: int, who: str) -> str:
    """Add a comment to the end of a line."""
    lines = text.split("\n")
    candidates = [
        index
        for index, line in enumerate(lines)
        if line.rstrip().endswith((",", ")", ":", "(", "]"))
    ]
    index = _pick(candidates, where)
    if index is None or "#" in lines[index]:
        return text
    lines[index] += f"  # {who} {what}"
    return "\n".join(lines)


def add_decorator(text: str, where: int, what: int, who: str) -> str:
    """Add a decorator."""
    node = _pick([*_functions(text), *_classes(text)], where)
    if node is None:
        return text
    at = node.lineno - 1 if what % 2 else _first_line(node) - 1
    indent = _indent(text.split("\n")[node.lineno - 1])
    return _with_lines(text, at, [f"{indent}@{who}_decorator({what % 4})"])


def add_import(text: str, where: int, what: int, who: str) -> str:
    """Add an import, or a name to one."""
    imports = [node for node in _tree(text).body if isinstance(node, ast.Import | ast.ImportFrom)]
    node = _pick(imports, where)
    if node is None or node.end_lineno is None:
        return text
    if isinstance(node, ast.ImportFrom) and what % 2 and node.end_lineno == node.lineno:
        lines = text.split("\n")
        lines[node.lineno - 1] += f", {who.title()}{what % 9}"
        return "\n".join(lines)
    kinds = [
        f"import {who}{what % 5}",
        f"from {who}.pack{what % 3} import name_{what % 4}",
        f"import {who} as {who}{what % 3}",
    ]
    return _with_lines(text, node.end_lineno, [kinds[what % 3]])


def change_constant(text: str, where: int, what: int, who: str) -> str:
    """Change a literal."""
    node = _pick([each for each in ast.walk(_tree(text)) if isinstance(each, ast.Constant)], where)
    if node is None:
        return text
    new = f'"{who} {what}"' if isinstance(node.value, str) else str(what)
    return _replaced(text, node, new)


def change_name(text: str, where: int, what: int, who: str) -> str:
    """Change a name that is read."""
    node = _pick([each for each in ast.walk(_tree(text)) if isinstance(each, ast.Name)], where)
    return text if node is None else _replaced(text, node, f"{who}_{node.id}_{what % 3}")


def add_parameter(text: str, where: int, what: int, who: str) -> str:
    """Add a parameter."""
    node = _pick([each for each in _functions(text) if each.args.args], where)
    if node is None:
        return text
    last = node.args.args[-1]
    old = ast.get_source_segment(text, last)
    lines = text.split("\n")
    line = lines[last.lineno - 1]
    if last.end_lineno != last.lineno or not line.isascii() or node.args.defaults or old is None:
        return text
    default = f" = {what}" if what % 2 else ""
    lines[last.lineno - 1] = (
        line[: last.end_col_offset]
        + f", {who}_extra_{what % 3}: int{default}"
        + line[last.end_col_offset :]
    )
    return "\n".join(lines)


def add_argument(text: str, where: int, what: int, who: str) -> str:
    """Add a keyword to a call."""
    calls = [
        each
        for each in ast.walk(_tree(text))
        if isinstance(each, ast.Call)
        and each.end_lineno == each.lineno
        and (each.args or each.keywords)
    ]
    node = _pick(calls, where)
    source = ast.get_source_segment(text, node) if node else None
    if node is None or source is None:
        return text
    return _replaced(text, node, source[:-1].rstrip(", ") + f", {who}_option_{what % 3}={what})")


def add_item(text: str, where: int, what: int, who: str) -> str:
    """Add an item to a list, a tuple or a set."""
    literals = [
        each
        for each in ast.walk(_tree(text))
        if isinstance(each, ast.List | ast.Set | ast.Tuple)
        and each.elts
        and each.end_lineno == each.lineno
    ]
    node = _pick(literals, where)
    source = ast.get_source_segment(text, node) if node else None
    if node is None or source is None or source[-1] not in ")]}":
        return text
    return _replaced(text, node, source[:-1].rstrip(", ") + f", {who}_item_{what % 4}" + source[-1])


def add_base(text: str, where: int, what: int, who: str) -> str:
    """Add a base class."""
    node = _pick([each for each in _classes(text) if each.bases], where)
    base = node.bases[-1] if node else None
    source = ast.get_source_segment(text, base) if base else None
    if base is None or source is None:
        return text
    return _replaced(text, base, f"{source}, {who.title()}Mixin{what % 3}")


def change_docstring(text: str, where: int, what: int, who: str) -> str:
    """Add a line to a docstring, or change its first."""
    nodes = [*_functions(text), *_classes(text)]
    node = _pick([each for each in nodes if ast.get_docstring(each)], where)
    doc = node.body[0].value if node and isinstance(node.body[0], ast.Expr) else None
    if node is None or doc is None or doc.end_lineno is None:
        return text
    lines = text.split("\n")
    indent = _indent(lines[doc.lineno - 1])
    if what % 2:
        lines[doc.lineno - 1] = lines[doc.lineno - 1].replace('"""', f'"""{who} {what}: ', 1)
    else:
        lines[doc.end_lineno - 1] = (
            lines[doc.end_lineno - 1].removesuffix('"""')
            + f'\n\n{indent}{who} {what}.\n{indent}"""'
        )
    return "\n".join(lines)


def wrap_statement(text: str, where: int, what: int, who: str) -> str:
    """Put a statement below a condition."""
    function = _pick(_functions(text), where)
    node = _pick(function.body, what) if function else None
    if node is None or node.end_lineno is None:
        return text
    lines = text.split("\n")
    first = _first_line(node) - 1
    indent = _indent(lines[first])
    inner = [f"    {line}" if line.strip() else line for line in lines[first : node.end_lineno]]
    return _with_lines(
        text, first, [f"{indent}if {who}_{what % 3}:", *inner], drop=node.end_lineno - first
    )


def remove_decorator(text: str, where: int, what: int, who: str) -> str:
    """Remove a decorator."""
    nodes = [*_functions(text), *_classes(text)]
    decorators = [each for node in nodes for each in node.decorator_list]
    node = _pick(decorators, where)
    if node is None or node.end_lineno is None:
        return text
    return _with_lines(text, node.lineno - 1, [], drop=node.end_lineno - node.lineno + 1)


def single_quotes(text: str, where: int, what: int, who: str) -> str:
    """Use single quotes, as some formatters do."""
    lines = text.split("\n")
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        (row, start), (end_row, end) = token.start, token.end
        plain = (
            token.string.startswith('"') and "'" not in token.string and "\\" not in token.string
        )
        if (
            token.type == tokenize.STRING
            and plain
            and row == end_row
            and not token.string.startswith('"""')
        ):
            line = lines[row - 1]
            lines[row - 1] = line[:start] + "'" + line[start + 1 : end - 1] + "'" + line[end:]
    return "\n".join(lines)


def tabs(text: str, where: int, what: int, who: str) -> str:
    """Indent with tabs."""
    return "\n".join(
        "\t" * ((len(line) - len(line.lstrip(" "))) // 4) + line.lstrip(" ")
        if line.startswith("    ")
        else line
        for line in text.split("\n")
    )


def joined_lines(text: str, where: int, what: int, who: str) -> str:
    """Put one call on one line."""
    calls = [
        each
        for each in ast.walk(_tree(text))
        if isinstance(each, ast.Call) and each.end_lineno != each.lineno
    ]
    node = _pick(calls, where)
    if node is None or node.end_lineno is None:
        return text
    lines = text.split("\n")
    span = lines[node.lineno - 1 : node.end_lineno]
    if any('"""' in line or "#" in line for line in span):
        return text
    return _with_lines(
        text,
        node.lineno - 1,
        [span[0] + " ".join(each.strip() for each in span[1:])],
        drop=len(span),
    )


def blank_lines(text: str, where: int, what: int, who: str) -> str:
    """Add a blank line above a statement, or take those above away."""
    body = _pick(_bodies(text), where)
    node = _pick(body, what) if body else None
    if node is None:
        return text
    first = _first_line(node) - 1
    lines = text.split("\n")
    if first and not lines[first - 1].strip():
        return _with_lines(text, first - 1, [], drop=1)
    return _with_lines(text, first, [""])


COMMON: tuple[Edit, ...] = (
    add_function,
    add_method,
    add_field,
    remove_statement,
    add_statement,
    add_comment,
    add_trailing_comment,
    add_decorator,
    add_import,
    change_constant,
    change_name,
    add_parameter,
    add_argument,
    add_item,
    add_base,
    change_docstring,
    swap,
    remove_decorator,
    blank_lines,
    joined_lines,
)
GENERATOR: tuple[Edit, ...] = COMMON
OWNER: tuple[Edit, ...] = (*COMMON, rename, wrap_statement, single_quotes, tabs)


def edited(text: str, choices: Sequence[Choice], edits: Sequence[Edit], who: str) -> str:
    """Apply edits one after the other, leaving out those that do not fit."""
    for which, where, what in choices:
        try:
            changed = edits[which % len(edits)](text, where, what, who)
            _tree(changed)
        except SyntaxError:
            continue
        text = changed
    return text
