"""The page's own files and the name of their version."""

from collections.abc import Iterable
from hashlib import sha256
from pathlib import Path

from flask import Response, make_response, send_from_directory

FOLDER = Path(__file__).parent / "static"

LONG_CACHE = "public, max-age=31536000, immutable"
NO_CACHE = "no-cache"


def digest_of(folder: Path) -> str:
    """Name the content of a folder.

    Modules import one another by relative path, so a query on the first one would not reach the
    others: the digest of the whole folder is a part of every address instead.

    Args:
        folder: The folder whose files, with those of its sub-folders, are named.

    Returns:
        Twelve hex digits that change when any file's name or content changes.
    """
    total = sha256()
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            name = path.relative_to(folder).as_posix().encode()
            total.update(name + b"\0" + sha256(path.read_bytes()).digest())
    return total.hexdigest()[:12]


def modules_of(folder: Path, parts: Iterable[str]) -> list[str]:
    """List the ES modules of a page, so that it can ask for all of them at once.

    Args:
        folder: The folder that holds the pages' files.
        parts: The sub-folders whose modules the page imports.

    Returns:
        Paths below the folder, sorted.
    """
    found = [path for part in parts for path in (folder / part).glob("*.js")]
    return sorted(path.relative_to(folder).as_posix() for path in found)


def serve(folder: Path, version: str, asked: str, name: str) -> Response:
    """Serve one of the files of pages; a page from before an update gets today's, uncached.

    Args:
        folder: The folder that holds them.
        version: The folder's digest.
        asked: The digest in the address.
        name: Path below the folder.
    """
    response = make_response(send_from_directory(folder, name))
    response.headers["Cache-Control"] = LONG_CACHE if asked == version else NO_CACHE
    return response


DIGEST = digest_of(FOLDER)
