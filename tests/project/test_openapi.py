"""The API document: what a reader of /v2/docs finds, and what the contract promises."""

import re

import pytest
from drf_spectacular.generators import SchemaGenerator

METHODS = {"get", "post", "put", "patch", "delete"}

# Who may call what; an operation that isn't here is not in the contract.
NOBODY: set[str] = set()
JWT, NOTING, VIEWING, ADMIN = {"JWT"}, {"JWT", "LongTerm"}, {"JWT", "Guest"}, {"Admin"}
DOORS = {
    "POST /v2/auth/register": NOBODY,
    "POST /v2/auth/login": NOBODY,
    "POST /v2/auth/google": NOBODY,
    "POST /v2/auth/refresh": NOBODY,
    "POST /v2/auth/logout": NOBODY,
    "POST /v2/auth/password/forgot": NOBODY,
    "POST /v2/auth/password/reset": NOBODY,
    "POST /v2/auth/email/confirm": NOBODY,
    "GET /v2/auth/tokens": JWT,
    "POST /v2/auth/tokens": JWT,
    "DELETE /v2/auth/tokens": JWT,
    "DELETE /v2/auth/tokens/{id}": JWT,
    "GET /v2/users/me": JWT,
    "PATCH /v2/users/me": JWT,
    "DELETE /v2/users/me": JWT,
    "GET /v2/users/me/export": JWT,
    "GET /v2/videos": JWT,
    "GET /v2/videos/{video_id}": VIEWING,
    "GET /v2/videos/{video_id}/stream": VIEWING,
    "GET /v2/videos/{video_id}/transcript": VIEWING,
    "GET /v2/videos/{video_id}/notes": JWT,
    "POST /v2/videos/{video_id}/notes": NOTING,
    "PATCH /v2/notes/{id}": JWT,
    "DELETE /v2/notes/{id}": JWT,
    "GET /v2/internal/tasks": ADMIN,
    "POST /v2/internal/tasks/{id}/result": ADMIN,
    "GET /v2/internal/videos/{video_id}": ADMIN,
    "GET /v2/internal/videos/{video_id}/ai-notes": ADMIN,
    "POST /v2/internal/videos/{video_id}/transcript": ADMIN,
    "POST /v2/internal/videos/{video_id}/metadata": ADMIN,
    "POST /v2/internal/videos/{video_id}/summary": ADMIN,
    "PATCH /v2/internal/notes/{id}": ADMIN,
    "GET /v2/internal/metrics": ADMIN,
}

DOCUMENT = SchemaGenerator().get_schema(request=None, public=True)
OPERATIONS = {
    # the contract calls every number that names something {id}
    f"{method.upper()} {re.sub(r'{(?!video_id)[a-z]+_id}', '{id}', path)}": operation
    for path, methods in DOCUMENT["paths"].items()
    for method, operation in methods.items()
    if method in METHODS
}


@pytest.mark.parametrize("name", OPERATIONS)
def test_every_operation_says_what_it_is(name):
    operation = OPERATIONS[name]
    assert operation["operationId"]
    assert operation["summary"]
    assert len(operation["tags"]) == 1
    assert [code for code in operation["responses"] if code.startswith("2")]


def test_no_two_operations_have_an_id_in_common():
    ids = [operation["operationId"] for operation in OPERATIONS.values()]
    assert len(ids) == len(set(ids))


def test_every_tag_is_explained():
    explained = {tag["name"] for tag in DOCUMENT["tags"] if tag["description"]}
    assert {operation["tags"][0] for operation in OPERATIONS.values()} <= explained


@pytest.mark.parametrize("name", OPERATIONS)
def test_the_doors_are_those_of_the_contract(name):
    known = set(DOCUMENT["components"]["securitySchemes"])
    doors = {door for one in OPERATIONS[name].get("security", []) for door in one}
    assert doors == DOORS[name] & known


@pytest.mark.parametrize("name", OPERATIONS)
def test_401_is_told_where_a_credential_is_taken_and_415_where_a_body_is(name):
    operation = OPERATIONS[name]
    assert "401" in operation["responses"] or not operation.get("security")
    assert ("415" in operation["responses"]) == ("requestBody" in operation)
    assert ("413" in operation["responses"]) == ("requestBody" in operation)


@pytest.mark.parametrize("name", OPERATIONS)
def test_every_error_has_the_one_shape(name):
    errors = {code: answer for code, answer in OPERATIONS[name]["responses"].items() if code >= "4"}
    assert {answer["content"]["application/json"]["schema"]["$ref"] for answer in errors.values()} == {
        "#/components/schemas/Error"
    }
    assert all(answer["description"] for answer in errors.values())
