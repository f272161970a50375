"""The command of the operator, as another process than the one that serves."""

import os
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from miniapp_api.calendar import service
from miniapp_api.database import create_engine
from tests.conftest import SECRET, only_sqlite

ROOT = Path(__file__).parents[2]


@pytest.fixture
def command(database_url):
    environ = {**os.environ, "DATABASE_URL": database_url, "SECRET_KEY": SECRET, "PYTHONIOENCODING": "utf-8"}

    def run(*arguments, **more):
        line = [sys.executable, "-m", "miniapp_api.calendar", *map(str, arguments)]
        options = {"cwd": ROOT, "env": environ | more, "capture_output": True, "text": True, "timeout": 60}
        return subprocess.run(line, check=False, **options)

    return run


def test_what_another_process_loads_counts_here_at_once(command, database_url, file_2027):
    engine = create_engine(database_url)
    with Session(engine) as session:
        assert service.calendar(session).confirmed_until == date(2026, 12, 31)
    done = command("load", file_2027)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith(
        "2027 年，工作日 249 天，来源：2027 年放假通知（测试用，编的）\n  2027-01-01 星期五 放假 元旦\n"
    )
    with Session(engine) as session:
        assert service.calendar(session).confirmed_until == date(2027, 12, 31)
    engine.dispose()
    assert command("load", file_2027).stdout == "没有变化：2027 年已经是这份安排\n"


@only_sqlite
def test_a_refused_file_changes_nothing_and_says_why(command, file_2027, tmp_path):
    file_2027.write_text(file_2027.read_text(encoding="utf-8").replace("09-26", "09-27"), encoding="utf-8")
    done = command("load", file_2027)
    assert done.returncode == 1
    assert done.stderr == "没有导入，请改正后再试：\n第 17 行：2027-09-27（星期一）不是周末，补班只能在星期六或星期日\n"
    assert command("show", 2027).stdout == "2027 年的放假安排还没有公布。\n"
    assert command("load", tmp_path / "nowhere.csv").returncode == 1


@only_sqlite
def test_the_librarys_years_are_stored_and_shown(command):
    shown = command("show", 2026).stdout
    assert shown.startswith("2026 年，工作日 248 天，来源：随包自带\n")
    assert "  2026-10-10 星期六 补班 国庆节\n" in shown
    assert command("sync").stdout.startswith("存下了 23 年：2004、2005、")
    assert command("sync").stdout == "没有变化\n"
    assert command("show", 2026).stdout == shown.replace("随包自带", "chinesecalendar 1.11.0")


@only_sqlite
@pytest.mark.parametrize("arguments", [[], ["show"], ["show", "soon"], ["show", "0000"], ["load"], ["fly"]])
def test_the_command_explains_itself(command, arguments):
    done = command(*arguments)
    assert done.returncode == 1
    assert "python -m miniapp_api.calendar load FILE" in done.stderr


@only_sqlite
def test_what_cannot_be_shown_or_reached_is_said_plainly(command):
    assert command("show", 1999).stderr == "工作日历里没有 1999 年\n"
    assert "SECRET_KEY" in command("show", 2026, SECRET_KEY="").stderr
