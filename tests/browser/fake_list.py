"""A made-up checklist of the contract's shape, long enough to show every kind of entry."""

from typing import Any

BASES = {
    "food": ("《中华人民共和国食品安全法》", "第三十五条", "verified"),
    "fire": ("《中华人民共和国消防法》", "第十五条", "verified"),
    "air": ("《生态环境法典》", "第二百五十条", "recalled"),
    "reg": ("《市场主体登记管理条例》", "第十六条、第十九条", "verified"),
    "sign": ("《城市市容和环境卫生管理条例》", "第十一条", "unsure"),
}
HALL = {
    "name": "市民服务中心一楼综合窗口",
    "address": "北京北路 1 号市民服务中心 A 区",
    "phone": "0719-8012345",
    "hours": "周一至周五 9:00–12:00、13:30–17:00，周六上午可预约",
    "certainty": "demo",
}


def basis(*names: str) -> list[dict[str, Any]]:
    """Legal bases by their short names."""
    return [
        {
            "id": name,
            "law": BASES[name][0],
            "article": BASES[name][1],
            "text": "从事食品生产、食品销售、餐饮服务，应当依法取得许可。" if name == "food" else None,
            "checked": "2026-11-22",
            "certainty": BASES[name][2],
        }
        for name in names
    ]


def limit(days: float, unit: str = "workday", certainty: str = "demo") -> dict[str, Any]:
    """A promised limit."""
    return {"days": days, "unit": unit, "certainty": certainty}


def items(foods: list[str] | None, area: float | None) -> list[dict[str, Any]]:
    """The items to handle; the fire inspection hangs on the area."""
    common = {"where": HALL, "note": None, "how": None, "online": None, "depends_on": []}
    listed = [
        {
            **common,
            "id": "registration",
            "name": "个体工商户（企业）设立登记",
            "status": "needed",
            "step": 1,
            "after": [],
            "department": "市行政审批局",
            "time": {
                "promised": limit(0.5, "day", "confirmed"),
                "legal": {"days": 3, "unit": "workday"},
                "text": "承诺半天办结，法定 3 个工作日",
            },
            "fee": {"text": "不收费"},
            "online": {"level": "全程网办", "url": None},
            "materials": ["id-card", "premises", "form-reg"],
            "reason": "因为您还没有营业执照",
            "basis": basis("reg"),
        },
        {
            **common,
            "id": "food-permit",
            "name": "食品经营许可（新办）",
            "status": "needed",
            "step": 2,
            "after": ["registration"],
            "department": "市行政审批局",
            "time": {
                "promised": limit(5, "workday", "reported"),
                "legal": {"days": 10, "unit": "workday"},
                "text": "承诺 5 个工作日，法定 10 个工作日",
            },
            "fee": {"text": "不收费"},
            "how": "窗口受理后会有人上门看现场，请先把后厨收拾好。",
            "materials": ["licence", "id-card", "layout", "health-cert"],
            "reason": f"因为您做{'、'.join(foods) if foods else '餐饮'}",
            "basis": basis("food"),
        },
        {
            **common,
            "id": "sign",
            "name": "户外招牌设施设置",
            "status": "perhaps",
            "step": 2,
            "after": ["registration"],
            "department": "市城市管理执法局",
            "time": {"promised": None, "legal": None, "text": "以窗口答复为准"},
            "fee": {"text": "不收费"},
            "where": None,
            "materials": ["premises", "sign-drawing"],
            "reason": "因为您可能要装门头招牌",
            "depends_on": ["sign"],
            "note": "先问清街道有没有统一样式，再找人做招牌。",
            "basis": basis("sign"),
        },
    ]
    if area is None or area >= 300:
        listed.append(
            {
                **common,
                "id": "fire",
                "name": "公众聚集场所投入使用、营业前消防安全检查",
                "status": "perhaps" if area is None else "needed",
                "step": 3,
                "after": ["food-permit"],
                "department": "市消防救援局",
                "time": {
                    "promised": limit(1),
                    "legal": {"days": 13, "unit": "workday"},
                    "text": "承诺 1 个工作日（告知承诺），法定 13 个工作日",
                },
                "fee": {"text": "不收费"},
                "where": {**HALL, "name": "消防救援局窗口", "phone": "0719-8019119"},
                "materials": ["licence", "fire-plan", "layout"],
                "reason": f"因为店面{'面积还没说' if area is None else f' {area:g} 平方米，达到 300 平方米'}",
                "depends_on": ["area"] if area is None else [],
                "basis": basis("fire"),
            }
        )
    return listed


