def price(amount: int) -> int:
    """Give the price.

    Rounds down.

    Raises:
        ValueError: It is below zero.
    """
    return amount
