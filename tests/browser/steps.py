"""Steps that several tests take, whatever the questions are."""

from typing import Any

import httpx
from playwright.sync_api import Locator, Page, expect

MOST_QUESTIONS = 40
LOOK_PAST = "仍然往下看"
NO_ANSWERS = {"不知道", "为什么问这个", "上一步"}


def start(page: Page) -> None:
    """Say by tapping what is wanted."""
    page.get_by_role("button", name="我想开个饭店要办什么").click()


def ready(page: Page) -> None:
    """Wait until nothing is on its way."""
    expect(page.locator(".waiting")).to_have_count(0)
    expect(page.locator("#composer")).not_to_have_attribute("aria-busy", "true")


def say(page: Page, text: str) -> None:
    """Type a sentence and send it."""
    page.get_by_role("textbox").fill(text)
    page.get_by_role("button", name="发送").click()


def finish(page: Page, number: str = "260") -> None:
    """Answer whatever is asked, the first choice each time, until the list is ready."""
    for _ in range(MOST_QUESTIONS):
        ready(page)
        if page.locator(".finish").count():
            return
        toggles = page.locator(".pick")
        choices = page.locator(".grid .choice")
        if page.get_by_role("button", name=LOOK_PAST).count():
            page.get_by_role("button", name=LOOK_PAST).click()
        elif toggles.count():
            toggles.first.click()
            page.get_by_role("button", name="选好了").click()
        elif choices.count() > 1:
            choices.first.click()
        else:
            say(page, number)
    raise AssertionError("the guide does not end")


def finished_guide(site: str, *first: str) -> tuple[str, str]:
    """Go through a guide without a page: these answers, then the first choice each time.

    Returns:
        The visitor's token and the guide's id.
    """
    with httpx.Client(base_url=f"{site}/api/v1", trust_env=False) as client:
        token = client.post("/visitors", json={}).json()["token"]
        client.headers["Authorization"] = f"Bearer {token}"
        answers = ["我想开个饭店要办什么", *first]
        for _ in range(MOST_QUESTIONS):
            told = client.post("/chat/messages", json={"text": answers.pop(0)}).json()
            if told["guide"]["state"] == "done":
                return token, told["guide"]["id"]
            answers = answers or [next_answer(told)]
    raise AssertionError("the guide does not end")


def next_answer(told: dict[str, Any]) -> str:
    """The first choice of a question, past red lights, or a number where there is nothing to choose."""
    values = [choice["value"] for choice in told["messages"][-1]["choices"] if choice["value"] not in NO_ANSWERS]
    if LOOK_PAST in values:
        return LOOK_PAST
    return values[0] if values else "260"


def open_checklist(page: Page, *, home: bool = False) -> None:
    """Go through a guide and open its list; at home, where cooking fumes are vetoed."""
    start(page)
    if home:
        page.get_by_role("button", name="住宅楼里").click()
        page.get_by_role("button", name="会", exact=True).click()
    finish(page)
    page.get_by_role("link", name="看我的清单").click()
    page.get_by_role("heading", level=1).wait_for()


def said(page: Page) -> list[str]:
    """What the citizen's bubbles say."""
    return [text.removeprefix("您说：").strip() for text in page.locator(".mine").all_inner_texts()]


def until(page: Page, expression: str) -> None:
    """Wait until an expression is true on the page, whose policy forbids Playwright's own waiting."""
    for _ in range(100):
        if page.evaluate(expression):
            return
        page.wait_for_timeout(50)
    raise AssertionError(f"never true: {expression}")


def heard(city: Any) -> list[str]:
    """What the city's only visitor said, as it arrived."""
    (talk,) = city.visitors.values()
    return [message["text"] for message in talk.log if message["from"] == "citizen"]


def focused(page: Page) -> Locator:
    """The element that has the keyboard."""
    return page.locator(":focus")
