from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
import requests

from apps.videos.youtube import YouTube, YouTubeError, fetch_metadata, fetch_transcript
from apps.videos.youtube.http import NotYouTube, Session, retry_after_seconds
from tests.youtube.conftest import VIDEO_ID

# Port 9 on loopback: refused at once.
NOWHERE = "127.0.0.1:9"


@pytest.mark.parametrize("name", ["http_proxy", "https_proxy", "all_proxy", "HTTPS_PROXY"])
@pytest.mark.parametrize("fetch", [fetch_transcript, fetch_metadata])
def test_proxies_of_the_environment_are_ignored(fake, youtube, monkeypatch, name, fetch):
    monkeypatch.setenv(name, f"http://{NOWHERE}")
    monkeypatch.delenv("no_proxy", raising=False)
    monkeypatch.delenv("NO_PROXY", raising=False)

    assert fetch(VIDEO_ID, youtube)


@pytest.mark.parametrize("fetch", [fetch_transcript, fetch_metadata])
def test_the_proxy_of_the_settings_is_used(fake, fetch):
    fetch(VIDEO_ID, YouTube(origin="http://mirror.invalid", proxy=fake.origin))

    assert {seen.target.partition("/watch")[0] for seen in fake.requests[:1]} == {"http://mirror.invalid"}


@pytest.mark.parametrize(
    "proxy", [f"http://us:s3cret@{NOWHERE}", f"http://us:s3 cret@{NOWHERE}", "http://s3cret@["]
)
@pytest.mark.parametrize("fetch", [fetch_transcript, fetch_metadata])
def test_the_proxys_password_is_never_told(fake, fetch, proxy):
    youtube = YouTube(origin=fake.origin, proxy=proxy)

    with pytest.raises(YouTubeError) as raised:
        fetch(VIDEO_ID, youtube)

    assert raised.value.reason == "unavailable"
    assert "s3" not in f"{raised.value!r} {raised.value} {youtube!r}"


def test_a_mirror_may_live_under_a_path(fake):
    with Session(YouTube(origin=f"{fake.origin}/mirror/")) as session:
        session.get("https://m.youtube.com/watch?v=x")

    assert [seen.target for seen in fake.requests] == ["/mirror/watch?v=x"]


def test_cookies_belong_to_youtube_and_not_to_the_mirror(fake, youtube):
    with Session(youtube) as session:
        session.cookies.set("a", "1", domain=".youtube.com")
        session.get("https://www.youtube.com/watch?v=x")
        session.get("https://www.google.com/sorry/index")

    assert [seen.cookie for seen in fake.requests] == ["a=1", ""]


@pytest.mark.parametrize(
    "address",
    [
        "http://www.youtube.com/watch",
        "https://notyoutube.com/",
        "https://youtube.com.evil.com/",
        "https://www.youtube.com@evil.com/",
        "http://169.254.169.254/latest/meta-data",
        "http://127.0.0.1/",
    ],
)
def test_only_youtube_is_asked(address):
    with Session(YouTube()) as session, pytest.raises(NotYouTube):
        session.get(address)


def test_other_schemes_lead_nowhere():
    with Session(YouTube()) as session, pytest.raises(requests.exceptions.InvalidSchema):
        session.get("file:///etc/passwd")


@pytest.mark.parametrize(
    ("value", "seconds"),
    [("7", 7.0), ("0.5", 0.5), ("-3", 0.0), ("1e9", 86_400.0), ("nan", None), ("soon", None), ("", None)],
)
def test_retry_after_in_seconds(value, seconds):
    assert retry_after_seconds({"Retry-After": value}) == seconds


@pytest.mark.parametrize("zone", ["GMT", "-0000"])
def test_retry_after_as_a_date(zone):
    date = format_datetime(datetime.now(UTC) + timedelta(seconds=60)).replace("+0000", zone)

    assert retry_after_seconds({"Retry-After": date}) == pytest.approx(60, abs=3)
