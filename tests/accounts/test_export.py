"""What an account takes along: a zip of Markdown and JSON, made while it is sent."""

import asyncio
import io
import itertools
import json
import os
import threading
import zipfile

import pytest
import requests
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from markdown_it import MarkdownIt

from apps.accounts import export, leaving, long_term_tokens
from apps.accounts.models import LongTermToken, SignIn
from apps.notes.models import Note
from tests import factories
from tests.conftest import VIDEO_ID, tokens_of
from tests.serving import serving
from vidwiz.asgi import application

PATH = "/v2/users/me/export"


@pytest.fixture
def url(transactional_db):
    with serving() as url:
        yield f"{url}{PATH}"


def headers_of(user):
    return {"Authorization": f"Bearer {tokens_of(user).access}"}


def unzipped(user):
    """The files of a user's export, by name."""
    archive = zipfile.ZipFile(io.BytesIO(b"".join(export.zipped(user))))
    assert archive.testzip() is None
    return {name: archive.read(name).decode() for name in archive.namelist()}


def noted(user, title="How ledgers work", video_id=VIDEO_ID, **video):
    video = factories.VideoFactory(video_id=video_id, title=title, **video)
    return factories.NoteFactory(user=user, video=video)


def markdown_of(user):
    (name,) = (name for name in unzipped(user) if name.endswith(".md"))
    return unzipped(user)[name]


def private_transcript(owner, video, words):
    key = default_storage.save(f"transcripts/private/{owner.pk}/{video.video_id}.json", ContentFile(words))
    return factories.TranscriptFactory(video=video, owner=owner, source="upload", storage_key=key)


# --- Over a real server


def test_the_owner_gets_a_zip(url):
    alice = factories.UserFactory(email="alice@example.com")
    noted(alice)
    response = requests.get(url, headers=headers_of(alice) | {"X-Request-ID": "mine-1"}, timeout=20)
    assert response.status_code == 200
    assert response.headers["Content-Type"] == "application/zip"
    today = f"{timezone.now():%Y-%m-%d}"
    assert response.headers["Content-Disposition"] == f'attachment; filename="vidwiz-{today}.zip"'
    assert response.headers["Cache-Control"] == "no-store"
    assert response.headers["X-Accel-Buffering"] == "no"
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["X-Request-ID"] == "mine-1"
    archive = zipfile.ZipFile(io.BytesIO(response.content))
    assert archive.namelist() == [f"notes/How ledgers work [{VIDEO_ID}].md", "vidwiz.json"]
    assert json.loads(archive.read("vidwiz.json"))["account"]["email"] == "alice@example.com"


@pytest.mark.parametrize(
    "headers", [{}, {"X-Guest-Session-ID": "g" * 16}, {"Authorization": "Bearer vw_a-long-term-token"}]
)
def test_nobody_else_does(url, headers):
    response = requests.get(url, headers=headers, timeout=20)
    assert (response.status_code, response.json()["error"]["code"]) == (401, "UNAUTHORIZED")
    assert response.headers["WWW-Authenticate"] == "Bearer"


@pytest.mark.parametrize("method", ["HEAD", "POST", "DELETE"])
def test_it_is_only_for_reading(url, method):
    response = requests.request(method, url, headers=headers_of(factories.UserFactory()), timeout=20)
    assert response.status_code == 405


def test_a_wsgi_server_says_that_it_belongs_elsewhere(alices):
    response = alices.get(PATH, HTTP_ACCEPT="application/zip")
    assert (response.status_code, response.json()["error"]["code"]) == (503, "SERVICE_UNAVAILABLE")
    assert "ASGI" in response.json()["error"]["message"]


def test_it_is_in_the_api_document(client, db):
    answers = client.get("/v2/openapi.json").json()["paths"][PATH]["get"]["responses"]
    assert list(answers["200"]["content"]) == ["application/zip"]
    assert "401" in answers


class Noise(leaving.Belongings):
    """Files that don't get smaller, without end."""

    made = 0

    def files(self):
        for number in itertools.count():
            type(self).made += 1
            yield f"{number}.bin", os.urandom(1024)


