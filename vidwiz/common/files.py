import os
import uuid
from typing import Any

from django.core.files.storage import FileSystemStorage


class WholeFileStorage(FileSystemStorage):
    """A folder in which a file is replaced at once, as an object in a bucket is: who reads it meanwhile
    gets the old one or the new one, never half of one."""

    def __init__(self, **options: Any) -> None:
        super().__init__(allow_overwrite=True, **options)

    def _save(self, name: str, content: Any) -> str:
        unfinished = super()._save(f"{name}.{uuid.uuid4().hex}.unfinished", content)  # type: ignore[misc]
        os.replace(self.path(unfinished), self.path(name))
        return name
