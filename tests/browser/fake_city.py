"""A small city that answers as the contract says, for the page alone: real HTTP, made-up content."""

from __future__ import annotations

import json
from copy import deepcopy
from threading import Lock
from typing import Any
from uuid import uuid4

from apiflask import APIFlask
from flask import Response, request

from miniapp_api.web.api import bp
from tests.browser import fake_list

LOCALITIES = [
    {"id": "shiyan", "name": "十堰市", "is_default": True},
    {"id": "jinan", "name": "冀南新区", "is_default": False},
    {"id": "caofeidian", "name": "唐山市曹妃甸区", "is_default": False},
    {"id": "anshan", "name": "鞍山市", "is_default": False},
    {"id": "qingshan", "name": "包头市青山区", "is_default": False},
]
WAYS = ("不知道", "为什么问这个", "上一步")
LOOK_PAST = "仍然往下看"
LABELS = {"place": "店的位置", "fumes": "油烟", "foods": "卖什么", "area": "面积"}
QUESTIONS: list[dict[str, Any]] = [
    {
        "fact": "place",
        "ask": "您的店开在什么地方？",
        "why": "住宅楼里不能开有油烟的饭店，所以先问这个。",
        "options": {"street": "沿街商铺", "mall": "商场里", "home": "住宅楼里", "none": "还没定"},
    },
    {
        "fact": "fumes",
        "ask": "做菜会不会有油烟？",
        "why": "有油烟的店要有专用烟道。",
        "options": {"yes": "会", "no": "不会"},
    },
    {
        "fact": "foods",
        "kind": "multi",
        "ask": "您打算卖哪些吃的？可以选几样",
        "why": "凉菜、生食和裱花蛋糕要有专间。",
        "options": {
            "hot": "热菜",
            "hotpot": "火锅烧烤",
            "cold": "凉菜卤味",
            "raw": "生鱼片",
            "cake": "裱花蛋糕",
            "drink": "奶茶咖啡",
            "packed": "包装食品",
        },
    },
    {
        "fact": "area",
        "ask": "店面一共多少平方米？大概的数就行",
        "why": "面积大的店，开业前要做消防安全检查。",
        "options": {},
    },
]


