"""GET /v2/users/me/export: everything an account owns, as a zip that is made while it is sent.

No more of it is made than the reader takes: each piece in a thread that is given back with its database connection,
so a slow reader holds neither, and an account of any size takes the memory of a page (and of the zip's directory).
"""

import json
import logging
from collections.abc import AsyncIterator, Iterator
from typing import Any

from django.utils import timezone
from drf_spectacular.utils import OpenApiResponse, OpenApiTypes, extend_schema
from rest_framework import exceptions
from rest_framework.request import Request as APIRequest
from rest_framework.response import Response as APIResponse
from rest_framework.utils.encoders import JSONEncoder
from rest_framework.views import APIView
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from zipstream import ZIP_DEFLATED, ZipStream

from apps.accounts import authentication, leaving
from apps.accounts.models import User
from vidwiz.common import errors, limits, throttling
from vidwiz.common.asyncapi import endpoint, in_database
from vidwiz.common.negotiation import AnyAccept

logger = logging.getLogger(__name__)

CHUNK_BYTES = 64 * 1024
VERSION = 1  # of what is in the zip; a reader that knows it can read vidwiz.json


class AccountGone(exceptions.AuthenticationFailed):
    # While it was exported: from then on there is nothing to be found, which must not pass for all there was.
    default_detail = "This account has been deleted."


@endpoint
async def export_account(request: Request) -> Response:
    user = await in_database(_admit, request)
    chunks = in_chunks(zipped(user))
    first = await in_database(next, chunks, b"")  # what fails here can still be answered with an error
    name = f"vidwiz-{timezone.now():%Y-%m-%d}.zip"
    return StreamingResponse(
        _send(first, chunks),
        media_type="application/zip",
        headers={
            "Content-Disposition": f'attachment; filename="{name}"',
            "Cache-Control": "no-store",
            "X-Accel-Buffering": "no",
        },
    )


def _admit(request: Request) -> User:
    """The caller. Counts the call, also one with a bad credential."""
    try:
        user = _authenticate(request)
    except exceptions.APIException:
        throttling.count(request, account=None)
        raise
    throttling.count(request, account=user.pk)
    if wait := limits.hit("export", str(user.pk)):
        raise limits.Limited(wait)
    return user


def _authenticate(request: Request) -> User:
    raw = authentication.bearer(request.headers)
    if raw is None:
        raise exceptions.NotAuthenticated(authentication.SIGN_IN)
    user, _ = authentication.user_by_token(raw)
    return user


async def _send(chunk: bytes, more: Iterator[bytes]) -> AsyncIterator[bytes]:
    try:
        while chunk:
            yield chunk
            chunk = await in_database(next, more, b"")
    except AccountGone:
        raise
    except Exception:
        logger.exception("An export broke off.")
        raise  # the server ends the connection without the end of the answer: nobody takes this for all of it


def in_chunks(pieces: Iterator[bytes]) -> Iterator[bytes]:
    """The same bytes in pieces worth sending."""
    chunk = bytearray()
    for piece in pieces:
        chunk += piece
        if len(chunk) >= CHUNK_BYTES:
            yield bytes(chunk)
            chunk.clear()
    if chunk:
        yield bytes(chunk)


def zipped(user: User) -> Iterator[bytes]:
    """The zip, made as it is read. Raises `AccountGone` instead of its end if the account was deleted meanwhile."""
    archive = ZipStream(compress_type=ZIP_DEFLATED)
    belongings = [keeps(user) for keeps in leaving.belongings]
    taken: set[int] = set()
    for kept in belongings:
        for name, data in kept.files():
            archive.add(data, _unlike(taken, name))
            yield from archive.all_files()
    archive.add(_document(belongings), "vidwiz.json")
    yield from archive.all_files()
    if not User.objects.filter(pk=user.pk).exists():
        raise AccountGone
    yield from archive.footer()


def _unlike(taken: set[int], name: str) -> str:
    """The name, or with a number if one like it is taken: Windows and macOS don't tell upper case from lower.

    Hashes take a third of the room of names; two that are alike by chance cost a number that wasn't needed.
    """
    stem, _, ending = name.rpartition(".")
    number = 1
    unlike = name
    while hash(unlike.casefold()) in taken:
        number += 1
        unlike = f"{stem} ({number}).{ending}"
    taken.add(hash(unlike.casefold()))
    return unlike


def _document(belongings: list[leaving.Belongings]) -> Iterator[bytes]:
    """`{"exported_at", "version", <section>: {…} | [{…}, …]}`, a row at a time."""
    yield f'{{\n"exported_at": {_json(timezone.now())},\n"version": {VERSION}'.encode()
    for kept in belongings:
        for name, rows in kept.sections().items():
            yield f",\n{_json(name)}: ".encode()
            if isinstance(rows, dict):
                yield _json(rows).encode()
                continue
            separator = "["
            for row in rows:
                yield f"{separator}\n{_json(row)}".encode()
                separator = ","
            yield b"[]" if separator == "[" else b"\n]"
    yield b"\n}\n"


def _json(value: Any) -> str:
    return json.dumps(value, cls=JSONEncoder, ensure_ascii=False)


class ExportView(APIView):
    # Documents the export, and answers when a server sends its path to the wrong process.

    content_negotiation_class = AnyAccept

    @extend_schema(
        operation_id="export_account",
        responses={
            (200, "application/zip"): OpenApiResponse(
                OpenApiTypes.BINARY,
                description="`notes/`: Markdown, a file a video; `transcripts/`: those that the caller handed in; "
                "`vidwiz.json`: everything the account owns.",
            )
        },
    )
    def get(self, request: APIRequest) -> APIResponse:
        """Take everything along

        All that the account owns, as a zip that is made while it is sent.
        """
        raise errors.Misrouted
