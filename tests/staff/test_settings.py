"""How staff sign in, as the environment says it."""

import pytest

from miniapp_api.config import Settings, SettingsError
from tests.conftest import CODE_KEYS, SECRET

PLAIN = {"SECRET_KEY": SECRET, "CODE_KEYS": CODE_KEYS}
OIDC = {
    "STAFF_OIDC_ISSUER": "https://sso.shiyan.example/realms/city",
    "STAFF_OIDC_CLIENT_ID": "daoban",
    "STAFF_OIDC_CLIENT_SECRET": "kept-to-ourselves",
}


def read(**more):
    return Settings.from_environment(PLAIN | more)


def test_by_default_staff_have_passwords_and_who_decides_has_a_second_factor():
    settings = read()
    assert (settings.staff_second_factor, settings.staff_local_sign_in, settings.staff_oidc) == ("duties", "all", None)


def test_the_citys_sign_in_is_read_and_its_secret_not_shown():
    settings = read(**OIDC, STAFF_LOCAL_SIGN_IN="admins", STAFF_SECOND_FACTOR="all")
    assert settings.staff_oidc.issuer == OIDC["STAFF_OIDC_ISSUER"]
    assert OIDC["STAFF_OIDC_CLIENT_SECRET"] not in repr(settings)


@pytest.mark.parametrize("issuer", ["http://localhost:8080", "http://127.0.0.1", "https://x.test"])
def test_an_issuer_is_under_https_or_on_this_machine(issuer):
    assert read(**OIDC | {"STAFF_OIDC_ISSUER": issuer}).staff_oidc.issuer == issuer


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"STAFF_OIDC_ISSUER": "http://sso.shiyan.example"}, "STAFF_OIDC_ISSUER"),
        ({"STAFF_OIDC_ISSUER": "https://x.test/?a=b"}, "STAFF_OIDC_ISSUER"),
        ({"STAFF_OIDC_ISSUER": "https://["}, "STAFF_OIDC_ISSUER"),
        ({"STAFF_OIDC_ISSUER": ""}, "STAFF_OIDC_ISSUER"),
        ({"STAFF_OIDC_CLIENT_ID": ""}, "STAFF_OIDC_CLIENT_ID"),
        ({"STAFF_OIDC_CLIENT_SECRET": ""}, "STAFF_OIDC_CLIENT_SECRET"),
        ({"STAFF_SECOND_FACTOR": "sometimes"}, "STAFF_SECOND_FACTOR"),
        ({"STAFF_LOCAL_SIGN_IN": "nobody"}, "STAFF_LOCAL_SIGN_IN"),
        (dict.fromkeys(OIDC, "") | {"STAFF_LOCAL_SIGN_IN": "admins"}, "STAFF_OIDC_ISSUER"),
    ],
)
def test_what_cannot_be_is_refused_by_its_name_and_without_the_secret(change, said):
    with pytest.raises(SettingsError) as caught:
        read(**OIDC | change)
    assert said in str(caught.value)
    assert OIDC["STAFF_OIDC_CLIENT_SECRET"] not in str(caught.value)
