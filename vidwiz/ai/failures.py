"""How an AI service fails over HTTP, in our own errors. A server's own words go to the log, not to people."""

import logging
import math
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from vidwiz.ai.base import AIError, AIRefused, AIUnavailable

logger = logging.getLogger(__name__)

LONGEST_RETRY_AFTER_SECONDS = 3600.0
_PASSING = {408, 409, 425, 429}


def from_status(
    service: str,
    status: int,
    headers: Mapping[str, str],
    message: str,
    *,
    secret: str,
    retry_after: float | None = None,
) -> AIError:
    """The error for an HTTP status that is none of success. `retry_after` is used where no header says."""
    said = message.replace(secret, "***") if secret else message
    logger.warning("%s answered %d: %.300s", service, status, said)
    if status in _PASSING or status >= 500:
        asked = retry_after_seconds(headers.get("retry-after", ""))
        reason = (
            "The AI service asks us to slow down."
            if status == 429
            else f"The AI service has trouble of its own ({status})."
        )
        return AIUnavailable(reason, retry_after=bounded(retry_after) if asked is None else asked)
    if status in (401, 403):
        return AIRefused("The AI service does not accept our key.")
    if status == 404:
        return AIRefused("The AI service does not know the model it was asked for.")
    return AIRefused(f"The AI service refused the request ({status}).")


def retry_after_seconds(header: str) -> float | None:
    """The seconds a Retry-After header asks for, a number or a date, within bounds; None if it says none."""
    try:
        return bounded(float(header))
    except ValueError:
        pass
    try:
        at = parsedate_to_datetime(header)
    except ValueError:
        return None
    return bounded((at.replace(tzinfo=at.tzinfo or UTC) - datetime.now(UTC)).total_seconds())


def bounded(seconds: float | None) -> float | None:
    if seconds is None or math.isnan(seconds):
        return None
    return min(max(seconds, 0.0), LONGEST_RETRY_AFTER_SECONDS)


def out_of_time() -> AIUnavailable:
    return AIUnavailable("The AI service took too long to answer.")


def out_of_reach() -> AIUnavailable:
    return AIUnavailable("The AI service can't be reached.")


def not_its_protocol() -> AIUnavailable:
    return AIUnavailable("What answered is not the AI service, or not one we can read.")


def no_key() -> AIRefused:
    return AIRefused("No usable key for the AI service is set.")


def blocked() -> AIRefused:
    return AIRefused("The AI service would not write about this, for its rules on safety.")
