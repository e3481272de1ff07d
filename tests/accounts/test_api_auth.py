import jwt
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.accounts.models import User
from tests import factories

NEW = {"email": "New@Example.com", "name": "New Person", "password": "correct-horse-battery"}


def register(client, **changes):
    return client.post("/v2/auth/register", NEW | changes)


def test_registering_makes_a_user_with_ai_notes_on(anonymous):
    response = register(anonymous)
    assert response.status_code == 201
    assert set(response.json()) == {"message"}
    user = User.objects.get(email="new@example.com")
    assert user.ai_notes_enabled
    assert user.check_password("correct-horse-battery")


def test_an_address_is_taken_whatever_its_case(anonymous):
    register(anonymous)
    response = register(anonymous, email="NEW@example.COM")
    assert response.status_code == 409
    assert response.json()["error"]["code"] == "CONFLICT"


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("u@exémple.com", "u@exe\u0301mple.com"),
        ("u@exémple.com", "u@xn--exmple-cva.com"),
        ("a@example.com", "a@\uff45xample.com"),
        ("s@example.com", "\u017f@example.com"),
        ("k@example.com", "\u212a@example.com"),
    ],
)
def test_what_looks_the_same_is_one_address(anonymous, first, second):
    assert register(anonymous, email=first).status_code == 201
    assert register(anonymous, email=second).status_code == 409


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"email": "no-address"}, "email"),
        ({"email": None}, "email"),
        ({"email": "a\u0000b@example.com"}, "email"),
        ({"email": ["a@example.com"]}, "email"),
        ({"name": "x"}, "name"),
        ({"name": "x" * 101}, "name"),
        ({"name": "  x  "}, "name"),
        ({"password": "short"}, "password"),
        ({"password": "12345678901234"}, "password"),
        ({"password": "new@example.com"}, "password"),
        ({"password": "x1" * 501}, "password"),
        ({"name": "Secretname Longer", "password": "Secretname Longer"}, "password"),
        ({"email": "İ" * 100 + "@example.com"}, "email"),
        ({"email": "jürgen@example.com"}, "email"),
        ({"name": 12}, "name"),
        ({"password": {"a": 1}}, "password"),
    ],
)
def test_a_bad_field_is_named(anonymous, changes, field):
    response = register(anonymous, **changes)
    assert response.status_code == 422
    error = response.json()["error"]
    assert error["code"] == "VALIDATION_ERROR"
    assert {detail["field"] for detail in error["details"]} == {field}
    assert not User.objects.exists()


def test_signing_in_gives_a_token_with_the_claims_that_clients_read(anonymous):
    register(anonymous)
    response = anonymous.post("/v2/auth/login", {"email": "NEW@example.com", "password": NEW["password"]})
    assert response.status_code == 200
    assert response.json()["expires_in"] == 3600
    claims = jwt.decode(response.json()["token"], options={"verify_signature": False})
    user = User.objects.get()
    assert claims["user_id"] == user.pk
    assert claims["email"] == "new@example.com"
    assert claims["name"] == "New Person"
    assert claims["profile_image_url"] is None
    assert isinstance(claims["exp"], int)


@pytest.mark.parametrize(
    "credentials",
    [
        {"email": "new@example.com", "password": "wrong"},
        {"email": "nobody@example.com", "password": NEW["password"]},
        {"email": "", "password": NEW["password"]},
    ],
)
def test_what_does_not_match_is_refused_without_saying_which(anonymous, credentials):
    register(anonymous)
    response = anonymous.post("/v2/auth/login", credentials)
    assert response.status_code in {401, 422}
    assert "token" not in response.json()


def test_a_wrong_password_and_an_unknown_address_answer_alike(anonymous):
    register(anonymous)
    wrong = anonymous.post("/v2/auth/login", {"email": "new@example.com", "password": "wrong"})
    unknown = anonymous.post("/v2/auth/login", {"email": "nobody@example.com", "password": "wrong"})
    assert (wrong.status_code, wrong.json()) == (unknown.status_code, unknown.json()) == (401, wrong.json())


