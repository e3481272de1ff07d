"""Long-term tokens: made, listed and revoked with an access token, and good for making notes alone."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from rest_framework.test import APIClient

from apps.accounts import long_term_tokens
from apps.accounts.models import LongTermToken, User
from tests import factories
from tests.conftest import signed_in

VIDEO = "dQw4w9WgXcQ"
NOTES = f"/v2/videos/{VIDEO}/notes"


@pytest.fixture
def phone(alices):
    """A client with a long-term token of Alice's."""
    token = alices.post("/v2/auth/tokens", {"name": "Phone"}).json()["token"]
    return APIClient(HTTP_AUTHORIZATION=f"Bearer {token}")


def catch(client):
    return client.post(NOTES, {"timestamp": "1:00", "text": "Said."})


def test_a_token_is_shown_once_and_kept_as_a_digest(alices, alice):
    response = alices.post("/v2/auth/tokens", {"name": "Phone"})
    assert (response.status_code, set(response.json())) == (200, {"message", "token"})
    token = response.json()["token"]
    assert token.startswith("vw_")
    assert len(token) > 40
    row = LongTermToken.objects.get(user=alice)
    assert not any(token[3:] in str(value) for value in vars(row).values())
    assert token not in alices.get("/v2/auth/tokens").content.decode()
    assert alices.get("/v2/users/me").json()["token_exists"] is True


@pytest.mark.parametrize("send", [{}, {"format": "json"}, {"data": {}, "format": "json"}])
def test_a_token_without_a_name_is_called_default(alices, send):
    assert alices.post("/v2/auth/tokens", **send).status_code == 200
    assert [token["name"] for token in alices.get("/v2/auth/tokens").json()] == ["default"]


def test_a_name_is_taken_once_by_each(alices, bobs):
    assert alices.post("/v2/auth/tokens", {"name": "Phone"}).status_code == 200
    again = alices.post("/v2/auth/tokens", {"name": " Phone "})
    assert (again.status_code, again.json()["error"]["code"]) == (400, "BAD_REQUEST")
    assert bobs.post("/v2/auth/tokens", {"name": "Phone"}).status_code == 200


@pytest.mark.parametrize(
    "body",
    [
        {"name": ""},
        {"name": "x" * 101},
        {"name": None},
        {"name": 5},
        {"name": "a\u0000b"},
        {"name": "Past", "expires_at": "2020-01-01T00:00:00Z"},
        {"name": "When", "expires_at": "soon"},
        {"name": "When", "expires_at": 5},
        {"name": "Misspelt", "expires": "2030-01-01T00:00:00Z"},
    ],
    ids=str,
)
def test_a_bad_field_is_named(alices, body):
    response = alices.post("/v2/auth/tokens", body)
    assert response.status_code == 422
    assert not LongTermToken.objects.exists()


def test_the_list_has_ones_own_oldest_first(alices, bobs):
    bobs.post("/v2/auth/tokens", {"name": "Bob's"})
    later = (timezone.now() + timedelta(days=1)).isoformat().replace("+00:00", "Z")
    alices.post("/v2/auth/tokens", {"name": "Phone"})
    alices.post("/v2/auth/tokens", {"name": "Tablet", "expires_at": later})
    first, second = alices.get("/v2/auth/tokens").json()
    assert set(first) == {"id", "name", "created_at", "last_used_at", "expires_at"}
    assert (first["name"], first["last_used_at"], first["expires_at"]) == ("Phone", None, None)
    assert (second["name"], second["expires_at"]) == ("Tablet", later)


def test_it_makes_notes_of_its_owners(phone, alice):
    response = catch(phone)
    assert response.status_code == 201
    assert response.json()["user_id"] == alice.pk


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("get", "/v2/users/me"),
        ("patch", "/v2/users/me"),
        ("delete", "/v2/users/me"),
        ("get", "/v2/auth/tokens"),
        ("post", "/v2/auth/tokens"),
        ("delete", "/v2/auth/tokens"),
        ("delete", "/v2/auth/tokens/1"),
        ("get", NOTES),
        ("get", "/v2/videos"),
        ("get", f"/v2/videos/{VIDEO}"),
        ("get", f"/v2/videos/{VIDEO}/transcript"),
        ("patch", "/v2/notes/1"),
        ("delete", "/v2/notes/1"),
        ("get", f"/v2/internal/videos/{VIDEO}/ai-notes"),
    ],
)
def test_it_opens_no_other_door(phone, method, path, settings):
    settings.ADMIN_TOKEN = "the-admin-token-of-the-tests-0123456789"
    catch(phone)
    status = getattr(phone, method)(path, {}, format="json").status_code
    assert status == (403 if "internal" in path else 401)


def test_it_is_no_refresh_token_either(alices):
    token = alices.post("/v2/auth/tokens").json()["token"]
    assert alices.post("/v2/auth/refresh", {"refresh_token": token}).status_code == 401


