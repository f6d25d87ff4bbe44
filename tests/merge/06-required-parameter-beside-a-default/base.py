def price(amount: int) -> int:
    """Give the price."""
    return amount
