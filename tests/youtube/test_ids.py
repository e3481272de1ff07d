import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.videos.youtube import BadVideoId, video_id

ID = "dQw4w9WgXcQ"


@pytest.mark.parametrize(
    "text",
    [
        ID,
        f"https://www.youtube.com/watch?v={ID}",
        f"http://www.youtube.com/watch?v={ID}",
        f"HTTPS://WWW.YouTube.COM/watch?v={ID}",
        f"www.youtube.com/watch?v={ID}",
        f"youtube.com/watch?v={ID}",
        f"https://m.youtube.com/watch?v={ID}",
        f"https://music.youtube.com/watch?v={ID}&list=RDAMVM{ID}",
        f"https://www.youtube.com/watch/?v={ID}",
        f"https://www.youtube.com/watch?list=PL123&index=2&v={ID}",
        f"https://www.youtube.com/watch?v={ID}&list=PL123",
        f"https://www.youtube.com/watch?v={ID}&t=1m3s#comments",
        "https://www.youtube.com/watch?v=%64Qw4w9WgXcQ&app=desktop",
        f"https://www.youtube.com/watch?v={ID}&ab_channel=日本 チャンネル",
        f"https://www.youtube.com:443/watch?v={ID}",
        f"http://www.youtube.com:80/watch?v={ID}",
        f"youtube.com:443/watch?v={ID}",
        f"https:/www.youtube.com/watch?v={ID}",
        f"https://www.youtube.com/shorts/{ID}",
        f"https://www.youtube.com/shorts/{ID}/?feature=share",
        f"https://www.youtube.com/live/{ID}?si=abc",
        f"https://www.youtube.com/embed/{ID}?start=10",
        f"https://www.youtube.com/v/{ID}",
        f"https://www.youtube-nocookie.com/embed/{ID}",
        f"youtube-nocookie.com/embed/{ID}#x",
        f"https://youtu.be/{ID}",
        f"https://youtu.be/{ID}?si=abc&t=42",
        f"youtu.be/{ID}/",
        f"https://www.youtu.be/{ID}",
    ],
)
def test_an_id_or_the_address_of_a_video_is_read(text):
    assert video_id(text) == ID


@pytest.mark.parametrize("text", ["-----------", "___________", "videoseries", "00000000000"])
def test_any_eleven_of_its_letters_are_an_id(text):
    assert video_id(text) == text


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "youtube.com",
        "dQw4w9WgXc",
        "dQw4w9WgXcQQ",
        f"{ID}\n",
        f" {ID}",
        "dQw4w9WgXc=",
        "dQw4w9WgXс1",
        "https://www.youtube.com/",
        "https://www.youtube.com/watch",
        "https://www.youtube.com/watch?v=",
        "https://www.youtube.com/watch?v=short",
        f"https://www.youtube.com/watch?v={ID}x",
        f"https://www.youtube.com/watch?vv={ID}",
        f"https://www.youtube.com/watch#v={ID}",
        "https://www.youtube.com/watch?list=PL1234567890",
        "https://www.youtube.com/playlist?list=PL1234567890",
        f"https://www.youtube.com/playlist?list=PL12&v={ID}",
        "https://www.youtube.com/embed/videoseries?list=PL1234567890",
        "https://www.youtube.com/embed/live_stream?channel=UC123",
        f"https://www.youtube.com/{ID}",
        f"https://www.youtube.com/shorts/{ID}/more",
        "https://www.youtube.com/shorts/%64Qw4w9WgXcQ",
        f"https://www.youtube.com/redirect?q=https://youtu.be/{ID}",
        "https://www.youtube.com/@channel123",
        f"https://youtu.be/watch?v={ID}",
        "https://youtu.be/",
        f"https://notyoutube.com/watch?v={ID}",
        f"https://youtube.com.evil.com/watch?v={ID}",
        f"https://youtube.com@evil.com/watch?v={ID}",
        f"https://evil.com@youtube.com/watch?v={ID}",
        f"https://evil.com/?u=https://youtube.com/watch?v={ID}",
        f"https://evil.com/youtube.com/watch?v={ID}",
        f"https://evil.com#youtube.com/watch?v={ID}",
        f"https://www.youtube.com\\@evil.com/watch?v={ID}",
        f"https://evil.com\\.youtube.com/watch?v={ID}",
        f"https://gaming.youtube.com/watch?v={ID}",
        f"https://www.youtube.com./watch?v={ID}",
        f"https://youtube.co/watch?v={ID}",
        f"https://www.youtube.com:8080/watch?v={ID}",
        f"https://www.youtube.com:80/watch?v={ID}",
        f"http://www.youtube.com:443/watch?v={ID}",
        f"https://www.youtube.com:/watch?v={ID}",
        f"javascript://www.youtube.com/watch?v={ID}",
        f"javascript:alert('youtube.com/watch?v={ID}')",
        f"ftp://www.youtube.com/watch?v={ID}",
        f"file:///watch?v={ID}",
        f"//www.youtube.com/watch?v={ID}",
        f"https:///www.youtube.com/watch?v={ID}",
        f"https:www.youtube.com/watch?v={ID}",
        f"https://www.youtube.com/watch?v={ID}\n",
        f"https://www.youtube.com/wa\ttch?v={ID}",
        f"https://www.youtube.com/watch?v={ID}&x=\x00",
        f"https://www.youtube.com/watch?v={ID}&x=\u202e",
        f"https://www.youtube.com/watch?v={ID}&x=\ud800",
        f"https://www.youtube-nocoo\u212aie.com/embed/{ID}",
        f"http\u017f://www.youtube.com/watch?v={ID}",
        f"https://www.уoutube.com/watch?v={ID}",
        f"https://www.youtube.com/watch?v={ID}&x={'y' * 2048}",
        "x" * 1_000_000,
    ],
    ids=lambda text: ascii(text)[:60],
)
def test_anything_else_is_refused(text):
    with pytest.raises(BadVideoId) as refused:
        video_id(text)
    assert refused.value.message


_hosts = ["https://", "http:/", "www.", "youtube.com", "youtu.be", "evil.com", "@", ":", "443", "\\"]
_paths = ["/", "watch", "?", "v=", "&", "#", "%", "[", "]", "embed/", "shorts/", ID]
_pieces = st.sampled_from(_hosts + _paths)


@given(st.one_of(st.text(), st.lists(st.one_of(_pieces, st.text(max_size=3)), max_size=12).map("".join)))
def test_whatever_comes_in_an_id_comes_out_or_it_is_refused(text):
    try:
        found = video_id(text)
    except BadVideoId:
        return
    assert re.fullmatch(r"[A-Za-z0-9_-]{11}", found)
