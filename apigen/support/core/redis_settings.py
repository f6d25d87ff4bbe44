"""Where a server is that speaks Redis.

Source: requirement 13.1.
"""

from typing import Annotated

from pydantic import AfterValidator, SecretStr


def _require_redis(url: SecretStr) -> SecretStr:
    """Refuse what is no address of a server that speaks Redis.

    Raises:
        ValueError: It is not.
    """
    if not url.get_secret_value().startswith(("redis://", "rediss://", "unix://")):
        raise ValueError("must begin with redis://, rediss:// or unix://")
    return url


type RedisUrl = Annotated[SecretStr, AfterValidator(_require_redis)]
"""Address of a Redis or Valkey server: `redis://user:password@host:6379/0`."""
