"""`python -m miniapp_api.appointments [FOLDER]`: check the schedules of a catalogue."""

from __future__ import annotations

import sys
from pathlib import Path

from guidance.documents import CatalogueError
from miniapp_api.appointments import schedules
from miniapp_api.sites.service import load_halls


def check(folder: Path) -> int:
    """Check the schedules, and that the halls use no others.

    Returns:
        0; 1 if something is wrong, which is printed.
    """
    try:
        known = schedules.load(folder).schedules
        sites = load_halls(folder).sites.values()
    except CatalogueError as error:
        print(error)
        return 1
    used = {pool.schedule for site in sites for pool in site.pools if pool.schedule}
    for unknown in sorted(used - known.keys()):
        print(f"halls/ 里用了 {schedules.FILE} 没有的时间表：{unknown}")
    return 1 if used - known.keys() else 0


if __name__ == "__main__":
    sys.exit(check(Path(sys.argv[1] if len(sys.argv) > 1 else "catalogue")))
