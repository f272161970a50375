"""An OpenID provider as the city's 统一身份认证 is one: a real server that signs, and can be told to cheat."""

import base64
import hashlib
import hmac
import json
import secrets
import threading
import time
from contextlib import contextmanager
from urllib.parse import urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import ECKey, KeySet, RSAKey
from werkzeug import Request, Response
from werkzeug.serving import WSGIRequestHandler, make_server

CLIENT_ID, CLIENT_SECRET = "daoban", "oidc-secret-of-the-tests-5fQ"


class Quiet(WSGIRequestHandler):
    """A handler that does not write a line for each request."""

    def log_request(self, code="-", size="-"):
        """Say nothing."""


class CityProvider:
    """Authorization code with PKCE for one client.

    Attributes:
        subject: who is signed in there.
        claims: what the ID token says otherwise than it should; None leaves a claim out.
        answers: what the browser brings back otherwise than it should.
        metadata: what the description says otherwise than it should.
        sign: makes a token of a header and claims.
        asked: paths that were asked for, in order.
        tokens: everything secret that it gave out.
    """

    def __init__(self):
        """Make its keys."""
        self.issuer = ""
        self.subject = "city-0001"
        self.claims, self.answers, self.metadata = {}, {}, {}
        self.asked, self.tokens = [], []
        self.slow = 0.0
        self.methods = ["client_secret_basic"]
        self._codes = {}
        self.rsa = RSAKey.generate_key(2048, {"kid": "rsa", "use": "sig"})
        self.ec = ECKey.generate_key("P-256", {"kid": "ec", "use": "sig"})
        self.keys = [self.rsa, self.ec]
        self.sign = self.sign_with(self.rsa, "RS256")

    def sign_with(self, key, algorithm):
        """Give a way to sign."""
        return lambda claims: jwt.encode({"alg": algorithm, "kid": key.kid}, claims, key, algorithms=[algorithm])

    def sign_with_nothing(self, claims):
        """Make a token that nobody signed."""
        parts = ({"alg": "none", "typ": "JWT"}, claims)
        return ".".join(_base64url(json.dumps(part).encode()) for part in parts) + "."

    def sign_with_the_public_key(self, claims):
        """Make a token whose signature anybody could make: the public key taken for a shared secret."""
        signed = ".".join(_base64url(json.dumps(part).encode()) for part in ({"alg": "HS256", "kid": "rsa"}, claims))
        mac = hmac.digest(self.rsa.as_pem(private=False), signed.encode(), "sha256")
        return f"{signed}.{_base64url(mac)}"

    @Request.application
    def __call__(self, request):
        """Answer as a provider does."""
        self.asked.append(request.path)
        time.sleep(self.slow)
        page = {
            "/.well-known/openid-configuration": self.describe,
            "/keys": lambda _request: _json(KeySet(self.keys).as_dict(private=False)),
            "/authorize": self.authorize,
            "/token": self.token,
        }.get(request.path)
        return page(request) if page else Response(status=404)

    def describe(self, _request):
        """Say what there is."""
        described = {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/authorize",
            "token_endpoint": f"{self.issuer}/token",
            "jwks_uri": f"{self.issuer}/keys",
            "token_endpoint_auth_methods_supported": self.methods,
        }
        return _json(described | self.metadata)

    def authorize(self, request):
        """Send the browser back with a code, as if somebody had signed in."""
        asked = request.args
        assert asked["response_type"] == "code" and asked["client_id"] == CLIENT_ID
        assert asked["scope"].split()[0] == "openid" and asked["code_challenge_method"] == "S256"
        assert len(asked["state"]) >= 32 and len(asked["nonce"]) >= 32
        code = secrets.token_urlsafe(16)
        self.tokens.append(code)
        self._codes[code] = asked
        brought = {"code": code, "state": asked["state"], "iss": self.issuer} | self.answers
        address = f"{asked['redirect_uri']}?{urlencode({k: v for k, v in brought.items() if v is not None})}"
        return Response(status=303, headers={"Location": address})

    def token(self, request):
        """Give tokens for a code, once, to who can show the verifier and the secret."""
        asked = self._codes.pop(request.form.get("code", ""), None)
        if not self._is_client(request) or asked is None:
            return _json({"error": "invalid_grant"}, 400)
        verifier = request.form["code_verifier"].encode()
        if _base64url(hashlib.sha256(verifier).digest()) != asked["code_challenge"]:
            return _json({"error": "invalid_grant"}, 400)
        if request.form["redirect_uri"] != asked["redirect_uri"]:
            return _json({"error": "invalid_grant"}, 400)
        access = secrets.token_urlsafe(24)
        id_token = self.sign(self._claims(asked, access))
        self.tokens += [access, id_token]
        return _json({"access_token": access, "token_type": "Bearer", "id_token": id_token, "expires_in": 300})

    def _is_client(self, request):
        given = request.authorization
        if self.methods == ["client_secret_post"]:
            return (request.form.get("client_id"), request.form.get("client_secret")) == (CLIENT_ID, CLIENT_SECRET)
        return given is not None and (given.username, given.password) == (CLIENT_ID, CLIENT_SECRET)

    def _claims(self, asked, access):
        now = int(time.time())
        half = hashlib.sha256(access.encode()).digest()[:16]
        claims = {
            "iss": self.issuer,
            "sub": self.subject,
            "aud": CLIENT_ID,
            "iat": now,
            "exp": now + 300,
            "nonce": asked["nonce"],
            "at_hash": _base64url(half),
        } | self.claims
        return {name: value for name, value in claims.items() if value is not None}


@contextmanager
def serve_provider(host="127.0.0.1"):
    """Serve a provider on a free port, under a name of this machine."""
    provider = CityProvider()
    server = make_server("127.0.0.1", 0, provider, threaded=True, request_handler=Quiet)
    provider.issuer = f"http://{host}:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield provider
    server.shutdown()
    thread.join()
    server.server_close()


def path_of(address):
    """Give the part of an address that a test client asks for."""
    parts = urlsplit(address)
    return f"{parts.path}?{parts.query}"


def _base64url(raw):
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def _json(document, status=200):
    return Response(json.dumps(document), status, mimetype="application/json")
