class Task:
    """A task."""

    title: str
