"""Every check has a bad file that it finds, at its line, with words that say how to mend it."""

import re

import pytest

from guidance.linting import errors, lint
from guidance.linting.registry import CHECKS, READING
from guidance.loading import load_catalogue
from tests.guidance.linting.conftest import BAD, GOOD, TODAY

FILES = sorted(BAD.glob("*.yaml"))
MARK = re.compile(r"# <- (G\d{3}) (.*)$")


def check_of(bad):
    code, name = bad.stem.split("__")[0].split("_", 1)
    return code, name


@pytest.mark.parametrize("bad", FILES, ids=lambda bad: bad.stem)
def test_a_bad_file_is_found_at_its_line(bad, problems_in):
    problems, name = problems_in(bad)
    marks = [
        (number, MARK.search(line))
        for number, line in enumerate(bad.read_text(encoding="utf-8").splitlines(), 1)
        if MARK.search(line)
    ]
    assert marks
    for number, mark in marks:
        here = [p for p in problems if (p.file, p.line, p.code) == (name, number, mark[1])]
        fitting = [p for p in here if all(word in p.message for word in mark[2].split())]
        assert fitting, (mark[0], [str(p) for p in problems])
        assert all(re.search("；|请", p.message) for p in fitting), "what is wrong; how to mend it"
    assert {p.code for p in errors(problems)} <= {check_of(bad)[0]}, [str(p) for p in errors(problems)]


def test_every_check_has_a_bad_file_and_every_bad_file_a_check():
    assert {check_of(bad) for bad in FILES} == {(c.code, c.name) for c in CHECKS} | set(READING)


def test_every_check_says_why_it_is_there():
    assert all(check.reason.endswith(".") for check in CHECKS)
    assert len({check.name for check in CHECKS}) == len(CHECKS)


def test_the_good_catalogue_is_clean():
    """Negative control: nothing is found where nothing is wrong, by the costly checks neither."""
    assert lint(load_catalogue(GOOD), today=TODAY, thorough=True, previous=load_catalogue(GOOD)) == []
