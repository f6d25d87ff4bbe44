# Written by apigen from apigen.yaml. Edit freely: regenerate merges.
"""How often who may ask; one request too many is answered with 429.

Who is in no tier of a limit has its lowest rate.
"""

from shop.support.application.rate_limits import Rate, RateAlgorithm, RateLimit, RateSubject
from shop.support.interface.rate_limiting import RateGate

API_LIMIT = RateGate(
    RateLimit(
        name="api",
        algorithm=RateAlgorithm.SLIDING_WINDOW,
        by=RateSubject.USER,
        rates={"anonymous": Rate(60, 60), "authenticated": Rate(600, 60)},
    )
)
"""Requests of all that have no limit of their own."""
