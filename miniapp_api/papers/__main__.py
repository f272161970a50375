"""The papers' command line.

`python -m miniapp_api.papers check` says what is wrong in `catalogue/papers.yaml`;
`python -m miniapp_api.papers facts` lists what each paper can be given.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

from guidance.authoring.printing import say_problems
from guidance.documents import CatalogueError
from miniapp_api.papers.files import PapersFile
from miniapp_api.papers.kinds import FACTS, KINDS
from miniapp_api.papers.loading import load

CATALOGUE = Path("catalogue")


def main(arguments: Sequence[str]) -> int:
    """Serve the command line.

    Returns:
        0 if all is well, 1 if the file is wrong, 2 if the command is.
    """
    folder = Path(arguments[1]) if len(arguments) == 2 else CATALOGUE
    if not arguments or arguments[0] not in {"check", "facts"} or len(arguments) > 2:
        print(__doc__)
        return 2
    try:
        file, warnings = load(folder)
    except CatalogueError as error:
        print(say_problems(error.problems))
        return 1
    if arguments[0] == "check":
        print(say_problems(warnings))
        print(f"{len(file.papers)} 种文书，{len(file.issuers)} 个城市。")
    else:
        print("\n".join(_listed(file)))
    return 0


def _listed(file: PapersFile) -> list[str]:
    lines = []
    for name, kind in KINDS.items():
        lines.append(f"{name} {file.papers[name].title}")
        lines.extend(f"  必须写明  {fact}  {FACTS[fact].label}" for fact in kind.needs)
        lines.extend(f"  有就写上  {fact}  {FACTS[fact].label}" for fact in kind.may)
        lines.extend(f"  必须写上  say: {sentence}" for sentence in kind.says)
    return lines


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