@pytest.fixture
def endless(monkeypatch):
    monkeypatch.setattr(Noise, "made", 0)
    monkeypatch.setattr(leaving, "belongings", [Noise])
    return Noise


def test_a_failure_half_way_does_not_look_like_a_zip(url, monkeypatch, caplog):
    class Failing(Noise):
        def files(self):
            yield from itertools.islice(super().files(), 200)
            raise OSError("the disk is gone")

    monkeypatch.setattr(leaving, "belongings", [*leaving.belongings, Failing])
    with pytest.raises(requests.exceptions.ChunkedEncodingError):
        requests.get(url, headers=headers_of(factories.UserFactory()), timeout=20)
    broke_off = next(record for record in caplog.records if record.getMessage() == "An export broke off.")
    assert "the disk is gone" in str(broke_off.exc_info[1])


def test_a_failure_at_the_start_is_an_error_like_any_other(url, monkeypatch):
    class Failing(leaving.Belongings):
        def files(self):
            raise OSError("the disk is gone")

    monkeypatch.setattr(leaving, "belongings", [*leaving.belongings, Failing])
    response = requests.get(url, headers=headers_of(factories.UserFactory()), timeout=20)
    assert (response.status_code, response.json()["error"]["code"]) == (500, "INTERNAL_ERROR")


def test_who_hangs_up_ends_it(url, monkeypatch):
    ended = threading.Event()

    class Watched(Noise):
        def files(self):
            try:
                yield from super().files()
            finally:
                ended.set()

    monkeypatch.setattr(leaving, "belongings", [Watched])
    with requests.get(url, headers=headers_of(factories.UserFactory()), stream=True, timeout=20) as response:
        pieces = response.iter_content(None)  # kept: when it is forgotten, its connection is closed
        assert len(list(itertools.islice(pieces, 4))) == 4
        assert not ended.is_set()
    assert ended.wait(20)


@pytest.mark.django_db(transaction=True)
@pytest.mark.asyncio
async def test_no_more_is_made_than_the_reader_takes(endless):
    user = await asyncio.to_thread(factories.UserFactory)
    sent_along = await asyncio.to_thread(headers_of, user)
    headers = [(name.lower().encode(), value.encode()) for name, value in sent_along.items()]
    stopped, never = asyncio.Event(), asyncio.Event()
    sent = []

    async def send(message):
        sent.append(message)
        if len(sent) == 3:  # the head, and two pieces
            stopped.set()
            await never.wait()

    scope = {
        "type": "http",
        "method": "GET",
        "path": PATH,
        "raw_path": PATH.encode(),
        "query_string": b"",
        "root_path": "",
        "headers": [(b"host", b"localhost"), *headers],
        "asgi": {"version": "3.0", "spec_version": "2.3"},
    }
    serving = asyncio.create_task(application(scope, never.wait, send))
    await asyncio.wait_for(stopped.wait(), 20)
    taken = sum(len(message.get("body", b"")) for message in sent)
    assert taken >= 2 * export.CHUNK_BYTES
    assert endless.made * 1024 <= taken
    serving.cancel()
    await asyncio.gather(serving, return_exceptions=True)


# --- What is asked of the database


def test_it_is_read_from_the_database_as_it_is_sent(alice):
    video = factories.VideoFactory()
    Note.objects.bulk_create(
        Note(user=alice, video=video, timestamp="0:01", timestamp_seconds=n, text="x") for n in range(1000)
    )
    with CaptureQueriesContext(connection) as queries:
        next(export.zipped(alice))
    assert len(queries) == 2  # a page of transcripts, of which there are none, and one of notes


