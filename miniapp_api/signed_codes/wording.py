"""What the page says in large type, and what to do about it."""

from __future__ import annotations

from dataclasses import dataclass

from miniapp_api.signed_codes.showing import Scan, Tone


@dataclass(frozen=True, slots=True)
class Verdict:
    """The answer to whether a code is genuine and counts.

    Attributes:
        words: in large type.
        meaning: one sentence.
        advice: what to do, a sentence each.
    """

    tone: Tone
    words: str
    meaning: str
    advice: tuple[str, ...]


FORGED = Verdict(
    "void",
    "不是真的",
    "这个二维码不是我们发出的，也可能印坏了、拍糊了。",
    (
        "先擦干净、放平，再扫一次。",
        "还是这样，就不要相信它，也不要按上面写的付钱、填身份证号。",
        "别人拿给您的，可以拨打 12345 核实；是您自己的，请到窗口重新打印。",
    ),
)

UNKNOWN = Verdict(
    "warning",
    "查不到",
    "系统里没有这份凭证的记录，不能证明它是真的。",
    ("请带上它和身份证，到窗口核实。", "也可以拨打 12345 问。"),
)

TOO_MANY = Verdict("warning", "请等一分钟", "您这里的网络刚才查得太多了，这次没有查。", ("过一分钟再扫一次。",))

LOST_DATABASE = Verdict(
    "warning",
    "现在查不了",
    "系统暂时有问题，这次没有查成，不是您的问题。",
    ("过几分钟再扫一次。", "急用的话，请到窗口核实，或者拨打 12345。"),
)

_ASK = "有疑问，可以到窗口问，或者拨打 12345。"
_WHO = "凭证是真的，不等于拿着它的人就是本人；要认人，请看身份证。"
_SILENT = "发出的时间长了，或者事情已经办完，这里不再显示进展。想知道进展，请本人到窗口查，或者拨打 12345。"


def verdict_on(seen: Scan) -> Verdict:
    """Say how a genuine code stands."""
    name = seen.kind_name
    ours = f"这份{name}是{seen.bureau}发出的"
    if seen.state == "revoked":
        again = f"还要用的话，请到窗口重新领{name}。"
        return Verdict("void", "已经作废", f"{ours}，但已经作废，不能再用。", (again, _ASK))
    if seen.view is None:
        return Verdict("good", "是真的", f"{ours}。", (_SILENT, _WHO))
    if seen.view.tone == "void":
        return Verdict("void", "真的，但不能用了", f"{ours}，现在没有用了。", (_ASK,))
    return Verdict("good", "是真的", f"{ours}。", (_WHO, _ASK))
