# Written by apigen from apigen.yaml. Edit freely: regenerate merges.
"""Every entity's case, by qualified name."""

from chinook.support.testing.cases import AnyCase
from tests.cases import catalog, sales

CASES: dict[str, AnyCase] = {
    case.name: case
    for case in (
        catalog.ARTIST,
        catalog.GENRE,
        catalog.MEDIA_TYPE,
        catalog.ALBUM,
        catalog.TRACK,
        catalog.PLAYLIST,
        sales.EMPLOYEE,
        sales.CUSTOMER,
        sales.INVOICE,
    )
}
