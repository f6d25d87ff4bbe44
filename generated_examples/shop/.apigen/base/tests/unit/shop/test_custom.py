# Written by apigen from apigen.yaml. Edit freely: regenerate merges.
"""Whether what shop leaves to be written by hand is written.

Each of these tests fails until its function does something of its own.
"""

from shop.application.shop.custom import award_points, expire_carts, refund_payment, request_payment
from shop.support.testing.written import assert_written


def test_request_payment_is_written() -> None:
    assert_written(request_payment.handle)


def test_refund_payment_is_written() -> None:
    assert_written(refund_payment.handle)


def test_award_points_is_written() -> None:
    assert_written(award_points.handle)


def test_expire_carts_is_written() -> None:
    assert_written(expire_carts.handle)