class Conversation:
    """One visitor's talk and guide."""

    def __init__(self, locality: str) -> None:
        self.locality = locality
        self.log: list[dict[str, Any]] = []
        self.guide: str | None = None
        self.answers: dict[str, Any] = {}
        self.stopped = False
        self.lock = Lock()

    def state(self) -> dict[str, str] | None:
        """The guide as the chat tells it."""
        if self.guide is None:
            return None
        state = "done" if self.open_question() is None else "asking"
        return {"id": self.guide, "theme": "open-restaurant", "state": state}

    def open_question(self) -> dict[str, Any] | None:
        """The first question without an answer."""
        return next((q for q in QUESTIONS if q["fact"] not in self.answers), None)

    def hear(self, text: str) -> list[dict[str, Any]]:
        """Take one sentence; returns the answer's messages and keeps both."""
        self.log.append({"from": "citizen", "text": text, "at": "2026-11-22T10:00:00+08:00"})
        messages = self._reply(text)
        self.log.extend({"from": "bot", "at": "2026-11-22T10:00:01+08:00", **m} for m in messages)
        return messages

    def _reply(self, text: str) -> list[dict[str, Any]]:
        if self.guide is None:
            return self._start(text)
        if text == LOOK_PAST:
            self.stopped = False
            return self._ask()
        question = self.open_question()
        if text == "上一步" and self.answers:
            self.answers.popitem()
            self.stopped = False
            return [_say("好，退回上一步。"), *self._ask()]
        if question is None:
            return [_say("您的清单已经好了。想改哪一题，直接说就行。")]
        if text == "为什么问这个":
            return [_say(question["why"]), *self._ask()]
        value = _read(question, text)
        if value is None:
            return [_say("这句我没听明白。请点下面的一项，或者换个说法。"), *self._ask()]
        self.answers[question["fact"]] = value
        self.stopped = question["fact"] == "fumes" and bool(self._vetoes())
        return self._ask()

    def _start(self, text: str) -> list[dict[str, Any]]:
        if "店" not in text:
            return [_say("我可以一步一步问您，把要办的事列成清单。")]
        self.guide = uuid4().hex
        return [_say("好，我来帮您理清“开餐饮店”要办什么，大约 4 题。"), *self._ask()]

    def _vetoes(self) -> list[dict[str, Any]]:
        return fake_list.vetoes(self.answers.get("place"), self.answers.get("fumes"))

    def _ask(self) -> list[dict[str, Any]]:
        if self.stopped:
            veto = self._vetoes()[0]
            text = f"先停一下：{veto['name']}。\n{veto['say']}\n怎么办：{veto['way_out']}"
            return [_say(text, "改：店的位置", LOOK_PAST, "看看现在的清单", kind="veto")]
        question = self.open_question()
        if question is None:
            return [_say("要问的都问完了。\n要办的事项：\n1. 设立登记", "改答案", "重新开始", kind="checklist")]
        ways = WAYS if self.answers else WAYS[:2]
        return [_say(question["ask"], *question["options"].values(), *ways, kind=question.get("kind", "question"))]

    def checklist(self) -> dict[str, Any]:
        """The list as the contract shapes it."""
        answers = self.answers
        foods = [f for f in answers.get("foods", []) if f != "unknown"]
        area = answers.get("area")
        listed = fake_list.items(foods, area if isinstance(area, float) else None)
        steps = sorted({item["step"] for item in listed})
        state = self.state()
        return deepcopy(
            {
                "guide": {
                    **(state or {}),
                    "title": "开餐饮店",
                    "theme_version": "2026-11-22",
                    "locality": next(c for c in LOCALITIES if c["id"] == self.locality),
                    "revision": len(answers),
                },
                "items": listed,
                "vetoes": self._vetoes(),
                "materials": fake_list.materials(listed),
                "answers": [
                    {
                        "fact": q["fact"],
                        "ask": q["ask"],
                        "label": f"{LABELS[q['fact']]}：{_told(q, answers[q['fact']])}",
                        "value": answers[q["fact"]],
                        "source": "said",
                    }
                    for q in QUESTIONS
                    if q["fact"] in answers
                ],
                "open_questions": [{"fact": q["fact"], "ask": q["ask"]} for q in QUESTIONS if q["fact"] not in answers],
                "plan": {
                    "steps": [[i["id"] for i in listed if i["step"] == s] for s in steps],
                    "critical_path": ["registration", "food-permit"],
                    "workdays": 9,
                    "earliest": "2026-12-04",
                    "say": "今天就开始办，按承诺的时限算，最早 12 月 4 日可以开业。",
                },
                **fake_list.extras(),
            }
        )


def _read(question: dict[str, Any], text: str) -> Any:
    """Read an answer; None if it cannot be read."""
    if text == "不知道":
        return "unknown"
    if question["fact"] == "area":
        digits = "".join(c for c in text if c.isdigit())
        return float(digits) if digits else None
    ids = [id_ for id_, label in question["options"].items() if label in text.split("、")]
    if question.get("kind") == "multi":
        return [question["options"][id_] for id_ in ids] or None
    if question["fact"] == "fumes" and ids:
        return ids[0] == "yes"
    return ids[0] if ids else None


def _say(text: str, *choices: str, kind: str | None = None) -> dict[str, Any]:
    message = {"text": text, "choices": [{"label": choice, "value": choice} for choice in choices]}
    return message | ({"kind": kind} if kind else {})


def _told(question: dict[str, Any], value: Any) -> str:
    if value == "unknown":
        return "不知道"
    if isinstance(value, bool):
        return "会" if value else "不会"
    if isinstance(value, list):
        return "、".join(value)
    return question["options"].get(value) or f"{value:g} 平方米"


