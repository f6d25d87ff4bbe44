"""How what clients should stop using is told: dates as source, and a text for people."""

from apigen.ir.element import Deprecation
from apigen.python.imports import ImportSet


def day_source(day: str, imports: ImportSet) -> str:
    """Return source of an ISO date."""
    year, month, date = (int(part) for part in day.split("-"))
    return f"{imports.add('datetime', 'date')}({year}, {month}, {date})"


def deprecation_text(deprecation: Deprecation) -> str:
    """Return what is said of a field: `Use order messages. Gone from 2027-06-30 on.`"""
    said = [deprecation.reason] if deprecation.reason else []
    if deprecation.since is not None:
        said.append(f"Deprecated since {deprecation.since}.")
    if deprecation.sunset is not None:
        said.append(f"Gone from {deprecation.sunset} on.")
    return " ".join(said)
