"""Every router of the API."""

ROUTERS = (customers.router, employees.router, invoices.router, playlists.router)


def all_rows(include_deleted: bool, limit: int, offset: int) -> tuple[Row, ...]:
    """Give them."""
    return ()
