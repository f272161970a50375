"""A set of facts for each kind of paper."""

from datetime import UTC, date, datetime

from miniapp_api.papers.kinds import KINDS

FACTS = {
    "accepted_by": "李敏",
    "accepted_on": date(2026, 11, 25),
    "agent": "王小明",
    "applicant": "张大山",
    "approved_by": "本机关负责人",
    "basis": "《中华人民共和国行政许可法》第三十二条",
    "case_number": "420300202611250000018",
    "cause": "检验",
    "checklist": [
        {"name": "食品经营许可申请书", "form": "原件", "copies": 1, "sample": "窗口可取"},
        {"name": "营业执照复印件", "form": "复印件", "copies": 2},
    ],
    "commitments": ["填写的内容真实、准确", "符合告知的全部条件"],
    "competent_body": "十堰市公安局",
    "conditions": ["有固定的经营场所", "有与经营的食品品种、数量相适应的设备"],
    "consequences": ["承诺不实的，撤销决定", "情节严重的，依法处理"],
    "contact": "李敏 0719-0000001",
    "correct_by": date(2026, 12, 9),
    "decided_on": date(2026, 12, 18),
    "decision": "准予从事餐饮服务",
    "deliver_by": date(2027, 1, 4),
    "delivered_at": datetime(2026, 12, 21, 2, 5, tzinfo=UTC),
    "disclosed": True,
    "documents": ["准予行政许可决定书 十行审准字〔2026〕第00001号", "食品经营许可证"],
    "due_after": date(2027, 1, 8),
    "due_before": date(2026, 12, 23),
    "ended_on": date(2026, 12, 11),
    "expires_on": date(2026, 12, 31),
    "fees": "不收费",
    "informed_by": "李敏",
    "item": "食品经营许可",
    "licence": "食品经营许可证 JY24203000000001",
    "limit": "法定二十个工作日，承诺五个工作日",
    "materials": [
        {"name": "食品经营许可申请书", "form": "原件", "copies": 1},
        {"name": "经营场所平面图，标明操作间、就餐区和卫生间的位置、面积", "form": "复印件", "copies": 2},
    ],
    "missing": ["平面图没有标尺寸：请标明操作间的长和宽", "从业人员健康证明：缺两人的"],
    "owed": ["从业人员健康证明"],
    "owed_how": "到窗口交，或者寄来",
    "owed_until": date(2026, 12, 9),
    "place": "十堰市政务服务大厅 A12 窗口",
    "promised_due": date(2026, 12, 2),
    "provisional": False,
    "query_code": "7Q4M2K",
    "reasons": "经营场所在禁止区域内，不符合规定的条件",
    "received_at": datetime(2026, 11, 25, 1, 5, tzinfo=UTC),
    "received_by": "李敏",
    "reply_by": date(2026, 12, 2),
    "scope": "热食类食品制售",
    "signed_by": "张大山",
    "signed_on": date(2026, 12, 21),
    "situation": "新开业、个体工商户",
    "statutory_due": date(2026, 12, 23),
    "stopped_on": date(2026, 11, 27),
    "supervision": "决定以后二十个工作日以内到现场核查",
    "valid": "五年，到2031年12月17日",
    "way": "窗口领取",
    "withdrawn_on": date(2026, 11, 30),
    "workdays": 15,
}


def facts_of(kind, *, optional=True, **changed):
    """Give the facts of a kind, with or without those that may be absent."""
    names = (*KINDS[kind].needs, *(KINDS[kind].may if optional else ()))
    return {name: FACTS[name] for name in names} | changed
