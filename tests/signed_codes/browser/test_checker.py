"""Staff check codes with the network cut off, after the page was opened once with one."""

import random
import re
from datetime import timedelta

import pytest
from playwright.sync_api import expect
from sqlalchemy.orm import Session

from miniapp_api.calendar.service import today
from miniapp_api.code_algorithms import ALGORITHMS
from miniapp_api.code_settings import FIRST_DAY, LAST_DAY, CodeKey
from miniapp_api.database import utc_now
from miniapp_api.entries import to_text
from miniapp_api.signed_codes.code import LENGTH, Claims, ForgedCodeError, Kind, check, decode, encode, sign
from miniapp_api.signed_codes.keys import KeyRing
from miniapp_api.signed_codes.models import SignedCode
from tests.browser.test_access import LOW_CONTRAST, TOO_SMALL
from tests.signed_codes.browser.conftest import ED25519, NEWER, REVOKED, SM2, STOLEN
from tests.signed_codes.conftest import HOST

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("code_checker")]  # one server for all

REACHED = "fetch('/healthz', {cache: 'no-store'}).then(() => true, () => false)"
DATED = re.compile(r"作废名单是 \d{1,2}月\d{1,2}日 \d\d:\d\d 的")


@pytest.fixture
def cut_off(checker, phone):
    """Open the page once, cut the network, and open it again."""
    opened = checker()
    phone.forgive("ERR_INTERNET_DISCONNECTED")
    page = opened.page
    (worker,) = page.context.service_workers
    assert page.evaluate(REACHED)
    assert worker.evaluate(REACHED)
    page.context.set_offline(True)
    assert not page.evaluate(REACHED)
    assert not worker.evaluate(REACHED)
    page.reload()
    expect(page.locator("#dated")).to_have_text(DATED)
    expect(page.locator("#offline")).to_contain_text("断网也能用")
    return opened


def flipped(link, bit):
    head, _, digits = link.rpartition("/")
    return f"{head}/{encode((int.from_bytes(decode(digits)) ^ 1 << bit).to_bytes(LENGTH))}"


def test_everything_is_told_rightly_without_a_network(cut_off, link):
    day = f"{today().year}年{today().month}月{today().day}日"
    for key in (ED25519, SM2):
        said = cut_off.check(link(key, kind=Kind.PROVISIONAL))
        assert said.startswith("真的")
        assert "容缺受理通知书" in said
        assert day in said
        assert cut_off.check(link(key).rpartition("/")[2]).startswith("真的")
        for bit in (0, 255, 300, 511, 512, 575):
            assert cut_off.check(flipped(link(key), bit)).startswith("不是我们发的"), bit
    for key, id_ in ((ED25519, REVOKED), (SM2, REVOKED.replace("a", "b"))):
        said = cut_off.check(link(key, id_))
        assert said.startswith("已作废")
        assert "受理通知书" in said
        assert day in said
    for key, why in ((STOLEN, "泄露过"),):
        said = cut_off.check(link(key))
        assert said.startswith("要联网核对")
        assert why in said
    expect(cut_off.result.get_by_role("link", name="联网核对")).to_have_attribute("href", re.compile(r"^/r/\d{179}$"))


def test_another_host_is_not_ours_and_is_named(cut_off, link):
    ours = link()
    host = ours.split("/")[2]
    name = host.partition(":")[0]
    for other in ("evil.example", "zwfw.example.gov.cn", f"{name}.evil.example", f"{name}@evil.example", "127.0.0.2"):
        said = cut_off.check(ours.replace(host, other))
        assert said.startswith("不是我们发的")
        assert other.split("@")[-1] in said
    assert cut_off.check(link(host="evil.example").replace("evil.example", host)).startswith("不是我们发的")


