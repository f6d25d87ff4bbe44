"""Make `generated_examples/` anew, one project for each spec in `specs/`: `make regen`.

Read the diff afterwards: it is the review of a change of a template.
"""

import shutil
import sys
from pathlib import Path

from apigen.cli.findings import print_findings
from apigen.driver import initialise

ROOT = Path(__file__).resolve().parents[2]
EXAMPLES = ROOT / "generated_examples"
SPECS = tuple(sorted((ROOT / "specs").glob("*.yaml")))


def make(spec: Path, project: Path) -> None:
    """Make the project of one spec, with what its owner has written by hand.

    Raises:
        SystemExit: the spec has errors.
    """
    report = initialise(project, spec)
    if not report.written:
        if report.judgement is not None:
            print_findings(report.judgement, notation="full", stream=sys.stderr)
        raise SystemExit(f"{spec} makes no project")
    write_owned(spec, project)


def write_owned(spec: Path, project: Path) -> None:
    """Put what an owner has written in the place of what it was made as."""
    owned = spec.parent / "owned" / spec.stem
    if owned.exists():
        shutil.copytree(owned, project, dirs_exist_ok=True)


def main() -> None:
    """Replace every example."""
    for spec in SPECS:
        project = EXAMPLES / spec.stem
        shutil.rmtree(project, ignore_errors=True)
        make(spec, project)
        print(f"{project.relative_to(ROOT)}: made")


if __name__ == "__main__":
    main()
