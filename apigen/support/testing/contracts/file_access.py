"""Who may do what with files over HTTP, where callers say who they are."""

from typing import ClassVar

from ..api_client import ApiClient
from ..asking import Shown
from ..file_cases import FileCase
from ..rows import Rows
from .access import AccessContract
from .files import FilesContract, RowFile


class SecuredFilesContract(FilesContract, AccessContract):
    """What a file keeps, and the matrix of what is done with it."""

    case: ClassVar[FileCase]

    async def prepare(self, client: ApiClient, rows: Rows, row: Shown) -> None:
        """Upload the file that everybody asks for."""
        file = await RowFile.of_row(self.case, client, rows, row)
        uploaded = await file.put(self.case.content)
        assert uploaded.status_code == 200, uploaded.text
