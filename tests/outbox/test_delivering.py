"""What reaches a citizen, by which way, through the real task and the simulated WeChat."""

import re
from urllib.parse import parse_qs, urlsplit

import pytest

from miniapp_api.outbox import claims, delivering, tasks
from miniapp_api.outbox.service import Notice
from tests.outbox.conftest import OTHER, REMINDER, TEMPLATE, TOPIC, Owed

SUBSCRIBE, CUSTOM = "/cgi-bin/message/subscribe/send", "/cgi-bin/message/custom/send"


def test_who_agreed_gets_a_subscribe_message_within_its_limits(alice):
    alice.agree()
    alice.post()
    alice.deliver()
    (delivery,) = alice.received
    assert (delivery.via, delivery.openid) == ("subscribe", alice.phone.mini_openid)
    assert delivery.text == "明天的预约\n2026年11月28日 09:00\n政务服务中心二楼"
    page = urlsplit(delivery.raw["page"])
    assert (page.path, parse_qs(page.query)) == ("pages/open/open", {"link": ["/appointments/17"]})
    row = alice.row()
    assert (row.state, row.way, row.tries, row.lease) == ("sent", "subscribe", 1, None)
    assert row.sent_at >= row.created_at


def test_a_consent_is_for_one_message_and_the_next_goes_by_customer_service(alice):
    alice.agree().speak()
    for number in range(2):
        alice.post(key=f"appointment:{number}:reminder")
    alice.deliver()
    assert alice.ways == ["subscribe", "custom"]
    assert alice.remaining() == 0
    acting_as = re.search(r"#as=d\.[\w.-]+", alice.received[1].text)[0]
    assert alice.received[1].text.replace(acting_as, "") == (
        "【明天的预约】\n您明天 9:00 在政务服务中心有一个预约，请带上材料。\n\n"
        '<a href="https://daoban.example.cn/appointments/17"'
        f' data-miniprogram-appid="{alice.wechat.account.mini_app_id}"'
        ' data-miniprogram-path="pages/open/open?link=%2Fappointments%2F17">查看详情</a>'
    )


def test_as_many_messages_as_were_agreed_to(alice):
    alice.agree(3)
    for number in range(3):
        alice.post(key=f"appointment:{number}:reminder")
    alice.deliver()
    assert alice.ways == ["subscribe"] * 3
    assert alice.remaining() == 0


def test_a_topic_without_a_template_goes_by_customer_service(alice):
    alice.agree().speak()
    alice.post(OTHER)
    alice.deliver()
    assert (alice.ways, alice.remaining()) == (["custom"], 1)
    assert alice.received[0].text == "【大厅临时关闭】\n明天大厅停电，您的预约要改期。"


def test_a_consent_that_wechat_does_not_know_is_forgotten(alice):
    alice.speak()
    assert alice.client.post("/api/v1/notices/consents", json={TOPIC: 3}).status_code == 204
    alice.post()
    alice.deliver()
    assert (alice.ways, alice.remaining()) == (["custom"], 0)


def test_what_is_agreed_to_while_wechat_refuses_is_kept(alice, monkeypatch):
    alice.client.post("/api/v1/notices/consents", json={TOPIC: 2})
    remaining = delivering.consents.remaining

    def agreeing_meanwhile(*arguments):
        count = remaining(*arguments)
        alice.client.post("/api/v1/notices/consents", json={TOPIC: 1})
        return count

    monkeypatch.setattr(delivering.consents, "remaining", agreeing_meanwhile)
    alice.post()
    alice.deliver()
    assert alice.remaining() == 1


@pytest.mark.parametrize("errcode", [40003, 40037, 41030, 45009])
def test_a_subscribe_message_that_wechat_refuses_goes_another_way(alice, wechat, errcode):
    alice.agree().speak()
    wechat.faults.always(SUBSCRIBE, errcode)
    alice.post()
    alice.deliver()
    assert (alice.ways, alice.remaining()) == (["custom"], 1)


@pytest.mark.parametrize("fields", [{"when": "2026年11月28日 09:00"}, REMINDER.fields | {"when": "明天上午"}])
def test_a_notice_that_does_not_fit_its_template_goes_another_way(alice, wechat, fields):
    alice.agree().speak()
    alice.post(Notice(TOPIC, "明天的预约", "请准时到。", fields=fields))
    alice.deliver()
    assert alice.ways == ["custom"]
    assert wechat.requests[SUBSCRIBE] == 0


@pytest.mark.parametrize("errcode", [45015, 45047, 48001, 40003, 45002])
def test_what_customer_service_cannot_send_is_in_the_inbox(alice, wechat, errcode):
    alice.speak()
    wechat.faults.always(CUSTOM, errcode)
    alice.post()
    alice.deliver()
    row = alice.row()
    assert (alice.ways, row.state, row.way, row.sent_at) == ([], "inbox_only", "inbox", None)
    assert [notice["title"] for notice in alice.client.get("/api/v1/notices").json["notices"]] == ["明天的预约"]


