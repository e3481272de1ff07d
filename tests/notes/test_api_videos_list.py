import pytest

from tests import factories


@pytest.fixture
def library(alice, bob):
    """Alice has notes on Beta, alpha and Gamma, made in that order, two of them on alpha; Bob on Delta."""
    made = [factories.VideoFactory(title=title) for title in ("Beta", "alpha", "Gamma", "Delta")]
    for video in (made[0], made[1], made[1], made[2]):
        factories.NoteFactory(user=alice, video=video)
    factories.NoteFactory(user=bob, video=made[3])
    factories.NoteFactory(user=bob, video=made[0])
    return made


def titles(client, query=""):
    return [video["title"] for video in client.get(f"/v2/videos{query}").json()["videos"]]


def test_the_videos_on_which_one_has_notes_newest_first(alices, library):
    answer = alices.get("/v2/videos").json()
    assert {key: answer[key] for key in ("total", "page", "per_page", "total_pages")} == {
        "total": 3, "page": 1, "per_page": 10, "total_pages": 1,
    }  # fmt: skip
    assert [(video["title"], video["note_count"]) for video in answer["videos"]] == [
        ("Gamma", 1),
        ("alpha", 2),
        ("Beta", 1),
    ]
    assert set(answer["videos"][0]) == {"video_id", "title", "metadata", "note_count", "last_noted_at"}


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("?sort=created_at_asc", ["Beta", "alpha", "Gamma"]),
        ("?sort=title_asc", ["alpha", "Beta", "Gamma"]),
        ("?sort=title_desc", ["Gamma", "Beta", "alpha"]),
        ("?q=ET", ["Beta"]),
        ("?q= m ", ["Gamma", "alpha", "Beta"]),
        ("?q=%25%25", []),
        ("?q=delta", []),
        ("?per_page=2", ["Gamma", "alpha"]),
        ("?per_page=2&page=2", ["Beta"]),
        ("?page=9", []),
    ],
)
def test_sorting_searching_and_paging(alices, library, query, expected):
    assert titles(alices, query) == expected


def test_pages_are_counted(alices, library):
    answer = alices.get("/v2/videos?per_page=2").json()
    assert (answer["total"], answer["total_pages"]) == (3, 2)


def test_nothing_noted_is_an_empty_page(alices):
    assert alices.get("/v2/videos").json() == {
        "videos": [],
        "total": 0,
        "page": 1,
        "per_page": 10,
        "total_pages": 0,
    }


def test_an_unknown_sort_is_a_bad_request(alices):
    assert alices.get("/v2/videos?sort=random").status_code == 400


@pytest.mark.parametrize(
    "query", ["?page=0", "?page=x", "?per_page=0", "?per_page=51", "?page=1e9", "?q=%00%00"]
)
def test_a_bad_page_is_refused(alices, query):
    assert alices.get(f"/v2/videos{query}").status_code == 422


@pytest.mark.parametrize("count", [2, 40])
def test_the_list_costs_three_queries(alices, alice, django_assert_num_queries, count):
    for _ in range(count):
        factories.NoteFactory(user=alice)
    with django_assert_num_queries(3):
        alices.get("/v2/videos?per_page=50")
