"""Every route states who may call it, and that is enforced."""

import re

import pytest
from apiflask import APIBlueprint

from miniapp_api import app as application
from miniapp_api.accounts.service import Access, access_of
from miniapp_api.app import create_app
from miniapp_api.staff.service import Role
from tests.conftest import only_sqlite
from tests.staff.people import sign_in_as

pytestmark = only_sqlite


def routes(app):
    for rule in app.url_map.iter_rules():
        for method in rule.methods - {"HEAD", "OPTIONS"}:
            yield rule, method, access_of(app.view_functions[rule.endpoint])


def path_to(rule):
    """Give an address that the rule matches, of something that is not there."""
    given = {}
    for name, converter in rule._converters.items():
        options = sorted(getattr(converter, "items", ()))
        text = "0" * 32 if re.fullmatch(converter.regex, "0" * 32) else "0"
        given[name] = converter.to_python(options[0] if options else text)
    return rule.build(given)[1]


def test_every_route_declares_who_may_call_it(app):
    assert [str(rule) for rule, _, access in routes(app) if access is None] == []


def test_an_application_with_a_silent_route_does_not_start(settings, content, guides, monkeypatch):
    silent = APIBlueprint("silent", __name__)

    @silent.get("/silent")
    def says_nothing():
        return {}

    monkeypatch.setattr(application, "BLUEPRINTS", [*application.BLUEPRINTS, silent])
    with pytest.raises(RuntimeError, match=r"silent\.says_nothing"):
        create_app(settings, content=content, guides=guides)


def test_a_visitors_route_is_closed_to_others_before_anything_is_read(app, client):
    protected = [(rule, method) for rule, method, access in routes(app) if access is Access.VISITOR]
    assert protected
    for rule, method in protected:
        path = path_to(rule)
        answer = client.open(path, method=method, data=b"{broken", content_type="application/json")
        assert (answer.status_code, answer.json["code"]) == (401, "unauthorized"), str(rule)


def test_a_route_for_staff_is_closed_to_others_before_anything_is_read(app, client, visitor):
    protected = [(rule, method) for rule, method, access in routes(app) if access is Access.STAFF]
    assert protected
    for rule, method in protected:
        path = path_to(rule)
        for stranger in (client, visitor):
            answer = stranger.open(path, method=method, data=b"{broken", content_type="application/json")
            if path.startswith("/api/"):
                assert (answer.status_code, answer.json["code"]) == (401, "unauthorized"), str(rule)
            else:
                assert (answer.status_code, answer.location.partition("?")[0]) == (303, "/desk/sign-in"), str(rule)


def test_every_route_for_staff_names_a_role_and_is_closed_to_lower_ones(app):
    clients = {role: sign_in_as(app, role) for role in Role}
    for rule, method, access in routes(app):
        if access is Access.STAFF:
            least = app.view_functions[rule.endpoint]._staff_role
            path = path_to(rule)
            for role in Role:
                if role < least:
                    assert clients[role].open(path, method=method).status_code == 403, str(rule)


def test_whatever_staff_change_comes_from_a_page_of_ours(app):
    client = sign_in_as(app, Role.ADMIN, site_code=None)
    del client.environ_base["HTTP_X_CSRF_TOKEN"]
    for rule, method, access in routes(app):
        if access is Access.STAFF and method != "GET":
            path = path_to(rule)
            assert client.open(path, method=method).status_code == 403, str(rule)


def test_figures_are_for_the_operators_networks_only(client):
    assert client.get("/metrics").status_code == 200
    assert client.get("/metrics", environ_base={"REMOTE_ADDR": "203.0.113.5"}).status_code == 404


def test_an_unknown_proxy_on_this_machine_does_not_open_the_figures(client):
    assert client.get("/metrics", headers={"X-Forwarded-For": "203.0.113.5"}).status_code == 404


def test_a_known_proxy_is_believed_about_the_callers_address(settings, content, guides):
    behind = settings.model_copy(update={"trusted_proxies": 1})
    client = create_app(behind, content=content, guides=guides).test_client()
    assert client.get("/metrics", headers={"X-Forwarded-For": "203.0.113.5"}).status_code == 404
    assert client.get("/metrics", headers={"X-Forwarded-For": "127.0.0.1"}).status_code == 200
