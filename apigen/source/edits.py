"""Edits of a spec's own text: every comment and blank that is not the mistake stays."""

from collections.abc import Iterable, Mapping
from pathlib import Path

from apigen.diagnostics import Diagnostic, Edit
from apigen.diagnostics.fixes import apply


def apply_fixes(
    folder: Path, diagnostics: Iterable[Diagnostic], sources: Mapping[str, str]
) -> tuple[str, ...]:
    """Write the safe fixes of a run to the files of a spec.

    Args:
        folder: The root spec's folder.
        diagnostics: The findings of one run over `sources`.
        sources: Text of every file of the spec, by the name spans carry.

    Returns:
        The names of the files that changed, sorted.
    """
    changed = mended(diagnostics, sources)
    for name, text in changed.items():
        path = folder / name
        # Bytes, as text mode would change line ends; the mark that reading drops is kept.
        mark = b"\xef\xbb\xbf" if path.read_bytes().startswith(b"\xef\xbb\xbf") else b""
        path.write_bytes(mark + text.encode())
    return tuple(sorted(changed))


def mended(diagnostics: Iterable[Diagnostic], sources: Mapping[str, str]) -> dict[str, str]:
    """Apply the safe fixes of a run to texts.

    Args:
        diagnostics: The findings of one run over `sources`.
        sources: Text of every file of the spec, by the name spans carry.

    Returns:
        The new text of each file that changes. Fixes that overlap are applied in later runs.
    """
    edits: dict[str, list[Edit]] = {}
    for found in diagnostics:
        if found.fix is None or found.fix.applicability != "safe":
            continue
        for edit in found.fix.edits:
            edits.setdefault(edit.span.file, []).append(edit)
    changed = {file: apply(sources[file], of_file) for file, of_file in edits.items()}
    return {file: text for file, text in changed.items() if text != sources[file]}
