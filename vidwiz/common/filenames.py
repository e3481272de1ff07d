import re
import unicodedata

# Refused by Windows; not to be seen, so that a name could pass for another; or the end of a line.
_REFUSED = re.compile(
    '[\x00-\x1f\x7f-\x9f\ud800-\udfff<>:"/\\\\|?*\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff]+'
)
# Devices to Windows, whatever comes after a dot.
_DEVICE = re.compile(r"(con|prn|aux|nul|conin\$|conout\$|com[0-9¹²³]|lpt[0-9¹²³])\s*(\.|$)", re.IGNORECASE)


def file_name(words: str, *, max_bytes: int) -> str:
    """These words as the beginning of a file's name on Windows, macOS and Linux; empty if nothing is left of them."""
    name = " ".join(_REFUSED.sub(" ", unicodedata.normalize("NFC", words)).split()).lstrip(". -~")
    name = name.encode()[:max_bytes].decode(errors="ignore").rstrip(". ")
    return f"_{name}" if _DEVICE.match(name) else name
