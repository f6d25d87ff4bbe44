class Task(Entity):
    """A task."""

    title: str
    done: bool
