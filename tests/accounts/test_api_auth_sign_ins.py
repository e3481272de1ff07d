"""From login to logout: short access tokens, refresh tokens that are good once, and what ends them."""

import threading

import jwt
import pytest
from django.conf import settings as django_settings
from django.core.management import call_command
from django.db import connection
from django.utils.http import int_to_base36
from rest_framework.test import APIClient
from rest_framework_simplejwt.token_blacklist.models import OutstandingToken

from apps.accounts import leaving, services, sign_ins
from apps.accounts.models import SignIn, User
from apps.accounts.passwords import ResetKeys
from tests.accounts.conftest import PASSWORD
from tests.conftest import signed_in, tokens_of
from tests.standins.google import key as rsa_key


def login(client, password=PASSWORD):
    return client.post("/v2/auth/login", {"email": "ann@example.com", "password": password})


def refresh(client, token):
    return client.post("/v2/auth/refresh", {"refresh_token": token})


def logout(client, token):
    return client.post("/v2/auth/logout", {"refresh_token": token})


def lets_in(client, token):
    return client.get("/v2/users/me", HTTP_AUTHORIZATION=f"Bearer {token}").status_code == 200


def test_a_login_gives_an_access_token_for_an_hour_and_a_refresh_token(anonymous, ann):
    answer = login(anonymous).json()
    assert set(answer) == {"token", "refresh_token", "expires_in"}
    assert answer["expires_in"] == 3600
    access, refreshing = (
        jwt.decode(answer[name], options={"verify_signature": False}) for name in ("token", "refresh_token")
    )
    assert access["exp"] - access["iat"] == 3600
    assert refreshing["exp"] - refreshing["iat"] == 30 * 24 * 3600
    assert "email" not in refreshing


def test_a_refresh_gives_new_tokens_with_what_is_known_now(anonymous, ann):
    first = login(anonymous).json()
    User.objects.update(name="Ann the Second")
    second = refresh(anonymous, first["refresh_token"])
    assert second.status_code == 200
    assert set(second.json()) == {"token", "refresh_token", "expires_in"}
    assert jwt.decode(second.json()["token"], options={"verify_signature": False})["name"] == "Ann the Second"
    assert lets_in(anonymous, second.json()["token"])
    assert refresh(anonymous, second.json()["refresh_token"]).status_code == 200


def test_a_refresh_token_that_comes_twice_ends_that_sign_in_and_no_other(anonymous, ann):
    other = login(anonymous).json()
    first = login(anonymous).json()
    second = refresh(anonymous, first["refresh_token"]).json()
    again = refresh(anonymous, first["refresh_token"])
    assert again.status_code == 401
    assert again["WWW-Authenticate"] == "Bearer"
    assert not lets_in(anonymous, first["token"])
    assert not lets_in(anonymous, second["token"])
    assert refresh(anonymous, second["refresh_token"]).status_code == 401
    assert lets_in(anonymous, other["token"])
    assert refresh(anonymous, other["refresh_token"]).status_code == 200
    assert SignIn.objects.get(ended_at__isnull=False).ended_by == SignIn.End.REUSE


def test_logging_out_ends_this_sign_in_at_once(anonymous, ann):
    stays, goes = login(anonymous).json(), login(anonymous).json()
    response = logout(anonymous, goes["refresh_token"])
    assert (response.status_code, set(response.json())) == (200, {"message"})
    assert refresh(anonymous, goes["refresh_token"]).status_code == 401
    assert not lets_in(anonymous, goes["token"])
    assert lets_in(anonymous, stays["token"])


def test_logging_out_twice_does_no_harm(anonymous, ann):
    token = login(anonymous).json()["refresh_token"]
    assert [logout(anonymous, token).status_code for _ in range(2)] == [200, 200]


def test_logging_out_with_a_spent_refresh_token_still_logs_out(anonymous, ann):
    first = login(anonymous).json()
    second = refresh(anonymous, first["refresh_token"]).json()
    assert logout(anonymous, first["refresh_token"]).status_code == 200
    assert not lets_in(anonymous, second["token"])


@pytest.mark.parametrize("call", [refresh, logout])
@pytest.mark.parametrize("token", ["x", "a.b.c", "é", "vw_something"])
def test_what_is_no_refresh_token_is_refused(anonymous, db, call, token):
    assert call(anonymous, token).status_code == 401


@pytest.mark.parametrize("call", [refresh, logout])
def test_an_access_token_is_no_refresh_token(anonymous, ann, call):
    tokens = tokens_of(ann)
    assert call(anonymous, tokens.access).status_code == 401
    assert lets_in(anonymous, tokens.access)


def test_a_refresh_token_is_no_access_token(anonymous, ann):
    assert not lets_in(anonymous, tokens_of(ann).refresh)


