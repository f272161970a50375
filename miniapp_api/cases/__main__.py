"""The cases' command line: `python -m miniapp_api.cases check [FOLDER]` says what is wrong in `casework.yaml`."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

from guidance.authoring.printing import say_problems
from guidance.documents import CatalogueError
from miniapp_api.cases.checking import check

CATALOGUE = Path("catalogue")


def main(arguments: Sequence[str]) -> int:
    """Serve the command line.

    Returns:
        0 if all is well, 1 if the files are wrong, 2 if the command is.
    """
    if not arguments or arguments[0] != "check" or len(arguments) > 2:
        print(__doc__)
        return 2
    try:
        casework, warnings = check(Path(arguments[1]) if len(arguments) == 2 else CATALOGUE)
    except CatalogueError as error:
        print(say_problems(error.problems))
        return 1
    print(say_problems(warnings))
    print(f"{len(casework.regions)} 个城市，{len(casework.items)} 个事项有自己的办件规则。")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
