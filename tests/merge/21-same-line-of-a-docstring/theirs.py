def price(amount: int) -> int:
    """Give the net price.

    Rounds down.

    Raises:
        ValueError: It is below zero.
    """
    return net(amount)
