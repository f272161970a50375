"""The city's sign-in (统一身份认证) as an OpenID provider: what it says about itself, and who has come from it.

Authorization code with PKCE (OpenID Connect Core 1.0, 3.1; RFC 7636). Knows no database.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import requests
from authlib.common.errors import AuthlibBaseError
from authlib.integrations.requests_client import OAuth2Session
from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.errors import InvalidKeyIdError, JoseError
from joserfc.jwk import KeySet, import_key
from joserfc.jws import JWSRegistry
from urllib3.exceptions import HTTPError

from miniapp_api.staff_settings import StaffOIDCSettings, is_guarded

ALGORITHMS = ("RS256", "PS256", "ES256")
"""Of ID tokens; what the provider or the token names besides is not accepted, least of all `none`."""

TIMEOUTS = (3.0, 5.0)
"""Seconds to connect, and to wait for the next bytes."""

LEEWAY = 60
"""Seconds by which the provider's clock may be wrong."""

KEPT_FOR = 3600.0
"""Seconds after which the provider's own description is fetched again."""

NOT_AGAIN_FOR = 30.0
"""Seconds in which its keys are not fetched again, however many tokens name a key we do not know."""

_MOST = 1 << 20
_LONGEST_SUBJECT = 255

_CLAIMS = {name: {"essential": True} for name in ("sub", "exp", "iat", "nonce")}


class UnavailableError(Exception):
    """The provider does not answer, or with nothing that can be used; the text says what, and holds no secret."""


class RefusedError(Exception):
    """It is not proven who has come; the text says why, and holds no token."""


@dataclass(frozen=True, slots=True)
class _Description:
    """What the provider says about itself, and the keys that sign for it."""

    metadata: Mapping[str, Any]
    keys: KeySet
    at: float