def test_what_is_cut_off_or_altered_is_named_so(cut_off, link):
    good = link()
    for text, words in (
        (good[:-1], "只有 178 位"),
        (good[:-100], "只有 79 位"),
        (good + "0", "这里有 180 位"),
        (good[:-1] + "x", "数字以外的字"),
        (good[:-1] + "٣", "数字以外的字"),
        (good.replace("/r/", "/c/"), "不是凭证上的网址"),
        ("你好", "不是凭证上的网址"),
        ("javascript:alert(1)", "不是凭证上的网址"),
        ("12345678", "只有 8 位"),
    ):
        said = cut_off.check(text)
        assert said.startswith("没读出来"), text
        assert words in said, text
    assert cut_off.check(good.rpartition("/")[0] + "/" + "9" * 179).startswith("不是我们发的")
    assert cut_off.check(f"  {good[:60]}\n{good[60:]} ").startswith("真的")


def test_an_unknown_key_is_no_proof_either_way_once_the_lists_are_old(cut_off, link):
    page = cut_off.page
    assert cut_off.check(link(NEWER)).startswith("不是我们发的")
    page.clock.set_fixed_time(utc_now() + timedelta(minutes=11))
    said = cut_off.check(link(NEWER))
    assert said.startswith("要联网核对")
    assert "新换的，也可能是假的" in said
    page.clock.set_fixed_time(utc_now() + timedelta(days=2))
    page.reload()
    expect(page.locator("#dated")).to_contain_text("已经过了一天")
    assert cut_off.check(link()).startswith("真的")


def test_a_device_whose_clock_is_slow_calls_nothing_forged_that_is_newer(checker, link):
    opened = checker()
    opened.page.clock.set_fixed_time(utc_now() - timedelta(days=60))
    assert opened.check(link()).startswith("真的")  # the server's time is known
    said = opened.check(link(day=today() + timedelta(days=2)))
    assert said.startswith("要联网核对")
    assert "日期" in said


def test_what_is_revoked_meanwhile_is_told_when_there_is_a_network(checker, link, database):
    opened = checker()
    id_ = "cd" * 6
    assert opened.check(link(id_=id_)).startswith("真的")
    with Session(database) as session, session.begin():
        session.add(SignedCode(id=id_, kind=1, kid=0, issued_on=today(), revoked_at=utc_now(), revoke_reason="重复"))
    opened.page.get_by_role("button", name="核对").click()
    expect(opened.result).to_contain_text("已作废")


CAMERA = """
window.BarcodeDetector = class {
  async detect() { return [{ rawValue: localStorage.getItem("before the lens") }]; }
};
navigator.mediaDevices.getUserMedia = async () => {
  const canvas = document.createElement("canvas");
  const pencil = canvas.getContext("2d");
  setInterval(() => pencil.fillRect(0, 0, 9, 9), 20);
  return canvas.captureStream();
};
"""


def test_the_camera_reads_where_the_browser_can(checker, link):
    """Headless Chromium on Linux has no detector of codes, so the camera and what it sees are stood in for."""
    opened = checker()
    page = opened.page
    expect(page.get_by_role("button", name="用摄像头扫")).to_be_hidden()
    page.context.add_init_script(CAMERA)
    page.evaluate("text => localStorage.setItem('before the lens', text)", link(SM2))
    page.reload()
    page.get_by_role("button", name="用摄像头扫").click()
    expect(opened.result).to_contain_text("真的")
    expect(page.locator("#view")).to_be_hidden()
    assert page.evaluate("document.getElementById('view').srcObject.active") is False


def test_only_staff_open_it_and_it_says_nothing_of_them(checker, phone):
    opened = checker()
    assert "演示窗口" not in opened.page.content()
    page = phone.open("/desk/verify")
    expect(page.get_by_role("heading", level=1)).to_have_text("工作人员登录")


