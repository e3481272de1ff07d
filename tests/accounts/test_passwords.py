import pytest
from argon2 import extract_parameters
from argon2.low_level import Type
from django.conf import settings as django_settings
from django.contrib.auth.hashers import check_password, identify_hasher, make_password

from apps.accounts.models import User
from tests import factories

PASSWORD = "correct-horse-battery"
HASHERS = list(django_settings.PASSWORD_HASHERS)  # before the tests' own fast one


@pytest.fixture(autouse=True)
def _hashers(settings):
    settings.PASSWORD_HASHERS = HASHERS


def test_passwords_are_kept_as_owasp_says():
    """Argon2id, 19 MiB, two passes, one lane: OWASP's Password Storage Cheat Sheet."""
    algorithm, _, encoded = make_password(PASSWORD).partition("$")
    kept = extract_parameters(f"${encoded}")
    assert algorithm == "argon2"
    assert (kept.type, kept.memory_cost, kept.time_cost, kept.parallelism) == (Type.ID, 19456, 2, 1)


OLDER = {
    "pbkdf2": "django.contrib.auth.hashers.PBKDF2PasswordHasher",
    "pbkdf2_sha1": "django.contrib.auth.hashers.PBKDF2SHA1PasswordHasher",
    "scrypt": "django.contrib.auth.hashers.ScryptPasswordHasher",
    "Django's own Argon2": "django.contrib.auth.hashers.Argon2PasswordHasher",
}


@pytest.mark.parametrize("older", OLDER)
def test_an_older_hash_is_renewed_at_the_next_login(anonymous, settings, older):
    settings.PASSWORD_HASHERS = [OLDER[older]]
    user = factories.UserFactory(email="ann@example.com", password=make_password(PASSWORD))
    settings.PASSWORD_HASHERS = HASHERS
    login = {"email": "ann@example.com", "password": PASSWORD}
    assert anonymous.post("/v2/auth/login", login | {"password": "wrong"}).status_code == 401
    assert User.objects.get().password == user.password
    assert anonymous.post("/v2/auth/login", login).status_code == 200
    renewed = User.objects.get().password
    assert identify_hasher(renewed).must_update(renewed) is False
    assert renewed.startswith("argon2$argon2id$")
    assert check_password(PASSWORD, renewed)
    assert anonymous.post("/v2/auth/login", login).status_code == 200
    assert User.objects.get().password == renewed
