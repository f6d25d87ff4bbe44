class Task(Entity, metaclass=Registered):
    """A task."""

    title: str
    done: bool
    color: str