class City:
    """The visitors and shared links of one fake, and the routes over them."""

    def __init__(self) -> None:
        self.visitors: dict[str, Conversation] = {}
        self.shared: dict[str, Conversation] = {}
        self.ticked: dict[str, list[str]] = {}
        self.services: list[dict[str, Any]] = []
        self.keeps_ticks = True

    def routes(self) -> APIFlask:
        """Build the application: the real pages, a made-up API."""
        app = APIFlask(__name__)
        app.register_blueprint(bp)
        app.get("/api/v1/localities")(self.localities)
        app.post("/api/v1/visitors")(self.make_visitor)
        app.get("/api/v1/chat/messages")(self.told)
        app.post("/api/v1/chat/messages")(self.say)
        app.get("/api/v1/guides/<guide>/checklist")(self.checklist)
        app.post("/api/v1/guides/<guide>/share")(self.share)
        app.get("/api/v1/guides/<guide>/materials")(self.ready)
        app.put("/api/v1/guides/<guide>/materials")(self.tick)
        app.get("/api/v1/services")(self.list_services)
        app.get("/api/v1/shared-checklists/<token>")(self.shared_checklist)
        return app

    def localities(self) -> Any:
        """Answer with the cities."""
        return {"localities": LOCALITIES}

    def make_visitor(self) -> Any:
        """Let somebody in."""
        token = uuid4().hex
        self.visitors[token] = Conversation((request.json or {}).get("locality", "shiyan"))
        return {"token": token}, 201

    def told(self) -> Any:
        """Give the conversation so far."""
        talk = self._visitor()
        return {"messages": talk.log, "guide": talk.state()} if talk else _stranger()

    def say(self) -> Any:
        """Answer one sentence."""
        talk = self._visitor()
        if talk is None:
            return _stranger()
        with talk.lock:
            return {"messages": talk.hear(request.json["text"]), "guide": talk.state()}

    def checklist(self, guide: str) -> Any:
        """Give the list to whom it belongs."""
        talk = self._visitor()
        if talk is None:
            return _stranger()
        return talk.checklist() if talk.guide == guide else _missing()

    def share(self, guide: str) -> Any:
        """Make a read-only link."""
        talk = self._visitor()
        if talk is None or talk.guide != guide:
            return _missing()
        token = uuid4().hex
        self.shared[token] = talk
        url = f"{request.host_url}c/{token}"
        return {"url": url, "path": f"/c/{token}"}, 201

    def ready(self, guide: str) -> Any:
        """Give what is ticked off."""
        if not self.keeps_ticks:
            return _problem(503, "unavailable", "系统正忙，请稍后再试。")
        return {"ready": self.ticked.get(guide, [])}

    def tick(self, guide: str) -> Any:
        """Tick materials off."""
        if self.keeps_ticks:
            self.ticked[guide] = request.json["ready"]
        return self.ready(guide)

    def list_services(self) -> Any:
        """Answer with what can be booked."""
        return {"services": self.services}

    def shared_checklist(self, token: str) -> Any:
        """Give a shared list to anybody who has the link."""
        talk = self.shared.get(token)
        return talk.checklist() if talk else _missing()

    def _visitor(self) -> Conversation | None:
        return self.visitors.get(request.headers.get("Authorization", "").removeprefix("Bearer "))


def _stranger() -> Response:
    return _problem(401, "unauthorized", "身份无效或已过期，请刷新页面，重新开始。")


def _missing() -> Response:
    return _problem(404, "not_found", "没有找到您要的内容，请检查地址，或者回到首页重新开始。")


def _problem(status: int, code: str, detail: str) -> Response:
    body = {"type": f"urn:daoban:problem:{code}", "title": code, "status": status, "code": code}
    text = json.dumps({**body, "detail": detail, "instance": f"urn:uuid:{uuid4()}"})
    return Response(text, status, mimetype="application/problem+json")
