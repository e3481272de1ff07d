"""kombu's filesystem transport, with messages that appear whole.

kombu 5.7 writes a message where a reader may move it away half-written, and the reader then dies of the
broken JSON. Writing beside it and renaming is all that is different here.
"""

import os
import time
import uuid
from typing import Any

from kombu.transport import filesystem
from kombu.utils.json import dumps


class Channel(filesystem.Channel):
    def _put(self, queue: str, message: Any, **kwargs: Any) -> None:  # type: ignore[override]  # as kombu's does
        # Readers take what ends in ".<queue>.msg", in the order of names. Wall time: it survives a reboot.
        name = f"{time.time_ns() // 1_000_000}_{uuid.uuid4()}"
        unfinished = os.path.join(self.data_folder_out, f"{name}.unfinished")
        with open(unfinished, "w", encoding="utf-8") as file:
            file.write(dumps(message))
        os.rename(unfinished, os.path.join(self.data_folder_out, f"{name}.{queue}.msg"))


class Transport(filesystem.Transport):
    Channel = Channel
