"""The linter of the catalogue: checks with codes, lines, and advice how to mend.

`python -m guidance lint` prints what it finds; the service refuses to start on errors.
"""

from guidance.linting import (  # noqa: F401 - importing a family registers its checks
    budget,
    examples,
    form,
    language,
    law,
    operands,
    outcomes,
    parameters,
    places,
    questions,
    references,
    truth,
    unused,
    wording,
)
from guidance.linting.runner import errors, lint

__all__ = ["errors", "lint"]