def test_one_is_revoked_at_once_and_the_others_stay(alices, phone):
    tablet = APIClient(
        HTTP_AUTHORIZATION=f"Bearer {alices.post('/v2/auth/tokens', {'name': 'Tablet'}).json()['token']}"
    )
    phones, _ = alices.get("/v2/auth/tokens").json()
    response = alices.delete(f"/v2/auth/tokens/{phones['id']}")
    assert (response.status_code, set(response.json())) == (200, {"message"})
    assert (catch(phone).status_code, catch(tablet).status_code) == (401, 201)
    assert alices.delete(f"/v2/auth/tokens/{phones['id']}").status_code == 404


def test_all_are_revoked_together(alices, phone):
    assert alices.delete("/v2/auth/tokens").status_code == 200
    assert catch(phone).status_code == 401
    assert alices.delete("/v2/auth/tokens").status_code == 404
    assert alices.get("/v2/users/me").json()["token_exists"] is False


def test_somebody_elses_is_not_there(alices, bobs, phone):
    (row,) = alices.get("/v2/auth/tokens").json()
    assert bobs.delete(f"/v2/auth/tokens/{row['id']}").status_code == 404
    assert bobs.delete("/v2/auth/tokens").status_code == 404
    assert bobs.get("/v2/auth/tokens").json() == []
    assert catch(phone).status_code == 201


def test_an_id_beyond_all_ids_is_not_there(alices):
    assert alices.delete(f"/v2/auth/tokens/{2**63}").status_code == 404


def test_it_ends_when_it_was_said_to(phone):
    assert catch(phone).status_code == 201
    LongTermToken.objects.update(expires_at=timezone.now())
    assert catch(phone).status_code == 401


def test_it_stops_with_its_owners_account(phone, alice):
    User.objects.filter(pk=alice.pk).update(is_active=False)
    assert catch(phone).status_code == 401


@pytest.mark.parametrize("token", ["vw_", "vw_x", "vw_" + "a" * 43, "vw_é", "VW_x"])
def test_one_that_nobody_made_is_refused(anonymous, token):
    assert catch(APIClient(HTTP_AUTHORIZATION=f"Bearer {token}")).status_code == 401


def test_its_use_is_noted_once_a_minute(phone):
    catch(phone)
    first = LongTermToken.objects.get().last_used_at
    assert first
    catch(phone)
    assert LongTermToken.objects.get().last_used_at == first
    LongTermToken.objects.update(last_used_at=first - timedelta(seconds=61))
    catch(phone)
    assert LongTermToken.objects.get().last_used_at > first


def test_it_costs_one_query_and_once_a_minute_another(alice):
    token = long_term_tokens.create(user=alice, name="Phone")

    def queries():
        with CaptureQueriesContext(connection) as captured:
            long_term_tokens.user_of(token)
        return len(captured)

    assert [queries(), queries()] == [2, 1]


def test_nobody_has_more_than_a_hundred(alices, alice):
    LongTermToken.objects.bulk_create(
        [LongTermToken(user=alice, name=f"Token {n}", digest=f"{n:064}") for n in range(100)]
    )
    assert alices.post("/v2/auth/tokens", {"name": "One more"}).status_code == 400


def test_whoever_is_put_out_of_an_account_does_not_leave_a_token_behind(alice):
    """As somebody does who registered an address in advance, and makes a token while its owner takes the account."""
    seen = User.objects.get(pk=alice.pk)
    alice.set_unusable_password()
    alice.save()
    assert long_term_tokens.create(user=seen, name="Phone") is None
    assert not LongTermToken.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_of_many_at_once_no_more_than_a_hundred_are_made_and_one_of_each_name(alice):
    LongTermToken.objects.bulk_create(
        [LongTermToken(user=alice, name=f"Token {n}", digest=f"{n:064}") for n in range(97)]
    )
    client = signed_in(alice)

    def make(n):
        try:
            return client.post("/v2/auth/tokens", {"name": f"New {n // 2}"}).status_code
        finally:
            connection.close()

    with ThreadPoolExecutor(12) as pool:
        answers = list(pool.map(make, range(12)))
    assert sorted(answers) == [200] * 3 + [400] * 9


def test_a_token_of_another_owner_is_not_touched_by_ones_own(alices, bob):
    theirs = long_term_tokens.create(user=bob, name="Phone")
    alices.post("/v2/auth/tokens", {"name": "Phone"})
    alices.delete("/v2/auth/tokens")
    assert long_term_tokens.user_of(theirs) == bob


def test_guests_and_strangers_have_none(guest, anonymous):
    factories.UserFactory()
    for client in (guest, anonymous):
        assert client.get("/v2/auth/tokens").status_code == 401
        assert client.post("/v2/auth/tokens").status_code == 401
        assert client.delete("/v2/auth/tokens").status_code == 401
        assert client.delete("/v2/auth/tokens/1").status_code == 401
