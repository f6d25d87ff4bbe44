def price(amount: int, discount: int = 0) -> int:
    """Give the price."""
    return amount - discount
