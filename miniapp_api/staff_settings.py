"""How staff sign in: by which second step, at which provider of the city, with which passwords."""

from __future__ import annotations

from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

SecondFactorRule = Literal["duties", "all", "optional"]
"""Who needs a second factor: who decides about cases and administrators (not in a demonstration), all, nobody."""

LocalSignInRule = Literal["all", "admins"]
"""Who may sign in with a password of ours."""

_OURSELVES = {"localhost", "127.0.0.1", "::1"}


def is_guarded(address: object) -> bool:
    """Tell whether an address is one under HTTPS, or of this machine."""
    if not isinstance(address, str):
        return False
    try:
        parts = urlsplit(address)
    except ValueError:
        return False
    return bool(parts.hostname) and (
        parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in _OURSELVES)
    )


def _issuer(text: str) -> str:
    """Check that a text can be an issuer (OpenID Connect Core 1.0, 2)."""
    if not is_guarded(text) or urlsplit(text).query or urlsplit(text).fragment:
        raise ValueError("应当是 https:// 开头、不带 ? 和 # 的地址，和统一身份认证自己写的 issuer 一字不差")
    return text


class StaffOIDCSettings(BaseModel):
    """The city's sign-in (统一身份认证). Every field is the environment variable STAFF_OIDC_… of its name."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    issuer: Annotated[str, AfterValidator(_issuer)]
    client_id: str = Field(min_length=1, max_length=255)
    client_secret: str = Field(min_length=1, max_length=500, repr=False)