class Provider:
    """One OpenID provider."""

    def __init__(self, settings: StaffOIDCSettings, return_to: str) -> None:
        """Describe it.

        Args:
            settings: of the installation.
            return_to: our address to which it sends browsers back.
        """
        self._settings = settings
        self._return_to = return_to
        self._known: _Description | None = None
        self._lock = threading.Lock()

    def address(self, state: str, nonce: str, verifier: str) -> str:
        """Write the address to which a browser is sent.

        Raises:
            UnavailableError: the provider does not say where.
        """
        metadata = self._describe().metadata
        with self._client(metadata) as client:
            endpoint = metadata["authorization_endpoint"]
            return str(client.create_authorization_url(endpoint, state, code_verifier=verifier, nonce=nonce)[0])

    def subject(self, answer: Mapping[str, str], nonce: str, verifier: str) -> str:
        """Tell who has come back: the `sub` of the ID token.

        Raises:
            RefusedError: that is not proven.
            UnavailableError: the provider does not answer.
        """
        if answer.get("error"):
            raise RefusedError("the provider says no")
        if answer.get("iss", self._settings.issuer) != self._settings.issuer:  # RFC 9207
            raise RefusedError("another issuer answers")
        token = self._exchange(answer.get("code", ""), verifier)
        id_token = token.get("id_token")
        if not isinstance(id_token, str):
            raise RefusedError("no ID token")
        known = {"nonce": nonce, "client_id": self._settings.client_id, "access_token": token.get("access_token")}
        subject = self._claims(id_token, known)["sub"]
        if not 0 < len(subject) <= _LONGEST_SUBJECT:
            raise RefusedError("InvalidClaimError: sub")
        return str(subject)

    def _exchange(self, code: str, verifier: str) -> Mapping[str, Any]:
        """Give the code, and get tokens for it."""
        if not code:
            raise RefusedError("no code")
        metadata = self._describe().metadata
        with self._client(metadata) as client:
            try:
                return dict(
                    client.fetch_token(
                        metadata["token_endpoint"],
                        grant_type="authorization_code",
                        code=code,
                        code_verifier=verifier,
                        redirect_uri=self._return_to,
                        allow_redirects=False,
                    )
                )
            except AuthlibBaseError as error:
                raise RefusedError(f"the token endpoint says {type(error).__name__}") from None
            except (requests.RequestException, HTTPError, ValueError) as error:
                raise UnavailableError(f"the token endpoint: {type(error).__name__}") from None

    def _claims(self, id_token: str, known: Mapping[str, Any]) -> CodeIDToken:
        """Check the ID token (OpenID Connect Core 1.0, 3.1.3.7)."""
        try:
            token = self._decoded(id_token)
            options = {
                **{name: dict(rule) for name, rule in _CLAIMS.items()},
                "iss": {"essential": True, "value": self._settings.issuer},
                "aud": {"essential": True, "value": self._settings.client_id},
            }
            claims = CodeIDToken(token.claims, token.header, options, dict(known))
            claims.validate(leeway=LEEWAY)
        except (JoseError, AuthlibBaseError, ValueError) as error:
            claim = getattr(error, "claim", None)
            raise RefusedError(f"{type(error).__name__}{f': {claim}' if claim else ''}") from None
        return claims

    def _decoded(self, id_token: str) -> jwt.Token:
        """Check the signature; a key that is new to us may be new there, too."""
        registry = JWSRegistry(algorithms=list(ALGORITHMS), strict_check_header=False)
        known = self._describe()
        try:
            return jwt.decode(id_token, known.keys, registry=registry)
        except InvalidKeyIdError:
            if time.monotonic() - known.at < NOT_AGAIN_FOR:
                raise
            return jwt.decode(id_token, self._describe(anew=True).keys, registry=registry)

    def _describe(self, *, anew: bool = False) -> _Description:
        """Give what the provider says about itself, from memory if that is fresh."""
        with self._lock:
            known = self._known
            if known is None or anew or time.monotonic() - known.at >= KEPT_FOR:
                known = self._known = self._fetch()
            return known

    def _fetch(self) -> _Description:
        issuer = self._settings.issuer
        with self._client({}) as client, _told_as_unavailable():
            metadata = _document(client, f"{issuer.rstrip('/')}/.well-known/openid-configuration")
            if metadata.get("issuer") != issuer:
                raise UnavailableError("the description is of another issuer")
            for name in ("authorization_endpoint", "token_endpoint", "jwks_uri"):
                if not is_guarded(metadata.get(name)):
                    raise UnavailableError(f"{name} is not an address under HTTPS")
            return _Description(metadata, _keys(_document(client, metadata["jwks_uri"])), time.monotonic())

    def _client(self, metadata: Mapping[str, Any]) -> OAuth2Session:
        methods = metadata.get("token_endpoint_auth_methods_supported") or ["client_secret_basic"]
        client = OAuth2Session(
            self._settings.client_id,
            self._settings.client_secret,
            token_endpoint_auth_method=(
                "client_secret_basic" if "client_secret_basic" in methods else "client_secret_post"
            ),
            scope="openid",
            redirect_uri=self._return_to,
            code_challenge_method="S256",
            default_timeout=TIMEOUTS,
        )
        client.hooks["response"].append(_read_so_much)
        return client


@contextmanager
def _told_as_unavailable() -> Iterator[None]:
    """Turn every way in which a document cannot be had into one."""
    try:
        yield
    except (requests.RequestException, HTTPError, ValueError, TypeError) as error:
        raise UnavailableError(f"its description: {type(error).__name__}") from None


def _document(client: OAuth2Session, address: str) -> dict[str, Any]:
    answer = client.get(address, withhold_token=True, allow_redirects=False)
    if answer.status_code != requests.codes.ok:
        raise UnavailableError(f"its description: status {answer.status_code}")
    document = answer.json()
    if not isinstance(document, dict):
        raise UnavailableError("its description is no object")
    return document


def _keys(document: Mapping[str, Any]) -> KeySet:
    """Read the keys that may sign; others, such as of algorithms that we do not know, are passed over."""
    keys = []
    for entry in document.get("keys") or ():
        try:
            if entry.get("kty") in ("RSA", "EC") and entry.get("use", "sig") == "sig":
                keys.append(import_key(entry))
        except (JoseError, ValueError, TypeError):
            continue
    if not keys:
        raise UnavailableError("it has no keys")
    return KeySet(keys)


def _read_so_much(answer: requests.Response, *_arguments: object, **_options: object) -> None:
    """Read an answer, but not without end: what is longer is cut, and then no JSON."""
    answer._content = answer.raw.read(_MOST, decode_content=True)
