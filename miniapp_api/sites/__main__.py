"""The halls' command line.

`python -m miniapp_api.sites check` says what is wrong in `catalogue/services.yaml` and
`catalogue/halls`; `python -m miniapp_api.sites sync` brings the database to what they say.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

from sqlalchemy.orm import Session

from guidance.authoring.printing import say_problems
from guidance.documents import CatalogueError
from miniapp_api.config import Settings, SettingsError
from miniapp_api.database import create_engine, load_models
from miniapp_api.sites.loading import load_halls
from miniapp_api.sites.syncing import sync

CATALOGUE = Path("catalogue")


def main(arguments: Sequence[str]) -> int:
    """Serve the command line.

    Returns:
        0 if all is well, 1 if the files or the environment are wrong, 2 if the command is.
    """
    try:
        match arguments:
            case ["check"]:
                _check(CATALOGUE)
            case ["check", folder]:
                _check(Path(folder))
            case ["sync"]:
                _sync(Settings.from_environment())
            case _:
                print(__doc__)
                return 2
    except CatalogueError as error:
        print(say_problems(error.problems))
        return 1
    except SettingsError as error:
        print(error)
        return 1
    return 0


def _check(folder: Path) -> None:
    halls = load_halls(folder)
    cities = {site.locality for site in halls.sites.values()}
    print(say_problems(halls.warnings))
    print(f"{len(cities)} 个城市，{len(halls.sites)} 个网点，{len(halls.offering.services.all())} 项服务。")


def _sync(settings: Settings) -> None:
    halls = load_halls(settings.catalogue_dir)
    load_models()
    engine = create_engine(settings.database_url)
    with Session(engine) as session, session.begin():
        changes = sync(session, halls)
    engine.dispose()
    print("\n".join(changes) or "没有变化。")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
