"""Issuing, drawing, declaring void, erasing."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from miniapp_api import database, vault
from miniapp_api.errors import Problem
from miniapp_api.extensions import db
from miniapp_api.holdings import changed
from miniapp_api.papers import installation, service
from miniapp_api.papers.kinds import KINDS
from miniapp_api.papers.models import Paper
from miniapp_api.papers.seals import Mark
from miniapp_api.signed_codes import service as codes
from tests.conftest import only_sqlite
from tests.papers import reading
from tests.papers.examples import facts_of

NOW = datetime(2026, 11, 25, 1, 5, tzinfo=UTC)
CASE = "4f" * 16
CLIENTS = 4


def issue(session, kind="withdrawal", *, now=NOW, **changed):
    return service.issue(session, kind, facts_of(kind, **changed), subject=CASE, actor="staff:7", now=now)


@pytest.fixture
def paper(session):
    """Issue a paper."""
    paper = issue(session)
    session.commit()
    return paper


def test_every_kind_can_be_issued_and_is_numbered_in_its_series(session):
    issued = [issue(session, kind) for kind in KINDS]
    assert issued[0].number == "十行审收字〔2026〕第00001号"
    assert len({paper.number for paper in issued}) == len(KINDS)
    assert issue(session, "receipt").number == "十行审收字〔2026〕第00002号"
    assert [paper.kind for paper in service.papers_of(session, CASE)] == [*KINDS, "receipt"]
    assert service.titles() == {paper.kind: paper.title for paper in issued}


def test_numbers_begin_anew_with_the_year_in_china(session):
    for now, number in (
        (datetime(2026, 12, 31, 15, 59, tzinfo=UTC), "十行审撤字〔2026〕第00001号"),
        (datetime(2026, 12, 31, 16, 0, tzinfo=UTC), "十行审撤字〔2027〕第00001号"),
    ):
        assert issue(session, now=now).number == number


def test_each_city_counts_by_itself_and_an_unknown_one_is_refused(session):
    facts = facts_of("withdrawal")
    here = service.issue(session, "withdrawal", facts, subject=CASE, actor="7", now=NOW)
    there = service.issue(session, "withdrawal", facts, subject=CASE, actor="7", now=NOW, locality="anshan")
    assert (here.number, there.number) == ("十行审撤字〔2026〕第00001号", "鞍行审撤字〔2026〕第00001号")
    with pytest.raises(ValueError, match="nobody issues papers in atlantis"):
        service.issue(session, "withdrawal", facts, subject=CASE, actor="7", now=NOW, locality="atlantis")


def test_what_is_refused_takes_no_number(session):
    with pytest.raises(ValueError, match="lacks facts: item"):
        issue(session, item=None)
    with pytest.raises(service.MissingCharacterError, match="鿰"):
        issue(session, applicant="张鿰")
    assert issue(session).number.endswith("第00001号")


def test_what_is_rolled_back_gives_its_number_back(session):
    issue(session)
    session.rollback()
    assert issue(session).number.endswith("第00001号")


def test_it_can_be_found_by_its_id_and_by_its_code(session, paper):
    assert service.find(session, paper.public_id) is paper
    assert service.by_code(session, paper.code_id) is paper
    assert service.find(session, "0" * 32) is None
    assert service.by_code(session, "0" * 12) is None


def test_its_code_says_what_it_is(session):
    paper = issue(session, "denial")
    session.commit()
    code = codes.read(session, codes.link_of(session.get(codes.SignedCode, paper.code_id)).rpartition("/")[2])
    assert codes.Kind(code.kind) is codes.Kind.DENIAL


def test_nothing_personal_is_in_the_table_in_clear(session, paper):
    service.pdf(session, paper)
    row = str(session.execute(text("SELECT * FROM papers")).one())
    assert not any(words in row for words in ("张大山", "食品经营许可", "李敏", "%PDF"))
    assert service.facts_of(paper)["applicant"] == "张大山"
    assert service.facts_of(paper)["withdrawn_on"] == "2026-11-30"


def test_the_same_bytes_are_given_every_time(session, paper):
    first = service.pdf(session, paper)
    assert service.pdf(session, paper) == first
    session.expire_all()
    assert paper.made_at
    assert "张大山" in reading.text(first)
    assert paper.number in reading.text(first)
    assert reading.verified(first).intact


def test_the_code_on_the_page_is_that_of_the_paper(session, paper):
    pdf = service.pdf(session, paper)
    link = codes.link_of(session.get(codes.SignedCode, paper.code_id))
    session.rollback()
    assert reading.codes(pdf) == [link]


@pytest.mark.usefixtures("in_app")
def test_of_many_who_ask_at_once_all_get_the_same(app, session, paper):
    start = threading.Barrier(CLIENTS)

    def ask(_client):
        with app.app_context():
            start.wait()
            return service.pdf(db.session, paper)

    with ThreadPoolExecutor(CLIENTS) as pool:
        assert len(set(pool.map(ask, range(CLIENTS)))) == 1


def test_without_comparing_the_last_one_would_win(session, paper, monkeypatch):
    """A negative control: each signature is another."""
    kept = service.pdf(session, paper)
    assert service._made(paper) != kept


def test_a_change_of_the_templates_does_not_change_what_was_issued(in_app, session, paper):
    press = installation.press()
    other = press.file.model_copy(update={"footer": "别的话"})
    in_app.extensions["papers"] = installation.Press(other, press.fonts, press.sample, press.seal)
    assert "用手机扫下面的二维码" in reading.text(service.pdf(session, paper))


def test_it_is_not_drawn_while_something_is_locked(session, paper):
    session.execute(select(Paper.id))
    with pytest.raises(RuntimeError, match="outside transactions"):
        service.pdf(session, paper)


def test_a_request_that_only_reads_may_ask(in_app, paper):
    with Session(db.engine.execution_options(**database.READ_ONLY)) as reader:
        found = service.find(reader, paper.public_id)
        assert service.pdf(reader, found).startswith(b"%PDF")


def test_void_is_for_ever_and_the_code_with_it(session, paper):
    service.void(session, paper, "重复出具")
    first = paper.voided_at
    service.void(session, paper, "再一次")
    session.commit()
    assert (paper.voided_at, paper.void_reason) == (first, "重复出具")
    assert session.get(codes.SignedCode, paper.code_id).revoked_at
    assert issue(session).number.endswith("第00002号")
    session.rollback()
    assert "已作废" in reading.text(service.pdf(session, paper))


@pytest.mark.parametrize("reason", ["", "  ", "字" * 201])
def test_void_needs_a_reason(session, paper, reason):
    with pytest.raises(ValueError, match="1 to 200"):
        service.void(session, paper, reason)


def test_what_is_erased_keeps_its_number_and_nothing_else(session, paper):
    service.pdf(session, paper)
    assert service.erase(session, CASE) == 1
    assert service.erase(session, CASE) == 0
    session.commit()
    session.expire_all()
    number = paper.number
    session.rollback()
    assert number
    for look in (lambda paper: service.pdf(session, paper), service.facts_of):
        with pytest.raises(Problem) as refused:
            look(paper)
        assert refused.value.code == 410


def test_a_document_of_another_row_is_noticed(session, paper):
    other = issue(session)
    session.commit()
    service.pdf(session, paper)
    stolen = select(Paper.pdf).where(Paper.id == paper.id).scalar_subquery()
    changed(session, Paper.__table__.update().where(Paper.id == other.id).values(pdf=stolen, made_at=NOW))
    session.commit()
    with pytest.raises(vault.BrokenSealError):
        service.pdf(session, other)


class BureauSeal:
    """A seal of the bureau's, as another provider would fit it in."""

    sample = False

    def mark(self):
        return Mark(("电子印章", "十堰市行政审批局"))

    def sign(self, pdf, reason):
        return pdf + b"%" + reason.encode()


@only_sqlite
def test_a_sample_stays_a_sample_and_a_sealed_paper_needs_its_seal(in_app, session, paper):
    installation.init_app(in_app, BureauSeal())
    sealed = issue(session)
    session.commit()
    assert (paper.sample, sealed.sample) == (True, False)
    assert "样章" in reading.text(service.pdf(session, paper))
    installation.init_app(in_app)
    with pytest.raises(Problem) as refused:
        service.pdf(session, sealed)
    assert refused.value.code == 503
    installation.init_app(in_app, BureauSeal())
    pdf = service.pdf(session, sealed)
    assert pdf.endswith(sealed.number.encode())
    assert "样章" not in reading.text(pdf)


@only_sqlite
@pytest.mark.parametrize("name", ["papers_seal_file", "papers_rare_font"])
def test_a_seal_or_font_that_is_not_there_stops_the_start(in_app, tmp_path, name):
    in_app.extensions["settings"] = in_app.extensions["settings"].model_copy(update={name: tmp_path / "absent"})
    with pytest.raises(Exception, match=name.upper()):
        installation.init_app(in_app)
