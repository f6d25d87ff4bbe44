def price(amount: int, currency: str, discount: int = 0) -> int:
    """Give the price."""
    return amount - discount
