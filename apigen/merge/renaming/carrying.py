"""The renames of a run carried into one file: base and yours, or a file of the owner's own."""

from collections.abc import Iterator

from apigen.merge.changes import Blocked, Reason
from apigen.merge.renaming.alignment import is_same_code, renamed_tokens
from apigen.merge.renaming.code import Code, read_code
from apigen.merge.renaming.mentions import Mention, in_python, of_doubts
from apigen.merge.renaming.names import Names, module_name
from apigen.merge.renaming.pairing import Pair
from apigen.merge.renaming.receivers import Receivers
from apigen.merge.renaming.references import References, references
from apigen.merge.renaming.rewriting import Rewritten, rewritten
from apigen.merge.renaming.rivals import Rivals
from apigen.merge.renaming.scope_reader import scopes
from apigen.merge.text import laid_out, layout_of, text_of
from apigen.values import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Carried:
    """A file with the renames done."""

    content: bytes | None = None
    """Yours; None when nothing in it changed, or nothing is there."""
    base: bytes | None = None
    lines: tuple[int, ...] = ()
    """Of yours that changed, from 1."""
    blocked: tuple[Blocked, ...] = ()
    mentions: tuple[Mention, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Carrier:
    """What is the same for all files of a run."""

    names: Names
    receivers: Receivers
    rivals: Rivals
    words: frozenset[str]
    """Old names to mention where they are left."""

    def own(self, path: str, content: bytes) -> Carried:
        """Carry the renames into a file of the owner's own.

        Raises:
            NotPython: it does not parse.
            NotText: it is not UTF-8.
        """
        code = read_code(text_of(content))
        found = self._references(path, code)
        after = rewritten(code, found, None, {})
        return self._carried(path, content, code, after, found)

    def generated(
        self, path: str, content: bytes | None, base: bytes, pair: Pair | None
    ) -> Carried:
        """Carry the renames into a file that apigen wrote.

        Args:
            path: Where it stands.
            content: Yours; None when its owner deleted it.
            base: What apigen wrote last.
            pair: The file in both renderings; None when today's templates have no such file.

        Raises:
            NotPython: base or yours does not parse.
            NotText: one of them is not UTF-8.
        """
        today = pair.new if pair is not None and base == pair.old.content else None
        if today is not None and content in {None, base}:
            changed = today.content if today.content != base else None
            return Carried(content=changed if content is not None else None, base=changed)
        origin = read_code(text_of(base))
        after = self._base(path, origin, pair)
        changed = after.text.encode() if after.text != origin.text else None
        if content is None or content == base:
            return Carried(content=changed if content is not None else None, base=changed)
        if today is not None and is_same_code(read_code(after.text), read_code(today.text)):
            changed = today.content if today.content != base else None
        code = read_code(text_of(content))
        found = self._references(path, code)
        mine = rewritten(code, found, origin, after.became)
        carried = self._carried(path, content, code, mine, found)
        return Carried(
            content=carried.content,
            base=changed,
            lines=carried.lines,
            blocked=carried.blocked,
            mentions=carried.mentions,
        )

    def _base(self, path: str, origin: Code, pair: Pair | None) -> Rewritten:
        """Return a base with the renames done, and nothing else.

        Where today's templates have another shape for a new name (a field of two words needs an
        alias), merging brings it, to a statement that its owner edited too.
        """
        found = self._references(path, origin)
        if pair is None:
            return rewritten(origin, found, None, {})
        old = read_code(pair.old.text)
        return rewritten(origin, found, old, renamed_tokens(old, read_code(pair.new.text)))

    def _references(self, path: str, code: Code) -> References:
        package = path.endswith("/__init__.py")
        module = scopes(code, module_name(path), is_package=package)
        return references(module, self.names, self.receivers, self.rivals)

    def _carried(
        self,
        path: str,
        content: bytes,
        code: Code,
        after: Rewritten,
        found: References,
    ) -> Carried:
        text = after.text
        blocked = tuple(
            Blocked(
                path=path,
                reason=Reason.TAKEN,
                file=None,
                detail=f"line {taken.line} has a `{taken.name}` of yours",
            )
            for taken in found.taken
        )
        return Carried(
            content=laid_out(text, layout_of(content), code.text) if text != code.text else None,
            lines=after.lines,
            blocked=blocked,
            mentions=tuple(self._mentions(path, code, after, found)),
        )

    def _mentions(
        self, path: str, code: Code, after: Rewritten, found: References
    ) -> Iterator[Mention]:
        settled = after.settled
        doubts = {start: name for start, name in found.doubts.items() if start not in settled}
        yield from of_doubts(path, code, doubts)
        yield from in_python(path, code, self.words, settled)
