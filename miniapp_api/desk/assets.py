"""The files of the staff's pages and the name of their version."""

from hashlib import sha256
from pathlib import Path

FOLDER = Path(__file__).parent / "static"

LONG_CACHE = "public, max-age=31536000, immutable"
NO_CACHE = "no-cache"

DIGEST = sha256(
    b"".join(path.name.encode() + b"\0" + sha256(path.read_bytes()).digest() for path in sorted(FOLDER.iterdir()))
).hexdigest()[:12]
