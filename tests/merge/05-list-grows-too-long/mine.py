"""Every router of the API."""

ROUTERS = (customers.router, employees.router, invoices.router, playlists.router, own_metrics.router)


def all_rows(include_deleted: bool, limit: int, offset: int, *, of_tenant: str | None = None) -> tuple[Row, ...]:
    """Give them."""
    return ()