@pytest.mark.parametrize(
    "body", [{}, {"refresh_token": ""}, {"refresh_token": None}, {"refresh_token": ["x"]}]
)
@pytest.mark.parametrize("path", ["refresh", "logout"])
def test_a_missing_refresh_token_is_said_to_be(anonymous, db, path, body):
    assert anonymous.post(f"/v2/auth/{path}", body).status_code == 422


@pytest.mark.parametrize("change", ["is_active", "gone"])
def test_a_closed_or_deleted_account_is_out_at_the_next_request(anonymous, ann, change):
    tokens = tokens_of(ann)
    assert lets_in(anonymous, tokens.access)
    if change == "gone":
        ann.delete()
    else:
        User.objects.update(is_active=False)
    assert not lets_in(anonymous, tokens.access)
    assert refresh(anonymous, tokens.refresh).status_code == 401


def test_a_password_changed_by_a_command_ends_every_sign_in(anonymous, ann, monkeypatch):
    before = [tokens_of(ann), tokens_of(ann)]
    typed = "another-horse-battery"
    monkeypatch.setattr("getpass.getpass", lambda **_: typed)
    call_command("changepassword", "ann@example.com", verbosity=0)
    assert not any(lets_in(anonymous, tokens.access) for tokens in before)
    assert [refresh(anonymous, tokens.refresh).status_code for tokens in before] == [401, 401]
    assert login(anonymous, typed).status_code == 200


def test_renewing_an_old_hash_ends_nothing(anonymous, ann, settings):
    before = tokens_of(ann)
    old = ann.password
    settings.PASSWORD_HASHERS = ["apps.accounts.passwords.Argon2id", *settings.PASSWORD_HASHERS]
    assert login(anonymous).status_code == 200
    ann.refresh_from_db()
    assert ann.password != old
    assert lets_in(anonymous, before.access)


def test_renewing_an_old_hash_does_not_bring_back_a_password_that_was_changed_meanwhile(ann, settings):
    seen = User.objects.get()
    ann.set_password("another-horse-battery")
    ann.save()
    settings.PASSWORD_HASHERS = ["apps.accounts.passwords.Argon2id", *settings.PASSWORD_HASHERS]
    assert seen.check_password(PASSWORD)  # it fitted what was read
    assert User.objects.get().check_password("another-horse-battery")
    assert sign_ins.begin(user=seen, address="203.0.113.1") is None


def test_nobody_has_more_than_two_hundred_sign_ins(ann):
    oldest = tokens_of(ann)
    for _ in range(200):
        newest = tokens_of(ann)
    assert SignIn.objects.count() == 200
    assert sign_ins.user_by_access_token(oldest.access) is None
    assert sign_ins.user_by_access_token(newest.access)


def test_a_login_whose_password_is_changed_meanwhile_comes_to_nothing(ann):
    seen = User.objects.get()
    ann.set_password("another-horse-battery")
    ann.save()
    assert sign_ins.begin(user=seen, address="203.0.113.1") is None


def test_no_token_is_stored(anonymous, ann):
    tokens = login(anonymous).json()
    second = refresh(anonymous, tokens["refresh_token"]).json()
    kept = " ".join(OutstandingToken.objects.values_list("token", flat=True))
    assert not any(text[-20:] in kept for text in (*map(str, tokens.values()), *map(str, second.values())))


def test_what_has_expired_is_pruned_and_the_rest_stays(anonymous, ann):
    refresh(anonymous, login(anonymous).json()["refresh_token"])
    login(anonymous)
    SignIn.objects.filter(pk=SignIn.objects.earliest("pk").pk).update(expires_at="2020-01-01T00:00Z")
    OutstandingToken.objects.update(expires_at="2020-01-01T00:00Z")
    sign_ins.prune()
    assert (SignIn.objects.count(), OutstandingToken.objects.count()) == (1, 0)


