"""Request bodies: JSON of a bounded size and depth."""

from collections.abc import Mapping
from io import BytesIO
from typing import IO, Any

from django.conf import settings
from rest_framework import exceptions, parsers, status


class PayloadTooLarge(exceptions.APIException):
    status_code = status.HTTP_413_REQUEST_ENTITY_TOO_LARGE
    default_detail = "The request body is too large."


# Not a subclass of DRF's: for those DRF reads the body itself, at one limit for the whole site.
class JSONParser(parsers.BaseParser):
    media_type = parsers.JSONParser.media_type

    @property
    def max_bytes(self) -> int:
        return settings.DATA_UPLOAD_MAX_MEMORY_SIZE or 0

    def parse(
        self, stream: IO[Any], media_type: str | None = None, parser_context: Mapping[str, Any] | None = None
    ) -> Any:
        sent = stream.read(self.max_bytes + 1)
        if len(sent) > self.max_bytes:
            raise PayloadTooLarge(
                f"The request body is too large: at most {self.max_bytes:,} bytes are taken."
            )
        try:
            return parsers.JSONParser().parse(BytesIO(sent), media_type, dict(parser_context or {}))
        except RecursionError:
            raise exceptions.ParseError("JSON parse error - nested too deeply.") from None


class InternalJSONParser(JSONParser):
    """For trusted helpers, who hand in whole transcripts."""

    @property
    def max_bytes(self) -> int:
        return settings.INTERNAL_MAX_BODY_BYTES
