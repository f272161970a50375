"""The description is valid OpenAPI 3.1, complete, and what the API does."""

import re
from contextlib import suppress
from pathlib import Path

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from hypothesis.errors import Unsatisfiable
from openapi_spec_validator import OpenAPIV31SpecValidator
from schemathesis import GenerationMode

from miniapp_api.accounts.service import Access, access_of
from miniapp_api.content.service import Content
from miniapp_api.conversation import service
from tests.conftest import only_sqlite

pytestmark = only_sqlite

# What fits the description may still be refused, with 422: the catalogue knows which ids there are.
RULES = schemathesis.Config.from_dict(
    {"checks": {"positive_data_acceptance": {"expected-statuses": ["2xx", "401", "404", "409", "422"]}}}
)


@pytest.fixture(scope="module")
def catalogue():
    """Load the real catalogue once."""
    return Content(Path(__file__).parents[2] / "catalogue")


@pytest.fixture
def content(catalogue):
    """Serve it."""
    return catalogue


@pytest.fixture
def guides():
    """Use the real guides."""
    return service


@pytest.fixture
def spec(client):
    return client.get("/openapi.json").json


def operations(spec):
    return [(path, method, done) for path, ways in spec["paths"].items() for method, done in ways.items()]


def test_it_is_valid_openapi_3_1(spec):
    assert spec["openapi"] == "3.1.0"
    OpenAPIV31SpecValidator(spec).validate()


def test_it_describes_every_route_of_the_api_and_no_other(app, spec):
    api = {
        (re.sub(r"<(?:[^<:]+:)?(\w+)>", r"{\1}", rule.rule), method.lower())
        for rule in app.url_map.iter_rules()
        for method in rule.methods - {"HEAD", "OPTIONS"}
        if rule.rule.startswith("/api/")
    }
    described = {(path, method) for path, method, _ in operations(spec)}
    assert described == api


def test_every_operation_is_explained_in_chinese_and_named_once(spec):
    names = [operation["operationId"] for _, _, operation in operations(spec)]
    assert len(set(names)) == len(names)
    for path, method, operation in operations(spec):
        assert re.search("[一-鿿]", operation["summary"]), (path, method)


def test_every_operation_tells_its_errors_as_problems(spec):
    for path, method, operation in operations(spec):
        assert {"429", "500", "503"} <= set(operation["responses"]), (path, method)
        for status, response in operation["responses"].items():
            assert response["description"]
            if status >= "400":
                assert list(response["content"]) == ["application/problem+json"], (path, method, status)


def test_what_needs_an_identity_says_so(app, spec):
    views = {name.replace(".", "_"): view for name, view in app.view_functions.items()}
    for path, method, operation in operations(spec):
        access = access_of(views[operation["operationId"].removeprefix(f"{method}_")])
        schemes = {
            Access.VISITOR: "visitor",
            Access.LOOKED_UP: "look_up",
            Access.SIGNED: "signature",
            Access.STAFF: "staff",
        }
        needed = [{schemes[access]: []}] if access in schemes else None
        assert operation.get("security") == needed, (path, method)
        assert ("401" in operation["responses"]) == (needed is not None), (path, method)


@pytest.mark.parametrize("mode", list(GenerationMode))
def test_the_api_does_what_the_description_says(app, client, visitor, mode):
    """Call every operation with data that fits the description, and with data that does not."""
    known_to_all = {"Authorization": visitor.environ_base["HTTP_AUTHORIZATION"]}
    to_be_erased = {"Authorization": f"Bearer {client.post('/api/v1/visitors', json={}).json['token']}"}
    guide = visitor.post("/api/v1/guides", json={"theme": "open-restaurant"}).json["id"]
    schema = schemathesis.openapi.from_wsgi("/openapi.json", app, config=RULES)
    for operation in (found.ok() for found in schema.get_all_operations()):
        identity = to_be_erased if operation.path == "/api/v1/visitors/me" else known_to_all
        known = {"guide_id": guide} if "{guide_id}" in operation.path else None
        _agrees(operation, mode, known, identity)


def _agrees(operation, mode, known, identity):
    """Call one operation."""

    @given(case=operation.as_strategy(mode, path_parameters=known))
    @settings(max_examples=10, derandomize=True, deadline=None, suppress_health_check=list(HealthCheck))
    def check(case):
        case.call_and_validate(headers=identity)

    with suppress(Unsatisfiable):  # where nothing is sent, nothing can be wrong
        check()
