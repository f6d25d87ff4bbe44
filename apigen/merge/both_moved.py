"""One file that apigen and its owner both changed: find the three texts, merge, lay out.

Blocks where a merge would be a guess: no base, markers of an unfinished merge, text that does not
parse and conflicts by lines as well.
"""

import re
from collections.abc import Callable

from apigen.diagnostics.internal_error import InternalError
from apigen.merge.changes import Blocked, Change, Keep, Kept, Merge, Reason
from apigen.merge.manifest import ManifestEntry
from apigen.merge.merged import Merged, Unmergeable
from apigen.merge.text import NotText, has_markers, laid_out, layout_of, text_of
from apigen.merge.worktree import Worktree, digest
from apigen.plan.file import FileClass
from apigen.render.renderer import RenderedFile

_WORD = re.compile(r"\w+")


def merged_change(
    file: RenderedFile, known: ManifestEntry | None, worktree: Worktree, restore: frozenset[str]
) -> Change:
    """Merge yours, what apigen wrote last and today's rendering.

    Args:
        file: Today's rendering.
        known: What the manifest knows of it; None: apigen never wrote it, so the base is empty.
        worktree: The project; there is a regular file at the path.
        restore: Symbols in it that its owner deleted and wants back.
    """
    path = file.path
    content = worktree.content(path)
    try:
        mine, theirs = text_of(content), text_of(file.content)
    except NotText as problem:
        return Blocked(path=path, reason=Reason.UNREADABLE, file=file, detail=str(problem))
    if mine == theirs:
        return Keep(path=path, kept=Kept.UNCHANGED, file=file)
    sides = worktree.sides(path)
    if not sides and has_markers(mine):
        return Blocked(path=path, reason=Reason.MARKERS, file=file)
    try:
        if sides:
            merged = _of_both_sides(path, [(s.base, s.content) for s in sides], theirs, restore)
        else:
            base = _base(file, known, worktree)
            if base is None:
                return Blocked(path=path, reason=Reason.NO_BASE, file=file)
            merged = _with_united_base(path, known, (base, mine, theirs), restore)
    except Unmergeable as problem:
        return Blocked(path=path, reason=Reason.UNREADABLE, file=file, detail=str(problem))
    result = laid_out(merged.text, layout_of(content), mine)
    if result == content and not merged.conflicts and not merged.remarks:
        return Keep(path=path, kept=Kept.UNCHANGED, file=file)
    return Merge(path=path, file=file, before=digest(content), content=result, merged=merged)


def _with_united_base(
    path: str,
    known: ManifestEntry | None,
    texts: tuple[str, str, str],
    restore: frozenset[str],
) -> Merged:
    """Merge; where git united two bases to what does not parse, as if there had been none."""
    base, mine, theirs = texts
    try:
        return merge_texts(path, base, mine, theirs, restore)
    except Unmergeable:
        if known is None or not known.others:
            raise
        return merge_texts(path, "", mine, theirs, restore)


def merge_texts(path: str, base: str, mine: str, theirs: str, restore: frozenset[str]) -> Merged:
    """Merge by symbol or key, by lines where that is impossible.

    Raises:
        Unmergeable: the text does not parse, and its lines conflict.
    """
    from apigen.merge.files import merge_file
    from apigen.merge.lines import merge_lines

    try:
        return merge_file(path, base, mine, theirs, restore=restore)
    except Unmergeable:
        by_lines = merge_lines(base, mine, theirs)
        if by_lines.conflicts:
            raise
        return by_lines
    except InternalError:
        # The merge would have lost something. That is a mistake of ours, and the owner decides.
        from apigen.merge.invariant import whole_file

        return whole_file(base, mine, theirs)


def same_but_for_layout(path: str, mine: Callable[[], bytes], theirs: bytes) -> bool:
    """Whether two versions of a Python file differ in nothing but layout; False in doubt."""
    if not path.endswith(".py"):
        return False
    try:
        texts = (text_of(mine()), text_of(theirs))
    except NotText:
        return False
    # Reading is dear, and most versions that differ say so in a word.
    if _WORD.findall(texts[0]) != _WORD.findall(texts[1]):
        return False
    from apigen.merge.python.source import read

    try:
        one, other = (read(text if text.endswith("\n") else f"{text}\n") for text in texts)
    except Unmergeable:
        return False
    return one.forms.forms == other.forms.forms


def _base(file: RenderedFile, known: ManifestEntry | None, worktree: Worktree) -> str | None:
    """Return what apigen wrote last, None when it is missing, damaged or another text."""
    if known is None:
        return ""
    if digest(file.content) in known.hashes:
        # What apigen would write is what it wrote: a lost base is found again.
        return text_of(file.content)
    content = worktree.base(file.path)
    if content is None or known.file_class is FileClass.SEED:
        return None
    if not known.others and digest(content) != known.sha256:
        return None
    try:
        return text_of(content)
    except NotText:
        return None


def _of_both_sides(
    path: str, sides: list[tuple[bytes | None, bytes]], theirs: str, restore: frozenset[str]
) -> Merged:
    """Merge each side of an unfinished git merge with today's rendering, then the two results.

    Both results stand on today's rendering, so what is left between them is the owners' edits.
    """
    texts: list[str] = []
    for base, content in sides:
        if base is None:
            raise Unmergeable("has conflicts of git, and one branch has no record of it")
        one = merge_texts(path, text_of(base), text_of(content), theirs, restore)
        if one.conflicts:
            raise Unmergeable("has conflicts of git: resolve them first, then run this again")
        texts.append(one.text)
    return merge_texts(path, theirs, texts[0], texts[1], frozenset())