def test_who_said_nothing_for_48_hours_is_not_asked_about(alice, wechat, clock):
    alice.speak()
    clock.turn(48 * 3600 + 60)
    alice.post()
    alice.deliver()
    assert (alice.row().state, wechat.requests[CUSTOM]) == ("inbox_only", 0)


def test_who_left_the_account_is_not_asked_about(alice, wechat):
    alice.speak()
    alice.phone.unsubscribe()
    alice.post()
    alice.deliver()
    assert (alice.row().state, wechat.requests[CUSTOM]) == ("inbox_only", 0)


def test_a_spent_quota_leaves_the_inbox(alice):
    alice.speak()
    for number in range(6):
        alice.post(OTHER, key=f"closure:{number}:")
    alice.deliver()
    assert alice.ways == ["custom"] * 5
    assert [alice.row(f"closure:{number}:").state for number in range(6)] == ["sent"] * 5 + ["inbox_only"]


def test_whom_wechat_does_not_know_has_the_inbox(app, wechat):
    bob = Owed(app, wechat, "bob")
    token = bob.client.post("/api/v1/visitors", json={}).json["token"]
    bob.client.environ_base["HTTP_AUTHORIZATION"] = f"Bearer {token}"
    bob.visitor_id = 1
    bob.post()
    bob.deliver()
    assert bob.row().state == "inbox_only"
    assert wechat.requests == {}
    assert len(bob.client.get("/api/v1/notices").json["notices"]) == 1


# ------------------------------------------------------------- when it cannot be sent now


@pytest.mark.parametrize("errcode", [-1, 45011])
def test_a_busy_wechat_is_asked_again_the_same_way_and_the_order_is_kept(alice, wechat, clock, errcode):
    alice.agree().speak()
    alice.post()
    alice.post(OTHER, key="closure:1:")
    wechat.faults.always(SUBSCRIBE, errcode, times=2)
    for seconds in (0, 29, 1, 59):
        clock.turn(seconds)
        alice.deliver()
        assert alice.ways == []
    clock.turn(1)
    alice.deliver()
    assert alice.ways == ["subscribe", "custom"]
    assert (alice.row().tries, alice.row("closure:1:").tries) == (3, 1)


def test_an_answer_that_nobody_heard_is_asked_for_again(alice, wechat, clock):
    alice.speak()
    wechat.faults.drop(CUSTOM, times=1, after=True)
    alice.post()
    alice.deliver()
    assert alice.row().state == "waiting"
    clock.turn(30)
    alice.deliver()
    assert (alice.row().state, alice.ways) == ("sent", ["custom", "custom"])


def test_a_mini_program_whose_secret_is_wrong_does_not_stop_customer_service(alice, wechat):
    alice.agree().speak()
    wechat.faults.always(SUBSCRIBE, 40164)
    alice.post()
    alice.deliver()
    assert (alice.ways, alice.remaining()) == (["custom"], 1)


def test_while_our_own_account_is_amiss_it_is_tried_again(alice, wechat, clock):
    alice.speak()
    wechat.faults.always(CUSTOM, 40164)
    alice.post()
    alice.deliver()
    assert alice.row().state == "waiting"
    wechat.faults.reset()
    clock.turn(30)
    alice.deliver()
    assert alice.ways == ["custom"]


def test_after_the_last_try_it_has_failed_is_counted_and_still_in_the_inbox(alice, wechat, clock):
    alice.speak()
    wechat.faults.always(CUSTOM, -1)
    alice.post()
    for seconds in (0, *claims.BACKOFF, 10**5):
        clock.turn(seconds)
        alice.speak()
        alice.deliver()
    assert (alice.row().state, alice.row().tries) == ("failed", 10)
    assert wechat.requests[CUSTOM] == 10
    shown = alice.client.get("/metrics").text
    assert "daoban_outbox_failed 1.0" in shown
    assert "daoban_outbox_lateness_seconds 0.0" in shown
    assert len(alice.client.get("/api/v1/notices").json["notices"]) == 1


def test_a_message_that_waits_is_seen_in_the_figures(alice, clock):
    alice.post(not_before=clock.after(50))
    assert "daoban_outbox_lateness_seconds 0.0" in alice.client.get("/metrics").text
    clock.turn(80)
    assert "daoban_outbox_lateness_seconds 30.0" in alice.client.get("/metrics").text


# ------------------------------------------------------------- when it is too early or too late


