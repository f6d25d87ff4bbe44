"""What a run keeps beside the files it wrote: the lock, the spec as it was, its schema."""

import json
from collections.abc import Mapping
from pathlib import Path, PurePosixPath

from apigen.disk.paths import LOCK, SCHEMA, SPEC_COPY
from apigen.evolve.record import Evolution
from apigen.ir.system import System
from apigen.report import SPEC, Judgement
from apigen.spec.document import SpecDocument

_BOM = b"\xef\xbb\xbf"


def records_of(
    project: Path,
    judgement: Judgement,
    evolution: Evolution,
    *,
    spec: Path | None,
    copies: Mapping[str, bytes],
) -> Mapping[str, bytes | None]:
    """Return what a run writes beside files: path in the project to content, None to remove it.

    Args:
        project: The project's folder.
        judgement: Of the spec, without errors.
        evolution: What is different from the last run.
        spec: Root of a spec that takes the place of the project's; None: it has its own.
        copies: Files of the spec as they will stand in the project, where not as they are.
    """
    from apigen.disk.last_run import spec_records, stale_spec_records
    from apigen.evolve.lock import print_lock
    from apigen.spec.schema import json_schema

    document = judgement.document
    if document is None:
        return {}
    kept: dict[str, bytes | None] = dict(spec_records(document.root.name, judgement.sources))
    kept |= {
        place: content.removeprefix(_BOM)
        for name, content in copies.items()
        if (place := f"{SPEC_COPY}/{name}") in kept
    }
    records: dict[str, bytes | None] = dict.fromkeys(stale_spec_records(project, kept))
    records |= kept
    records[LOCK] = print_lock(evolution.lock)
    records[SCHEMA] = (json.dumps(json_schema(), indent=1, ensure_ascii=False) + "\n").encode()
    if spec is not None:
        root, *others = spec_files(document, evolution.system)
        records[SPEC] = (spec.parent / root).read_bytes()
        records |= {name: (spec.parent / name).read_bytes() for name in others}
        records |= copies
    return records


def spec_files(document: SpecDocument, system: System) -> tuple[str, ...]:
    """Return every file that was read, the root first, relative to the root's folder."""
    included = [file.name for file in document.included]
    data = [seed.file for seed in system.seeds if seed.file is not None]
    return (document.root.name, *included, *dict.fromkeys(data))


def patterns(document: SpecDocument) -> tuple[tuple[str, str], ...]:
    """Return folder and glob of every include."""
    return tuple(
        (PurePosixPath(file.name).parent.as_posix(), pattern.value)
        for file in document.files
        for pattern in file.spec.include or ()
    )
