def price(amount: int) -> int:
<<<<<<< yours
    """Give the price in cents.

    Rounds down.

    Raises:
        ValueError: It is below zero.
    """
||||||| last generated
    """Give the price.

    Rounds down.

    Raises:
        ValueError: It is below zero.
    """
=======
    """Give the net price.

    Rounds down.

    Raises:
        ValueError: It is below zero.
    """
>>>>>>> newly generated
    return net(amount)
