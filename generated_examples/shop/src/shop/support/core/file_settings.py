"""Where a project keeps the files that clients upload: a folder, S3, Azure, or memory for tests.

Source: requirement 35.3.
"""

from pathlib import Path
from typing import Literal

from pydantic import Field, SecretStr

from .settings import SettingsGroup, SharedSecretText


class FileSettings(SettingsGroup):
    """The storage of files, and how long links to them are good."""

    storage: Literal["local", "memory", "s3", "azure"] = "local"
    folder: Path = Path("files")
    """Of `local`; every process of the project needs the same one."""
    bucket: str | None = None
    """Of `s3`, or the container of `azure`."""
    endpoint: str | None = None
    """Of a server that speaks S3 or Azure's protocol; None: the provider's own."""
    region: str | None = None
    access_key_id: str | None = None
    secret_access_key: SecretStr | None = None
    """Of `s3`; without them the machine's own identity is used, as AWS's libraries do."""
    account: str | None = None
    account_key: SecretStr | None = None
    """Of `azure`; without a key the machine's own identity is used."""
    link_ttl_s: int = Field(default=900, ge=1, le=604_800)
    """How long a link to a file is good."""
    link_secret: SharedSecretText | None = None
    """What links are signed with where the storage can not; None: a secret in the folder."""
