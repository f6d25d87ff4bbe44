class Task(metaclass=Registered):
    """A task."""

    title: str
    color: str
