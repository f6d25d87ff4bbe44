def find(key: int | TaskId | str | None) -> Task | Missing | Draft | None:
    """Find one."""
    return None