def test_a_deactivated_user_can_not_sign_in(anonymous):
    register(anonymous)
    User.objects.update(is_active=False)
    response = anonymous.post("/v2/auth/login", {"email": "new@example.com", "password": NEW["password"]})
    assert response.status_code == 401


def test_too_many_sign_ins_are_told_when_to_come_back(anonymous, settings):
    settings.RATE_LIMIT_ENABLED = True
    answers = [
        anonymous.post("/v2/auth/login", {"email": "a@example.com", "password": "b"}) for _ in range(21)
    ]
    last = answers[-1]
    assert last.status_code == 429
    assert last.json()["error"]["code"] == "RATE_LIMIT_EXCEEDED"
    assert str(last.json()["error"]["details"]["reset_in_seconds"]) == last["Retry-After"]
    assert answers[-2].status_code == 401


def test_me_tells_about_the_caller(alices, alice):
    assert alices.get("/v2/users/me").json() == {
        "id": alice.pk,
        "email": "alice@example.com",
        "name": "Alice",
        "profile_image_url": None,
        "ai_notes_enabled": True,
        "token_exists": False,
        "created_at": alice.created_at.isoformat().replace("+00:00", "Z"),
    }


def test_me_can_be_changed(alices, alice):
    response = alices.patch("/v2/users/me", {"name": "  Alice B  ", "ai_notes_enabled": False})
    assert response.status_code == 200
    assert response.json()["name"] == "Alice B"
    alice.refresh_from_db()
    assert (alice.name, alice.ai_notes_enabled) == ("Alice B", False)


def test_what_is_not_ones_to_change_stays(alices, alice):
    alices.patch("/v2/users/me", {"email": "other@example.com", "is_staff": True, "id": 99})
    alice.refresh_from_db()
    assert (alice.email, alice.is_staff) == ("alice@example.com", False)


@pytest.mark.parametrize(
    "change",
    [
        {"name": "x"},
        {"name": None},
        {"ai_notes_enabled": "perhaps"},
        {"ai_notes_enabled": None},
        {"ai_notes_enabled": "yes"},
        {"ai_notes_enabled": 1},
    ],
)
def test_a_bad_change_is_refused(alices, change):
    assert alices.patch("/v2/users/me", change).status_code == 422


@pytest.mark.parametrize(
    "authorization", ["", "Bearer", "Bearer ", "Bearer x", "Basic YTpi", "Bearer a.b.c", "Bearer \u00e9"]
)
def test_no_door_opens_to_a_bad_credential(anonymous, authorization):
    response = anonymous.get("/v2/users/me", HTTP_AUTHORIZATION=authorization)
    assert response.status_code == 401
    assert response.json()["error"]["code"] == "UNAUTHORIZED"
    assert response["WWW-Authenticate"] == "Bearer"


def test_a_guest_has_no_account(guest):
    assert guest.get("/v2/users/me").status_code == 401


def test_the_token_of_a_deleted_or_deactivated_user_stops_at_once(alices, alice):
    assert alices.get("/v2/users/me").status_code == 200
    User.objects.filter(pk=alice.pk).update(is_active=False)
    assert alices.get("/v2/users/me").status_code == 401
    alice.delete()
    assert alices.get("/v2/users/me").status_code == 401


def test_asking_who_one_is_costs_two_queries(alices):
    """The sign-in with its user; whether there is a long-term token."""
    with CaptureQueriesContext(connection) as queries:
        alices.get("/v2/users/me")
    assert len(queries) == 2


def test_the_database_itself_refuses_an_address_in_capitals(db):
    from django.db import IntegrityError

    factories.UserFactory(email="ann@example.com")
    with pytest.raises(IntegrityError):
        User.objects.bulk_create([User(email="ANN@example.com", name="Ann")])
