"""What schemathesis needs to know of VidWiz: how to get through each door, how not to wait for long, and which
refusals no schema can foretell."""

import zlib
from typing import Any

import requests
import schemathesis
from schemathesis.core.failures import Failure
from schemathesis.openapi.checks import RejectedPositiveData
from schemathesis.specs.openapi import _auth_retry

from tests.fuzz import cast

# What schemathesis sends as a wrong API key. A guest makes up the session's id, so its own would be a right one.
_auth_retry.INVALID_CREDENTIAL = "no guest"

# By the names of the security schemes in the OpenAPI document.
DOORS = {
    "JWT": lambda: {"Authorization": f"Bearer {cast.sign_in()}"},
    "LongTerm": lambda: {"Authorization": f"Bearer {cast.long_term_token()}"},
    "Guest": lambda: {"X-Guest-Session-ID": cast.GUEST},
    "Admin": lambda: cast.ADMIN,
}


def door(case: Any, context: Any) -> str:
    """One of the doors that the document gives the operation; where there are several, the case decides."""
    doors = [name for one in context.operation.definition.raw.get("security", []) for name in one]
    return doors[zlib.crc32(repr(case.path_parameters).encode()) % len(doors)] if doors else ""


# Kept until a call is answered with 401, then made anew and the call sent again: whatever ended the sign-in or
# the account, what follows is let in.
@schemathesis.auth(cache_by_key=door, retry_on=[401], refresh_interval=3600)
class Credentials:
    def get(self, case: Any, context: Any) -> dict[str, str] | None:
        name = door(case, context)
        return DOORS[name]() if name else None

    def set(self, case: Any, headers: dict[str, str], context: Any) -> None:
        case.headers.update(headers)


@schemathesis.hook
def before_call(context: Any, case: Any, kwargs: dict[str, Any]) -> None:
    """A long poll that would wait is sent with `timeout=0`; a `timeout` that must be refused goes as it is."""
    asked = {parameter.name: parameter.definition["schema"] for parameter in case.operation.query}
    if "timeout" in asked:
        sent = str(case.query.get("timeout", 1))
        if sent.isdecimal() and int(sent) <= asked["timeout"]["maximum"]:
            case.query["timeout"] = 0


# The rules, as `details[].type` of a 422 names them, that are more than a schema can say of one field.
UNSAYABLE = {
    "null_characters_not_allowed": "no text may hold NUL, or PostgreSQL would refuse it",
    "surrogate_characters_not_allowed": "nor half a surrogate pair, which can't be encoded",
    "password": "Django's validators know common passwords, and compare with the other fields",
    "different": "questions are compared whatever their case and width",
    "empty": "of many segments one must have words, of metadata one key be known and usable, of a summary and its "
    "questions one be there",
    "blank": "text of spaces alone is none",
    "past": "the clock decides",
    "key": "a key out of a mail is good or not, whatever its form",
}


@schemathesis.hook
def filter_failure(context: Any, failure: Failure, case: Any, response: Any) -> bool:
    if isinstance(failure, RejectedPositiveData) and response.status_code == 422:
        # Nor does a schema know what an e-mail address is: its domain is read, and measured, as DNS spells it.
        return not all(
            detail["type"] in UNSAYABLE or detail["field"] == "email"
            for detail in response.json()["error"]["details"]
        )
    return True


@schemathesis.check
def strangers_get_nothing(ctx: Any, response: Any, case: Any) -> None:
    """What is somebody's own, Bob can't have: called as he, right after it was answered with 2xx, it is 404.

    Own things are those with a number in the path. Not DELETE, after which nobody has it.
    """
    own = {parameter.name for parameter in case.operation.path_parameters} - {"video_id"}
    method = case.operation.method.upper()
    if not own or response.status_code >= 300 or method == "DELETE" or response.request.method != method:
        return
    if any("Admin" in one for one in case.operation.definition.raw.get("security", [])):
        return
    request = response.request.copy()
    request.headers.pop("X-Guest-Session-ID", None)
    request.headers["Authorization"] = f"Bearer {cast.stranger()}"
    with requests.Session() as session:
        answer = session.send(request, timeout=10)
    if answer.status_code != 404:
        title = f"A stranger got {answer.status_code}"
        raise Failure(operation=case.operation.label, title=title, message=answer.text)


@schemathesis.check
def request_id_given(ctx: Any, response: Any, case: Any) -> None:
    """Every answer carries X-Request-ID."""
    if not response.headers.get("x-request-id"):
        raise Failure(operation=case.operation.label, title="No X-Request-ID", message="")


@schemathesis.check
def error_has_its_shape(ctx: Any, response: Any, case: Any) -> None:
    """Every error is `{error: {code, message, details}}`, also of methods and paths that are not there."""
    if response.status_code < 400 or response.request.method == "HEAD":
        return
    try:
        shape = set(response.json()["error"])
    except (ValueError, KeyError, TypeError):
        shape = set()
    if shape != {"code", "message", "details"}:
        raise Failure(
            operation=case.operation.label, title="Not the shape of an error", message=response.text
        )
