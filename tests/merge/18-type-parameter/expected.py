class Page[CursorT, ItemT: Model](Model, Sized):
    """A page."""

    items: list[ItemT]
    cursor: CursorT
