class Page[ItemT](Model):
    """A page."""

    items: list[ItemT]
