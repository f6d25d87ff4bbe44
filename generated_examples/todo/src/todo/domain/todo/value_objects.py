# Written by apigen from apigen.yaml. Edit freely: regenerate merges.
"""The values of todo: identifiers, codes and quantities.

Immutable, equal by what they hold, and valid from the moment they exist.
"""

from typing import NewType
from uuid import UUID

TaskId = NewType("TaskId", UUID)