@pytest.mark.parametrize(
    ("width", "height", "scheme", "large"),
    [(390, 844, "light", False), (320, 568, "dark", True), (1366, 768, "light", False)],
)
def test_it_is_legible(checker, link, width, height, scheme, large):
    opened = checker(width=width, height=height, color_scheme=scheme, large=large)
    page = opened.page
    for text in (link(SM2), link(id_=REVOKED), link(STOLEN), flipped(link(), 0), "https://evil.example/r/1"):
        opened.check(text)
        assert page.evaluate("document.documentElement.scrollWidth - innerWidth") == 0
        assert page.evaluate(LOW_CONTRAST) == []
        assert page.evaluate(TOO_SMALL.replace("label, ", "input, "), 40) == []
    size = page.evaluate("parseFloat(getComputedStyle(document.querySelector('.verdict h2')).fontSize)")
    assert size >= 40


def made(key, host=HOST, id_="0123456789ab"):
    return sign(Claims(key.kid, Kind.GRANT, today(), id_), host, key)


def other_ways(digits):
    """Write an Ed25519 signature's s in all the other ways that 32 bytes allow."""
    order = 2**252 + 27742317777372353535851937790883648493
    code = decode(digits)
    s = int.from_bytes(code[-32:], "little")
    return [encode(code[:-32] + (s + times * order).to_bytes(32, "little")) for times in range(1, 15)]


def out_of_range(digits):
    n = 0xFFFFFFFEFFFFFFFFFFFFFFFFFFFFFFFF7203DF6B21C6052B53BBF40939D54123
    code = decode(digits)
    claims, r, s = code[:10], int.from_bytes(code[10:42]), int.from_bytes(code[42:])
    pairs = [(0, s), (r, 0), (0, 0), (n, s), (r, n), (r, n - r), (2**256 - 1, s), (r, 2**256 - 1)]
    return [encode(claims + a.to_bytes(32) + b.to_bytes(32)) for a, b in pairs]


def test_the_page_and_the_server_agree_on_many_codes(checker):
    """Of 16 keys, some with zeros in front; of hosts of many lengths; flipped, and written in second ways."""
    opened = checker()
    chance = random.Random(7)
    scalars = [327, 11, 138, 107, *(int.from_bytes(chance.randbytes(31)) for _ in range(4))]
    keys = [
        CodeKey.from_seed(kid, scalar.to_bytes(32), FIRST_DAY, LAST_DAY, algorithm=ALGORITHMS[alg])
        for kid, (scalar, alg) in enumerate([(scalar, alg) for scalar in scalars for alg in ALGORITHMS])
    ]
    hosts = [(key, host) for key in keys for host in (HOST, "h" * chance.randrange(1, 60))]
    ring, asked = KeyRing(keys), [(host, made(key, host, chance.randbytes(6).hex())) for key, host in hosts]
    for key in keys[:2]:
        whole = int.from_bytes(decode(made(key)))
        asked += [(HOST, encode((whole ^ 1 << bit).to_bytes(LENGTH))) for bit in range(0, LENGTH * 8, 16)]
    asked += [(HOST, digits) for digits in other_ways(made(keys[0])) + out_of_range(made(keys[1]))]
    public = [
        {
            "kid": key.kid,
            "alg": key.algorithm.name,
            "public_key": to_text(key.public),
            "not_before": FIRST_DAY.isoformat(),
            "not_after": LAST_DAY.isoformat(),
            "compromised_at": None,
        }
        for key in keys
    ]
    answers = opened.page.evaluate(
        """async ([asked, keys]) => {
          const src = document.querySelector("script[src$='checker/main.js']").src;
          const { judge } = await import(new URL("judging.js", src));
          const format = JSON.parse(document.body.dataset.format);
          const now = Date.now();
          return asked.map(([host, digits]) => judge(digits, { at: now, host, keys, revoked: {} }, format, now).state);
        }""",
        [asked, public],
    )

    def genuine(host, digits):
        try:
            check(digits, host, ring, today())
        except ForgedCodeError:
            return False
        return True

    told = [genuine(*one) for one in asked]
    assert answers == ["genuine" if good else "forged" for good in told]
    assert (sum(told), len(told)) == (32, 32 + 2 * 37 + 14 + 8)
