class Page[ItemT: Model](Model, Sized):
    """A page."""

    items: list[ItemT]