def materials(needed_for: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The materials of these items, merged."""
    rows = [
        ("id-card", "经营者身份证", "original", 1, "self", None, "带原件就行，窗口当场复印。"),
        ("premises", "住所（经营场所）使用证明", "copy", 2, "self", None, "租的房子带租房合同，自己的带房产证。"),
        ("layout", "经营场所平面布局图", "original", 2, "self", None, "手画也可以，标出后厨、洗碗、上菜的位置。"),
        ("health-cert", "从业人员健康证明", "copy", 1, "self", None, None),
        ("sign-drawing", "招牌效果图", "electronic", 1, "self", None, None),
        ("form-reg", "个体工商户登记申请书", "original", 1, "template", None, "窗口有样表，可以现场填。"),
        ("fire-plan", "消防安全制度、灭火和应急疏散预案", "original", 1, "template", None, None),
        ("licence", "营业执照", "copy", 1, "issued", "registration", None),
        ("credit", "信用信息核验结果", "electronic", 1, "shared", None, None),
    ]
    merged = []
    for id_, name, form, copies, source, issued_by, tips in rows:
        users = [item for item in needed_for if id_ in item["materials"]]
        if not users and source != "shared":
            continue
        sure = any(item["status"] == "needed" for item in users) or source == "shared"
        merged.append(
            {
                "id": id_,
                "name": name,
                "form": form,
                "copies": copies,
                "source": source,
                "for": [item["id"] for item in users] or ["registration"],
                "status": "needed" if sure else "perhaps",
                "note": None,
                "issued_by": issued_by,
                "tips": tips,
            }
        )
    return merged


def vetoes(place: str | None, fumes: object) -> list[dict[str, Any]]:
    """The red light on cooking fumes in a residential building."""
    if place != "home" or fumes is False:
        return []
    return [
        {
            "id": "fumes-at-home",
            "name": "居民楼里不能开有油烟的饭店",
            "status": "perhaps" if fumes is None or fumes == "unknown" else "needed",
            "say": "住宅楼里、没有专用烟道的商住楼里，不能新开产生油烟的饭店。开了也会被责令关掉。",
            "way_out": "换一个有专用烟道的商铺，或者只做不产生油烟的饮品、凉食。签租房合同之前，先到窗口问清楚。",
            "reason": "因为店开在住宅楼里，又会产生油烟",
            "basis": basis("air"),
        }
    ]


def extras() -> dict[str, Any]:
    """What does not hang on the answers."""
    return {
        "duties": [
            {
                "id": "health",
                "name": "健康证每年办一次",
                "status": "needed",
                "say": "接触直接入口食品的人，每年体检一次，拿到健康证才能上岗。",
                "reason": "因为您做餐饮",
                "basis": basis("food"),
            },
            {
                "id": "gas",
                "name": "装燃气泄漏报警器",
                "status": "perhaps",
                "say": "用燃气的餐饮店要装报警器，并保证能用。",
                "reason": "因为您可能用燃气",
                "basis": [],
            },
        ],
        "unset": [
            {
                "id": "small-catering",
                "name": "小餐饮登记",
                "kind": "item",
                "params": [{"id": "small_catering_max", "label": "小餐饮的面积上限"}],
                "say": "本地没有设定「小餐饮的面积上限」，要不要办小餐饮登记，以窗口为准。",
            }
        ],
        "notices": [
            {
                "id": "takeaway",
                "say": "上外卖平台之前，先把许可证办下来。",
                "status": "needed",
                "reason": "因为您可能做外卖",
                "basis": [],
            }
        ],
        "nothing_needed": None,
        "not_needed": [
            {"id": "hygiene", "name": "公共场所卫生许可", "reason": "饭馆、咖啡馆已经不用办这个证"},
            {"id": "eia", "name": "环境影响登记表", "reason": "餐饮服务不在名录里"},
        ],
        "assumptions": [{"fact": "entity", "say": "您没有说主体，按「个体户」算。"}],
        "disclaimer": "这份清单按您的回答整理，只作参考，结果以窗口受理为准。",
        "as_of": "2026-11-22T10:00:00+08:00",
    }
