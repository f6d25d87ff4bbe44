def price(amount: int) -> int:
    """Give the price.

    Rounds down.

    Raises:
        ValueError: It is below zero.
        TypeError: It is no number.
    """
    return amount
