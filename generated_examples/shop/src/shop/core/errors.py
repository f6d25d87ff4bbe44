# Written by apigen from apigen.yaml. Edit freely: regenerate merges.
"""The errors of this project: those it meets, and the root of those it adds."""

from shop.support.core.errors import ConfigurationError, DomainError

__all__ = ["ConfigurationError", "ShopError"]


class ShopError(DomainError):
    """A rule of this project does not allow it; answered with 422 and the code of the error."""

    code = "shop_error"