@pytest.mark.django_db(transaction=True)
def test_of_two_that_refresh_at_once_one_is_let_in_and_the_sign_in_ends(ann):
    """Whichever comes second: the tokens of the first are dead, too, for one of the two has stolen it."""
    token = tokens_of(ann).refresh
    barrier = threading.Barrier(4)
    answers = []

    def go():
        barrier.wait(10)
        answers.append(refresh(APIClient(), token))
        connection.close()

    threads = [threading.Thread(target=go) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert sorted(answer.status_code for answer in answers) == [200, 401, 401, 401]
    winner = next(answer for answer in answers if answer.status_code == 200)
    assert not lets_in(APIClient(), winner.json()["token"])


def change_password(*, user):
    key = f"{int_to_base36(user.pk)}-{ResetKeys().make_token(user)}"
    services.reset_password(key=key, password="another-horse-battery", address="203.0.113.1")


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("end", [leaving.delete_account, change_password])
def test_refreshing_while_all_is_ended_is_let_in_or_refused_and_never_an_error(ann, end):
    sessions = [tokens_of(ann) for _ in range(4)]
    under_way = threading.Barrier(len(sessions) + 1)
    answers = []

    def go(token):
        """Refreshes until it is refused."""
        answer = refresh(APIClient(), token)
        under_way.wait(30)
        while answer.status_code == 200:
            answers.append(200)
            answer = refresh(APIClient(), answer.json()["refresh_token"])
        answers.append(answer.status_code)
        connection.close()

    threads = [threading.Thread(target=go, args=(tokens.refresh,)) for tokens in sessions]
    for thread in threads:
        thread.start()
    under_way.wait(30)
    end(user=ann)
    for thread in threads:
        thread.join(60)
    assert set(answers) == {200, 401}
    assert answers.count(401) == len(sessions)


# --- Forgeries


def forge(settings, tokens, key=None, algorithm="HS256", **claims):
    good = jwt.decode(tokens.access, options={"verify_signature": False})
    return jwt.encode(good | claims, settings.SECRET_KEY if key is None else key, algorithm=algorithm)


def test_the_forgeries_below_would_be_let_in_if_nothing_were_wrong_with_them(anonymous, ann, settings):
    assert lets_in(anonymous, forge(settings, tokens_of(ann)))


@pytest.mark.parametrize(
    "forgery",
    [
        {"key": "another-key-that-is-long-enough-for-hs256"},
        {"algorithm": "none", "key": ""},
        {"algorithm": "HS512"},
        {"exp": 1},
        {"exp": 10**18},
        {"exp": 10**400},
        {"exp": -(10**18)},
        {"exp": "tomorrow"},
        {"exp": None},
        {"exp": True},
        {"token_type": "refresh"},
        {"token_type": None},
        {"user_id": 10**30},
        {"user_id": -1},
        {"user_id": "1 OR 1=1"},
        {"user_id": None},
        {"user_id": [1]},
        {"sign_in": 10**30},
        {"sign_in": None},
        {"sign_in": "1"},
        {"sign_in": {"a": 1}},
    ],
    ids=str,
)
def test_a_forged_or_misused_token_is_refused(anonymous, ann, settings, forgery):
    token = forge(settings, tokens_of(ann), **forgery)
    response = anonymous.get("/v2/users/me", HTTP_AUTHORIZATION=f"Bearer {token}")
    assert response.status_code == 401
    assert response.json()["error"]["code"] == "UNAUTHORIZED"
    assert response["WWW-Authenticate"] == "Bearer"


def test_a_token_signed_by_a_key_pair_is_refused_whatever_it_says(anonymous, ann, settings):
    """There is no public key here that could be taken for the secret one, nor the other way round."""
    tokens = tokens_of(ann)
    assert not lets_in(anonymous, forge(settings, tokens, key=rsa_key("any"), algorithm="RS256"))


def test_somebody_elses_sign_in_does_not_carry_ones_own_name(anonymous, ann, bob, settings):
    """Claims of two sign-ins mixed, even under the right signature."""
    anns, bobs = tokens_of(ann), tokens_of(bob)
    other = jwt.decode(bobs.access, options={"verify_signature": False})
    assert not lets_in(anonymous, forge(settings, anns, sign_in=other["sign_in"]))
    assert not lets_in(anonymous, forge(settings, anns, user_id=other["user_id"]))


def test_somebody_elses_refresh_token_gives_only_their_own_tokens(anonymous, ann, bob):
    """There is nothing to name another user by: a refresh token is its sign-in's."""
    tokens = anonymous.post(
        "/v2/auth/refresh",
        {"refresh_token": tokens_of(bob).refresh, "user_id": ann.pk, "email": ann.email},
        HTTP_AUTHORIZATION=f"Bearer {tokens_of(ann).access}",
    ).json()
    claims = jwt.decode(tokens["token"], options={"verify_signature": False})
    assert (claims["user_id"], claims["email"]) == (bob.pk, "bob@example.com")


def test_an_unsigned_part_can_not_be_swapped(anonymous, ann, bob):
    head, _, signature = tokens_of(ann).access.split(".")
    body = tokens_of(bob).access.split(".")[1]
    assert not lets_in(anonymous, f"{head}.{body}.{signature}")


def test_signing_in_again_does_not_disturb_others(alice):
    first, second = signed_in(alice), signed_in(alice)
    assert [client.get("/v2/users/me").status_code for client in (first, second)] == [200, 200]


def test_the_default_lifetimes_are_those_that_are_documented():
    assert django_settings.SIMPLE_JWT["ACCESS_TOKEN_LIFETIME"].total_seconds() == 3600
