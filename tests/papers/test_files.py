"""What is wrong in papers.yaml is said with its line and how to mend it; nothing that the law wants can be left out."""

import re

import pytest

from guidance.documents import CatalogueError
from miniapp_api.papers import loading
from miniapp_api.papers.__main__ import main
from miniapp_api.papers.kinds import FACTS, KINDS
from tests.papers.conftest import CATALOGUE

REAL = (CATALOGUE / "papers.yaml").read_text("utf-8")


@pytest.fixture
def problems(tmp_path):
    """Change the real file and say what is wrong then."""

    def change(old, new):
        assert old in REAL
        (tmp_path / "papers.yaml").write_text(REAL.replace(old, new, 1), "utf-8")
        with pytest.raises(CatalogueError) as refused:
            loading.load(tmp_path)
        return refused.value.problems

    return change


def test_the_real_file_is_good_and_says_what_was_not_checked():
    file, doubts = loading.load(CATALOGUE)
    assert file.papers.keys() == KINDS.keys()
    assert {doubt.severity for doubt in doubts} == {"warning"}
    assert any("诉讼六个月没有核对" in doubt.message for doubt in doubts)


@pytest.mark.parametrize(
    ("old", "new", "code", "said"),
    [
        ("schema: daoban/papers/1", "schema: daoban/papers/2", "G002", "daoban/papers/1"),
        ("    title: 收件凭证", "    titel: 收件凭证", "G002", "titel"),
        ("- table: materials", "- table: materials\n        list: materials", "G002", "一个"),
        ("  denial:\n", "  denail:\n", "P002", "是不是想写 denial"),
        ("[reasons, basis, decided_on, contact]", "[basis, decided_on, contact]", "P003", "必须写明理由"),
        ("      - say: remedies\n", "", "P003", "say: remedies"),
        ("      - list: missing", "      - list: missing\n        when: query_code", "P003", "缺漏"),
        ("从{accepted_on}起受理", "从{accepted_no}起受理", "P002", "是不是想写 accepted_on"),
        ("      - lines: [agent]\n        when: agent\n", "      - lines: [agent]\n", "P006", "when: agent"),
        ("        when: agent\n", "        when: agnet\n", "P002", "是不是想写 agent"),
        ("- list: missing", "- lines: [missing]", "P002", "list"),
        ("我们最晚在上面写的答复日", "我们最晚在{reply_by}", "P002", "lines"),
        ("- say: silence", "- say: silent", "P002", "是不是想写 silence"),
        ("第{serial}号", "第号", "P004", "各写一次"),
        ("{short}收字〔{year}〕第{serial}号", "第{serial}号{short}{year}", "P004", "后面"),
        ("short: 鞍行审", "short: 十行审", "P004", "用了两次"),
        ("投诉、监督请拨打{issuer.complaints}", "投诉请拨打{issuer.phone}", "P002", "issuer.phone"),
        ("您交来的材料我们收到了", "您交来的材料我们收到了{", "P002", "不成对"),
        ("您交来的材料我们收到了", "您交来的材料我们收到了😀", "P007", "U+1F600"),
    ],
)
def test_a_fault_is_told_with_its_line(problems, old, new, code, said):
    found = [problem for problem in problems(old, new) if problem.code == code and said in problem.message]
    assert found
    assert all(problem.file == "papers.yaml" for problem in found)
    assert any(problem.line > 1 for problem in found) or code == "G002"


def test_the_line_is_the_one_to_mend(problems):
    [problem] = problems("从{accepted_on}起受理", "从{accepted_no}起受理")
    assert problem.line == REAL[: REAL.index("从{accepted_on}起受理")].count("\n") + 1


def test_each_fact_that_a_paper_needs_is_missed_if_no_line_prints_it(file):
    for name, kind in KINDS.items():
        for fact in kind.needs:
            bare = [block for block in file.papers[name].body if fact not in str(block.model_dump())]
            template = file.papers[name].model_copy(update={"body": tuple(bare)})
            told = [message for _, _, message in loading._lacking((), template, kind)]
            assert any(FACTS[fact].label in message for message in told)


def test_a_city_without_an_issuer_is_told(tmp_path):
    (tmp_path / "papers.yaml").write_text(REAL, "utf-8")
    (tmp_path / "localities").mkdir()
    (tmp_path / "localities" / "wuhan.yaml").touch()
    with pytest.raises(CatalogueError, match="wuhan"):
        loading.load(tmp_path)


def test_the_command_checks_lists_and_explains_itself(tmp_path, capsys):
    assert main(["check", str(CATALOGUE)]) == 0
    assert "17 种文书" in capsys.readouterr().out
    assert main(["check", str(tmp_path)]) == 1
    assert "缺少这个文件" in capsys.readouterr().out
    assert main(["facts", str(CATALOGUE)]) == 0
    assert re.search(r"denial 不予行政许可决定书(\n  .*)*必须写上  say: remedies", capsys.readouterr().out)
    assert main(["print"]) == 2


def test_every_fact_is_used_and_every_used_fact_is_known():
    used = {fact for kind in KINDS.values() for fact in (*kind.needs, *kind.may)}
    assert used == FACTS.keys()
