"""Taking over what another system tells, by the signed address and by a file."""

import json
import secrets

import pytest
from sqlalchemy import func, select

from miniapp_api.cases.models import Case, CaseEvent
from miniapp_api.cases.service import acting, card
from miniapp_api.exchange import __main__ as command
from miniapp_api.exchange import signing
from miniapp_api.extensions import db

KEY = bytes(range(40))


def row(step="received", number="A-1", at="2026-11-20T09:00:00+08:00", **detail):
    return {"number": number, "item": "食品经营许可", "site": "center", "step": step, "at": at, "detail": detail}


@pytest.fixture
def send(client, city):
    """Send rows as the partner does."""

    def do(*rows, key=KEY, delivery=None, keep_good=False, now=None, partner="province"):
        body = json.dumps({"rows": rows, "keep_good": keep_good}).encode()
        delivery = delivery or secrets.token_hex(8)
        headers = signing.headers(key, delivery, body, now) | {"Content-Type": "application/json"}
        return client.post(f"/api/v1/exchange/{partner}/progress", data=body, headers=headers)

    return do


def counts(app):
    with app.app_context():
        return tuple(db.session.scalar(select(func.count()).select_from(table)) for table in (Case, CaseEvent))


def test_a_case_of_another_system_is_followed_step_by_step(app, send):
    first = send(row(), row("accepted", at="2026-11-23T10:00:00+08:00"))
    assert first.status_code == 200, first.json
    (new, next_) = first.json["results"]
    assert new["number"] == next_["number"]
    assert len(new["query_code"]) == 8
    assert next_["query_code"] is None
    assert send(row("granted", at="2026-11-25T10:00:00+08:00")).json["applied"]
    with app.app_context():
        case = db.session.scalars(select(Case)).one()
        shown = card(acting(db.session), case)
    assert (shown.outside, case.state, shown.promise.day) == ("province", "decided", None)
    assert shown.synced_at is not None
    assert shown.may == []


def test_the_same_delivery_again_changes_nothing_and_is_answered_the_same(app, send):
    first, again = (send(row(), delivery="delivery-1") for _ in range(2))
    assert first.json == again.json
    assert counts(app) == (1, 1)
    assert send(row(number="A-2"), delivery="delivery-1").json["code"] == "delivery_reused"


def test_the_same_step_in_another_delivery_is_known(app, send):
    send(row())
    assert send(row()).json["results"][0]["known"] is True
    assert counts(app) == (1, 1)


def test_one_broken_row_refuses_all_unless_the_good_ones_are_asked_for(app, send):
    rows = (row(), row("granted", number="B-1"), row(number="C-1") | {"site": "nowhere"}, {"number": "D"})
    refused = send(*rows)
    assert (refused.status_code, refused.json["code"]) == (422, "rows_refused")
    assert [bool(result["fault"]) for result in refused.json["results"]] == [False, True, True, True]
    assert counts(app) == (0, 0)
    assert send(*rows, keep_good=True).json["applied"] is True
    assert counts(app) == (1, 1)


def test_a_step_that_may_not_follow_is_refused_with_the_reason(send):
    send(row(), row("withdrawn", at="2026-11-21T09:00:00+08:00"))
    refused = send(row("accepted", at="2026-11-22T09:00:00+08:00"))
    assert "申请人已撤回" in refused.json["results"][0]["fault"]


def test_a_step_before_the_last_or_in_the_future_is_refused(send):
    send(row())
    assert send(row("accepted", at="2026-11-19T09:00:00+08:00")).status_code == 422
    assert "将来" in send(row("accepted", at="2099-11-19T09:00:00+08:00")).json["results"][0]["fault"]


@pytest.mark.parametrize("how", [{"key": bytes(40)}, {"partner": "nobody"}, {"now": 1}, {"delivery": "short"}])
def test_who_did_not_sign_is_refused_alike(app, send, how):
    refused = send(row(), **how)
    assert (refused.status_code, refused.json["code"]) == (401, "not_signed")
    assert counts(app) == (0, 0)


def test_a_file_is_tried_out_first_and_taken_over_when_that_is_asked_for(app, city, tmp_path, capsys):
    file = tmp_path / "progress.csv"
    file.write_text(
        "编号,事项,网点,步骤,时间\nA-1,许可,center,收件,2026-11-20 09:00\nA-2,许可,center,受理,2026-11-20 09:00\n",
        "utf-8",
    )

    def run(*options):
        with app.app_context():
            return command.run(command.parser().parse_args(["import", str(file), "--system", "old", *options]))

    assert run() == 1
    assert "第 3 行：这个编号还没有收件记录" in capsys.readouterr().out
    assert counts(app) == (0, 0)
    assert run("--apply") == 1
    assert "一行都没有导入" in capsys.readouterr().out
    assert counts(app) == (0, 0)
    assert run("--apply", "--keep-good") == 1
    assert "查询码" in capsys.readouterr().out
    assert counts(app) == (1, 1)
