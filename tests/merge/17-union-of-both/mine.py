def find(key: int | str | None) -> Task | Draft | None:
    """Find one."""
    return None
