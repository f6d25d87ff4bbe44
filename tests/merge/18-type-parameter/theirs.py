class Page[ItemT, CursorT](Model):
    """A page."""

    items: list[ItemT]
    cursor: CursorT