def test_nothing_is_sent_before_its_time(alice, clock):
    alice.agree()
    alice.post(not_before=clock.after(3600), not_after=clock.after(7200))
    alice.deliver()
    assert alice.row().state == "waiting"
    clock.turn(3600)
    alice.deliver()
    assert alice.ways == ["subscribe"]


def test_what_is_useless_is_dropped(alice, clock):
    alice.agree()
    alice.post(not_after=clock.after(60))
    clock.turn(60)
    alice.deliver()
    assert (alice.row().state, alice.ways) == ("dropped", [])


def test_what_is_useless_by_its_next_try_is_dropped_at_once(alice, wechat, clock):
    alice.agree()
    wechat.faults.always(SUBSCRIBE, -1)
    alice.post(not_after=clock.after(30))
    alice.deliver()
    assert alice.row().state == "dropped"


def test_what_becomes_useless_while_one_way_is_tried_is_not_sent_the_other_way(alice, wechat, clock, monkeypatch):
    alice.agree().speak()
    alice.post(not_after=clock.after(60))
    wechat.faults.always(SUBSCRIBE, 40037)
    renew = claims.renew

    def slowly(*arguments):
        held = renew(*arguments)
        clock.turn(60)
        return held

    monkeypatch.setattr(claims, "renew", slowly)
    alice.deliver()
    assert (alice.row().state, alice.ways) == ("dropped", [])
    assert (wechat.requests[SUBSCRIBE], wechat.requests[CUSTOM]) == (1, 0)


def test_what_is_withdrawn_is_not_sent(alice):
    alice.agree()
    alice.post()
    alice.withdraw("appointment:17:")
    alice.deliver()
    assert (alice.row().state, alice.ways) == ("withdrawn", [])
    assert alice.client.get("/api/v1/notices").json == {"notices": [], "unread": 0, "next": None}


def test_what_is_withdrawn_while_a_worker_has_it_is_not_sent(alice, wechat, monkeypatch):
    alice.agree().speak()
    alice.post()
    remaining = delivering.consents.remaining

    def withdrawing_meanwhile(*arguments):
        alice.withdraw("appointment:17:")
        return remaining(*arguments)

    monkeypatch.setattr(delivering.consents, "remaining", withdrawing_meanwhile)
    alice.deliver()
    assert (alice.row().state, alice.ways) == ("withdrawn", [])


def test_what_is_withdrawn_while_wechat_takes_it_was_sent_and_is_shown(alice, monkeypatch):
    alice.agree()
    alice.post()
    settle = claims.settle

    def withdrawing_first(session, message, way):
        alice.withdraw("appointment:17:")
        settle(session, message, way)

    monkeypatch.setattr(claims, "settle", withdrawing_first)
    alice.deliver()
    assert (alice.row().state, alice.ways) == ("sent", ["subscribe"])
    assert len(alice.client.get("/api/v1/notices").json["notices"]) == 1


# ------------------------------------------------------------- the sweep


def test_without_redis_nothing_is_lost_and_nobody_waits(alice, app):
    """Its Redis is away all along: posting, sweeping and delivering do not need it."""
    alice.agree()
    alice.post()
    with app.app_context():
        tasks.sweep()
    assert alice.row().state == "waiting"
    alice.deliver()
    assert alice.ways == ["subscribe"]


def test_a_sweep_drops_what_is_useless_and_finds_what_is_due(alice, app, clock, monkeypatch):
    alice.post(key="due:1:")
    alice.post(key="late:1:", not_after=clock.after(10))
    alice.post(key="early:1:", not_before=clock.after(600))
    clock.turn(20)
    queued = []
    monkeypatch.setattr(tasks, "enqueue", lambda *arguments: queued.append(arguments))
    with app.app_context():
        tasks.sweep()
    assert queued == [("outbox.deliver", alice.visitor_id)]
    assert [alice.row(key).state for key in ("due:1:", "late:1:", "early:1:")] == ["waiting", "dropped", "waiting"]


def test_after_a_year_it_is_forgotten(alice, app, clock):
    alice.post(key="old:1:")
    clock.turn(366 * 86400)
    alice.post(key="new:1:")
    with app.app_context():
        tasks.forget()
    notices = alice.client.get("/api/v1/notices").json["notices"]
    assert len(notices) == 1


def test_the_log_holds_nothing_of_the_citizen(alice, wechat, capsys):
    alice.agree().speak()
    wechat.faults.always(SUBSCRIBE, 40037)
    wechat.faults.always(CUSTOM, 45047)
    alice.post()
    alice.deliver()
    logged = capsys.readouterr().out
    assert "notice_not_sent" in logged
    secrets = (alice.phone.openid, alice.phone.mini_openid, REMINDER.text, REMINDER.title, TEMPLATE)
    assert [secret for secret in secrets if secret in logged] == []
