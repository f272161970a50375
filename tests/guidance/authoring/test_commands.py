"""The author's command line."""

import io
import json
import re
import shutil
import subprocess
import sys
import xml.etree.ElementTree as ET

import pytest
import yaml

from guidance.__main__ import main
from guidance.authoring.printing import say_example
from guidance.theme import Example
from tests.guidance.linting.conftest import BAD, GOOD


@pytest.fixture
def run():
    def call(*arguments):
        out = io.StringIO()
        status = main([str(argument) for argument in arguments], out)
        return status, out.getvalue()

    return call


@pytest.fixture
def bad_catalogue(tmp_path):
    root = tmp_path / "bad"
    shutil.copytree(GOOD, root)
    shutil.copyfile(BAD / "G402_promise_within_law.yaml", root / "themes" / "tiny.yaml")
    return root


def test_lint_passes_a_good_catalogue(run):
    status, text = run("lint", GOOD, "--quick")
    assert status == 0 and "可以发布" in text


def test_lint_lists_errors_in_columns_and_fails(run, bad_catalogue):
    status, text = run("lint", bad_catalogue, "--quick")
    assert status == 1
    assert re.search(r"^tiny\.yaml:\d+ +G402 +错误 +事项“出版物经营许可”", text, re.MULTILINE)
    assert "1 个错误" in text and "服务不会用这份内容启动" in text


def test_lint_compares_with_what_was_published(run, tmp_path):
    changed = tmp_path / "changed"
    shutil.copytree(GOOD, changed)
    tiny = changed / "themes" / "tiny.yaml"
    tiny.write_text(tiny.read_text(encoding="utf-8").replace("title: 摆书摊", "title: 摆旧书摊"), encoding="utf-8")
    status, text = run("lint", changed, "--quick", "--previous", GOOD)
    assert status == 1 and "G004" in text


def test_unreadable_files_are_listed_too(run, bad_catalogue):
    (bad_catalogue / "bases.yaml").write_text("schema: [", encoding="utf-8")
    status, text = run("lint", bad_catalogue)
    assert status == 1 and "bases.yaml:2" in text and "G001" in text


def test_report_writes_diagram_signoff_and_budget(run, tmp_path):
    status, text = run("report", "all-types", "--catalogue", GOOD, "--told", "indoor,people", "--out", tmp_path)
    assert status == 0 and text.count("写好了") == 4
    mermaid = (tmp_path / "diagram.mmd").read_text(encoding="utf-8")
    assert mermaid.startswith("flowchart LR") and "facts_people -->" in mermaid and "超出门槛" in mermaid
    drawing = (tmp_path / "diagram.svg").read_text(encoding="utf-8")
    assert ET.fromstring(drawing).tag.endswith("svg") and "href" not in drawing  # noqa: S314 - our own drawing
    assert "大型活动安全许可" in (tmp_path / "signoff.md").read_text(encoding="utf-8")
    questions = (tmp_path / "questions.md").read_text(encoding="utf-8")
    assert "第一句话就说清“在室内、参加人数”" in questions and "| 在室内 | 100.0% |" in questions


def test_report_prints_if_no_folder_is_named(run):
    status, text = run("report", GOOD / "themes" / "tiny.yaml", "--catalogue", GOOD, "--locality", "pingan")
    assert status == 0 and "要问多少题" in text and "规则签字表" in text and "flowchart LR" in text


def test_diff_shows_who_is_affected(run, tmp_path):
    old = GOOD / "themes" / "tiny.yaml"
    new = tmp_path / "tiny.yaml"
    text = (
        old.read_text(encoding="utf-8").replace("2026.11.1", "2026.11.2").replace("{kind: new}\n", "{kind: old}\n", 1)
    )
    new.write_text(text, encoding="utf-8")
    sessions = tmp_path / "sessions.jsonl"
    told = [{"id": "one", "answers": {"kind": "new"}}, {"id": "two", "answers": {"area": 5}, "locality": "pingan"}]
    sessions.write_text("\n".join(map(json.dumps, told)), encoding="utf-8")
    status, text = run("diff", old, new, "--catalogue", GOOD, "--sessions", sessions)
    assert status == 0
    assert "2026.11.1 → 2026.11.2" in text and "约 100.00% 的群众" in text
    assert "条件变了：出版物经营许可（licence）" in text and "其余 1 个结果" in text
    assert "正在办的 2 人中，1 人受影响" in text and "- one：不再有 出版物经营许可" in text


def test_diff_of_the_same_file_is_proved_empty(run):
    old = GOOD / "themes" / "tiny.yaml"
    _, text = run("diff", old, old, "--catalogue", GOOD, "--locality", "pingan")
    assert "每种情形的清单都和以前一样（已证明）" in text


def test_examples_prints_what_can_be_pasted(run, tmp_path):
    catalogue = tmp_path / "catalogue"
    shutil.copytree(GOOD, catalogue)
    tiny = catalogue / "themes" / "tiny.yaml"
    whole = tiny.read_text(encoding="utf-8")
    tiny.write_text(whole[: whole.index("\nexamples:")] + "\n", encoding="utf-8")
    status, text = run("examples", "tiny", "--catalogue", catalogue)
    assert status == 0 and "发现不了的：" in text and "area: 10" in text
    pasted = tiny.read_text(encoding="utf-8") + "\nexamples:\n" + text[text.index("# 请逐条核对") :]
    tiny.write_text(pasted, encoding="utf-8")
    status, text = run("examples", "tiny", "--catalogue", catalogue)
    assert ("100.0%" in text and "发现不了" not in text.replace("发现不了的", "")) or status


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("report", "tinny", "--catalogue", GOOD), "没有主题 tinny；可用的：all-types、tiny"),
        (("report", "tiny", "--catalogue", GOOD, "--locality", "nowhere"), "没有城市 nowhere；可用的：pingan"),
        (("report", "tiny", "--catalogue", GOOD, "--told", "colour"), "主题没有问题 colour"),
        (("diff", "no.yaml", "no.yaml", "--catalogue", GOOD), "没有文件 no.yaml"),
    ],
)
def test_a_wrong_name_is_answered_with_the_right_ones(run, arguments, words):
    status, text = run(*arguments)
    assert status == 2 and words in text


def test_a_bad_sessions_file_names_its_line(run, tmp_path):
    sessions = tmp_path / "sessions.jsonl"
    sessions.write_text('{"id": "one", "answers": {}}\n{"id": 3}\n', encoding="utf-8")
    old = GOOD / "themes" / "tiny.yaml"
    status, text = run("diff", old, old, "--catalogue", GOOD, "--sessions", sessions)
    assert status == 2 and "第 2 行" in text


def test_an_example_is_written_as_the_schema_reads_it():
    example = Example(say="“是”: 吗，#1", given={"a": [], "b": True, "c": 1.5, "d": "yes"}, expect=["x"], unset=["y"])
    (read,) = yaml.safe_load(say_example(example))
    assert read == {"say": example.say, "given": example.given, "expect": ["x"], "unset": ["y"]}


def test_it_runs_as_a_program():
    done = subprocess.run(
        [sys.executable, "-m", "guidance", "lint", str(GOOD), "--quick"],
        capture_output=True,
        text=True,
        check=False,
        cwd=BAD.parents[1],
    )
    assert done.returncode == 0 and done.stderr == "", done.stderr
