"""The files of the pages for cases, and the name of their version."""

from pathlib import Path

from miniapp_api.web.service import digest_of

FOLDER = Path(__file__).parent / "static"

DIGEST = digest_of(FOLDER)