@pytest.mark.parametrize(
    ("notes", "videos", "queries"),
    # The first page, what follows on its last video until nothing does, and the page after that.
    [(150, 1, 3), (550, 1, 5), (150, 50, 3), (550, 50, 9), (550, 550, 7)],
)
def test_a_page_is_two_or_three_queries_however_many_videos_it_is_of(alice, notes, videos, queries):
    of = factories.VideoFactory.create_batch(videos)
    Note.objects.bulk_create(
        Note(user=alice, video=of[n % videos], timestamp="0:01", timestamp_seconds=n // 3, text="x")
        for n in range(notes)
    )
    with CaptureQueriesContext(connection) as asked:
        files = unzipped(alice)
    # Notes twice, for Markdown and JSON; so transcripts, of which there are none; the account and what lets into it;
    # whether it is still there.
    assert len(asked) == 2 * queries + 2 + 5 + 1
    seconds = [note["timestamp_seconds"] for note in json.loads(files["vidwiz.json"])["notes"]]
    assert sorted(seconds) == [n // 3 for n in range(notes)]
    assert sum(text.count("\n- ") for text in files.values()) == notes


def test_an_account_that_goes_meanwhile_does_not_look_like_an_empty_one(alice):
    noted(alice)
    pieces = export.zipped(alice)
    next(pieces)
    leaving.delete_account(user=alice)
    with pytest.raises(export.AccountGone):
        list(pieces)


# --- What is in it


def test_markdown_has_each_moment_in_order_with_a_link_to_it(alice):
    metadata = {"channel": "The Ledger Channel"}
    video = factories.VideoFactory(video_id=VIDEO_ID, title="How ledgers work", metadata=metadata)
    note = {"user": alice, "video": video}
    factories.NoteFactory(**note, timestamp="1:02:03", text="Late.")
    factories.NoteFactory(**note, timestamp="12:30", text="One line\n  and another\n\nand a third.")
    factories.NoteFactory(**note, timestamp="0:05", text="By a machine.", generated_by_ai=True)
    factories.NoteFactory(**note, timestamp="0:07", text=None)
    link = f"https://www.youtube.com/watch?v={VIDEO_ID}"
    assert markdown_of(alice) == (
        "# How ledgers work\n\n"
        "The Ledger Channel  \n"
        f"<{link}>\n\n"
        f"- [0:05]({link}&t=5s) *(by AI)* By a machine.\n"
        f"- [0:07]({link}&t=7s)\n"
        f"- [12:30]({link}&t=750s) One line  \n"
        "  \u00a0\u00a0and another\n\n"
        "  and a third.\n"
        f"- [1:02:03]({link}&t=3723s) Late.\n"
    )


def test_nothing_that_strangers_named_becomes_markup(alice):
    evil = "[win](https://evil.example) <script> # **x**\n# y"
    noted(alice, title=evil, metadata={"uploader": evil})
    tokens = MarkdownIt("commonmark").parse(markdown_of(alice))
    links = {
        child.attrs["href"] for token in tokens for child in token.children or [] if child.type == "link_open"
    }
    link = f"https://www.youtube.com/watch?v={VIDEO_ID}"
    assert links == {link, f"{link}&t=60s"}
    kinds = {token.type for token in tokens} | {c.type for token in tokens for c in token.children or []}
    assert not kinds & {"html_block", "html_inline", "strong_open"}
    assert [token.tag for token in tokens if token.type == "heading_open"] == ["h1"]


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("../../evil", f"notes/evil [{VIDEO_ID}].md"),
        ("CON", f"notes/_CON [{VIDEO_ID}].md"),
        ("", f"notes/[{VIDEO_ID}].md"),
        ("🎉 नमस्ते: भाग 1/2", f"notes/🎉 नमस्ते भाग 1 2 [{VIDEO_ID}].md"),
        ("न" * 400, f"notes/{'न' * 40} [{VIDEO_ID}].md"),
    ],
)
def test_a_file_is_named_after_its_video_in_a_way_that_every_system_takes(alice, title, name):
    noted(alice, title=title)
    assert name in unzipped(alice)


def test_names_that_only_differ_in_case_would_be_one_file_and_are_told_apart(alice):
    noted(alice, title="Same", video_id="aaaaaaaaaaa")
    noted(alice, title="same", video_id="AAAAAAAAAAA")
    noted(alice, title="Same", video_id="bbbbbbbbbbb")
    assert list(unzipped(alice)) == [
        "notes/Same [aaaaaaaaaaa].md",
        "notes/same [AAAAAAAAAAA] (2).md",
        "notes/Same [bbbbbbbbbbb].md",
        "vidwiz.json",
    ]


