import json
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.videos.youtube import BadMetadata, public_metadata
from apps.videos.youtube.metadata import FIELDS, duration_string

WHOLE = {
    "id": "dQw4w9WgXcQ",
    "title": "A talk",
    "uploader": "Someone",
    "channel": "Someone",
    "channel_url": "https://www.youtube.com/channel/UC1",
    "upload_date": "20240102",
    "duration": 212,
    "duration_string": "3:32",
    "view_count": 0,
    "like_count": 2**63 - 1,
    "description": "Words",
    "thumbnail": "http://i.ytimg.com/vi/x/hq.jpg?a=b",
}


def test_the_known_fields_are_kept_and_no_other():
    assert public_metadata({**WHOLE, "formats": [{}], "cookies": "secret"}) == WHOLE
    assert tuple(WHOLE) == FIELDS


def test_what_is_null_or_missing_is_left_out():
    assert public_metadata({"title": "A", "duration": None}) == {"title": "A"}


@pytest.mark.parametrize(
    ("field", "longest"), [("title", 500), ("description", 10_000), ("channel", 2_000), ("id", 2_000)]
)
def test_long_text_is_cut(field, longest):
    assert public_metadata({field: "é" * (longest + 1)}) == {field: "é" * longest}


def test_characters_that_cannot_be_stored_are_removed():
    assert public_metadata({"title": "a\x00b\ud800c😀"}) == {"title": "abc😀"}


@pytest.mark.parametrize(
    "address",
    [
        "",
        "javascript:alert(1)",
        "//x.com/a",
        "data:image/png;base64,x",
        "ftp://x.com/",
        "https://",
        "https://a b",
        'https://x.com/"onload=',
        "https://x.com/\n",
        f"https://x.com/{'y' * 2_000}",
    ],
)
def test_an_address_that_is_no_web_address_is_left_out(address):
    assert public_metadata({"thumbnail": address, "channel_url": address}) == {}


@pytest.mark.parametrize(("given_seconds", "kept"), [(211.6, 212), (0.2, 0), (0, 0), (212, 212)])
def test_a_duration_is_in_whole_seconds(given_seconds, kept):
    found = public_metadata({"duration": given_seconds})["duration"]

    assert found == kept
    assert type(found) is int


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("title", 5),
        ("title", ["a"]),
        ("thumbnail", {"url": "https://x.com"}),
        ("upload_date", 20240102),
        ("duration", "212"),
        ("duration", True),
        ("duration", -1),
        ("duration", -0.4),
        ("duration", math.nan),
        ("duration", math.inf),
        ("duration", 1e300),
        ("view_count", 1.0),
        ("view_count", -1),
        ("view_count", 2**63),
        ("like_count", False),
        ("like_count", "1"),
    ],
)
def test_a_known_field_of_the_wrong_type_is_refused_by_name(field, value):
    with pytest.raises(BadMetadata) as refused:
        public_metadata({**WHOLE, field: value})

    assert refused.value.field == field
    assert refused.value.message


def test_what_is_no_object_is_refused():
    with pytest.raises(BadMetadata):
        public_metadata(["title"])  # type: ignore[arg-type]


_values = st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(), st.lists(st.text()))


@given(st.dictionaries(st.one_of(st.sampled_from(FIELDS), st.text()), _values))
def test_whatever_comes_in_only_what_can_be_stored_comes_out(raw):
    try:
        found = public_metadata(raw)
    except BadMetadata:
        return
    assert set(found) <= set(FIELDS)
    assert json.dumps(found, ensure_ascii=False, allow_nan=False).encode()


@pytest.mark.parametrize(
    ("seconds", "written"), [(0, "0"), (42, "42"), (60, "1:00"), (185, "3:05"), (3723, "1:02:03")]
)
def test_a_duration_is_written_as_yt_dlp_does(seconds, written):
    assert duration_string(seconds) == written
