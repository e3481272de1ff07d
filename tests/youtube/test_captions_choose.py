import pytest

from apps.videos.youtube.captions import choose


class Listed:
    def __init__(self, code: str, automatic: bool) -> None:
        self.language_code, self.is_generated = code, automatic


def chosen(names: str, *languages: str) -> str | None:
    """ "de" is a manual track, "a.de" an automatic one."""
    tracks = [Listed(name.removeprefix("a."), name.startswith("a.")) for name in names.split()]
    track = choose(tracks, languages)
    return ("a." if track.is_generated else "") + track.language_code if track else None


@pytest.mark.parametrize(
    ("names", "languages", "expected"),
    [
        ("de en", ["en"], "en"),
        ("de en", ["fr", "de"], "de"),
        ("a.en en", ["en"], "en"),
        ("de a.en", ["en", "de"], "a.en"),
        ("en-GB en", ["en"], "en"),
        ("fr en-GB", ["en"], "en-GB"),
        ("en-GB a.en", ["en"], "en-GB"),
        ("en", ["en-GB"], "en"),
        ("EN", ["en"], "EN"),
        ("eng en", ["en"], "en"),
        ("zh-Hant en", ["zh-Hans", "en"], "en"),
        ("fr de a.de", ["en"], "de"),
        ("fr a.de", ["en"], "a.de"),
        ("fr de", ["en"], "fr"),
        ("a.ja", ["en"], "a.ja"),
        ("fr de", [], "fr"),
        ("", ["en"], None),
    ],
)
def test_the_wanted_languages_go_first_then_the_videos_own_then_any(names, languages, expected):
    assert chosen(names, *languages) == expected