def test_json_has_notes_as_the_api_gives_them(alices, alice, told):
    alices.post(f"/v2/videos/{VIDEO_ID}/notes", {"timestamp": "0:09", "text": "🎉 नमस्ते", "video_title": "T"})
    (note,) = alices.get(f"/v2/videos/{VIDEO_ID}/notes").json()
    document = unzipped(alice)["vidwiz.json"]
    assert "🎉 नमस्ते" in document
    assert json.loads(document)["notes"] == [note | {"video_title": "T"}]


def test_json_has_the_account(alices, alice):
    document = json.loads(unzipped(alice)["vidwiz.json"])
    assert list(document) == [
        "exported_at", "version", "account", "email_addresses", "google_accounts", "sign_ins", "long_term_tokens",
        "transcripts", "notes",
    ]  # fmt: skip
    assert document["version"] == 1
    me = alices.get("/v2/users/me").json()
    assert document["account"].items() >= (me | {"ai_language": None}).items()
    assert (document["transcripts"], document["notes"]) == ([], [])


def test_json_has_what_lets_into_the_account_and_nothing_that_would(alice):
    session, phone = tokens_of(alice), long_term_tokens.create(user=alice, name="Phone")
    text = unzipped(alice)["vidwiz.json"]
    document = json.loads(text)
    assert [token["name"] for token in document["long_term_tokens"]] == ["Phone"]
    assert [row["ended_at"] for row in document["sign_ins"]] == [None]
    secrets = (
        session.access,
        session.refresh,
        phone,
        LongTermToken.objects.get().digest,
        SignIn.objects.get().address,
    )
    assert not any(secret in text for secret in secrets)


def test_nothing_of_another_user_is_in_it(alice, bob):
    note = noted(alice)
    factories.NoteFactory(user=bob, video=note.video, text="Bob's secret")
    noted(bob, title="Bob's video", video_id="bobsbobsbob")
    private_transcript(bob, note.video, b'"Bob said"')
    files = unzipped(alice)
    assert list(files) == [f"notes/How ledgers work [{VIDEO_ID}].md", "vidwiz.json"]
    assert "Bob" not in "".join(files.values())
    assert "bob" not in "".join(files.values())


def test_private_transcripts_are_in_it_and_shared_ones_are_not(alice):
    video = factories.VideoFactory(video_id=VIDEO_ID, title="Mine alone")
    words = json.dumps([{"text": "नमस्ते", "offset": 0, "duration": 1}])
    private_transcript(alice, video, words.encode())
    factories.TranscriptFactory(video=video)
    files = unzipped(alice)
    assert files[f"transcripts/{VIDEO_ID}.json"] == words
    (row,) = json.loads(files["vidwiz.json"])["transcripts"]
    assert (row["video_id"], row["title"], row["source"]) == (VIDEO_ID, "Mine alone", "upload")
    assert row["problem"] is None


def test_a_transcript_that_vanished_costs_nothing_else(alice):
    kept = private_transcript(alice, factories.VideoFactory(), b"[1]")
    gone = private_transcript(alice, factories.VideoFactory(), b"[2]")
    default_storage.delete(gone.storage_key)
    files = unzipped(alice)
    assert list(files) == [f"transcripts/{kept.video.video_id}.json", "vidwiz.json"]
    problems = [row["problem"] for row in json.loads(files["vidwiz.json"])["transcripts"]]
    assert problems == [None, "The words are no longer in storage, so they are not in this export."]


def test_a_storage_that_is_down_costs_the_transcripts_and_says_so(alice, monkeypatch):
    private_transcript(alice, factories.VideoFactory(), b"[1]")
    noted(alice)

    def down(*args):
        raise OSError("no route to storage")

    monkeypatch.setattr(default_storage, "open", down)
    files = unzipped(alice)
    assert list(files) == [f"notes/How ledgers work [{VIDEO_ID}].md", "vidwiz.json"]
    (row,) = json.loads(files["vidwiz.json"])["transcripts"]
    assert row["problem"].startswith("The storage did not answer")
