def find(key: int | None) -> Task | None:
    """Find one."""
    return None
