"""Changes and reports made by hand, for tests of what is said about them."""

from apigen.diagnostics import Span
from apigen.driver import Judgement, Report
from apigen.evolve.record import Effect, Evolution, Lock, SpecChange
from apigen.merge.changes import Change, Create, Merge, Update
from apigen.merge.manifest import Manifest
from apigen.merge.merged import Merged, Remark, SymbolConflict
from apigen.plan.file import FileClass
from apigen.render.renderer import RenderedFile
from tests.unit.graph.systems import system

SPAN = Span(file="apigen.yaml", line=7, column=7, end_line=7, end_column=13)
NOTE_IS_NEW = SpecChange(
    kind="added",
    element="field",
    symbol="shop.Product.note",
    database=Effect.SAFE,
    api=Effect.SAFE,
    span=SPAN,
    text="field `Product.note` is new",
)


def rendered(path: str, text: str = "x = 1\n", *, of: tuple[str, ...] = ()) -> RenderedFile:
    """Return a merged file."""
    return RenderedFile(
        path=path,
        content=text.encode(),
        file_class=FileClass.MERGED,
        elements=of,
        executable=False,
    )


def create(path: str) -> Create:
    """Return the creation of a file."""
    return Create(path=path, file=rendered(path))


def update(path: str, *, of: tuple[str, ...] = ()) -> Update:
    """Return the update of a file."""
    return Update(path=path, file=rendered(path, of=of), before="0" * 64)


def merge(
    path: str,
    text: str,
    *,
    theirs: str = "x = 1\n",
    conflicts: tuple[SymbolConflict, ...] = (),
    remarks: tuple[Remark, ...] = (),
) -> Merge:
    """Return a merge that comes to `text`."""
    return Merge(
        path=path,
        file=rendered(path, theirs, of=("shop.Product",)),
        before="0" * 64,
        content=text.encode(),
        merged=Merged(text=text, conflicts=conflicts, remarks=remarks),
    )


def conflict(symbol: str, line: int) -> SymbolConflict:
    """Return a conflict of one symbol."""
    return SymbolConflict(symbol=symbol, line=line, mine="a\n", base="b\n", theirs="c\n")


def evolution(*changes: SpecChange) -> Evolution:
    """Return an evolution of nothing but `changes`."""
    return Evolution(
        system=system(),
        lock=Lock(symbols=(), schema=None),
        changes=changes,
        renames=(),
        revisions=(),
        version=None,
        changelog="",
    )


def report(*changes: Change, written: bool = True, **more: object) -> Report:
    """Return the report of a run whose spec has no errors."""
    judgement = Judgement(system=system(), document=None, diagnostics=(), sources={})
    known: dict[str, object] = {"manifest": Manifest(entries={}, version=None), **more}
    # The keys are those of Report: what a test gives is checked when it is constructed.
    return Report(judgement=judgement, changes=changes, written=written, **known)  # type: ignore[arg-type]
