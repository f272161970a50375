"""The words of the language that the reading rules rely on. Data only.

All entries are in normalised form (simplified, half-width, lower case). Words of one theme (its
options, its facts) come from the theme file, never from here.
"""

from __future__ import annotations

from typing import Final


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


# ---------------------------------------------------------------- numerals

NUMERAL_DIGITS: Final[dict[str, float]] = {
    "零": 0, "〇": 0, "一": 1, "壹": 1, "幺": 1, "二": 2, "贰": 2, "两": 2, "俩": 2,
    "三": 3, "叁": 3, "仨": 3, "四": 4, "肆": 4, "五": 5, "伍": 5, "六": 6, "陆": 6,
    "七": 7, "柒": 7, "八": 8, "捌": 8, "九": 9, "玖": 9,
}  # fmt: skip
NUMERAL_TENS: Final[dict[str, float]] = {
    "十": 10, "拾": 10, "百": 100, "佰": 100, "千": 1000, "仟": 1000, "k": 1000,
}  # fmt: skip
NUMERAL_MYRIADS: Final[dict[str, float]] = {"万": 10_000, "w": 10_000, "亿": 100_000_000}
NUMERAL_SHORT: Final[dict[str, float]] = {"廿": 20, "卅": 30, "卌": 40}

IDIOM_NUMERALS: Final[dict[str, tuple[float, float]]] = {
    "百儿八十": (80, 120), "百八十": (80, 120), "百十来": (90, 120), "百十": (90, 120), "百把": (90, 120),
    "千儿八百": (800, 1200), "千八百": (800, 1200), "千把": (900, 1200),
    "万儿八千": (8000, 12000), "万八千": (8000, 12000), "万把": (9000, 12000),
}  # fmt: skip
"""Fixed expressions for round numbers; 现代汉语词典 glosses 百儿八十 as 一百左右."""

NUMERAL_COMPOUNDS: Final = _words("""
    千万别 千万不 千万要 万一 一一 百分之 百分百 三三两两 一五一十 五一 十一假 一下 一些 一点 一起 一般 一定
    一直 一样 一共 一切 一边 一旦 一时 一会 一半 统一 唯一 专一 十堰 三鲜 五香 八宝 百姓 百货 千家 万家 万达
    一带 一条龙 二手 三明治 三文鱼 四川 九江 两边 两样 第一次 一次性 一块儿 一路 一分钱 十全 十里八乡
""")
"""Words that contain a numeral and are no number; they are skipped when nothing of the theme claims them."""

# ---------------------------------------------------------------- units

UNIT_GROUPS: Final[dict[str, dict[str, float]]] = {
    "m2": {
        "平方米": 1, "平米": 1, "平方": 1, "平": 1, "m2": 1, "sqm": 1, "方": 1, "平方公尺": 1,
        "亩地": 2000 / 3, "亩": 2000 / 3, "公顷": 10_000,
    },
    "wan": {"块钱": 1e-4, "块": 1e-4, "元钱": 1e-4, "元": 1e-4, "人民币": 1e-4, "rmb": 1e-4},
    "yuan": {"块钱": 1, "块": 1, "元钱": 1, "元": 1, "人民币": 1, "rmb": 1},
    "person": {"个人": 1, "号人": 1, "口人": 1, "人": 1, "名": 1, "位": 1, "个": 1},
    "m": {"米": 1, "公尺": 1, "m": 1, "公里": 1000, "千米": 1000, "km": 1000, "里地": 500, "里路": 500},
    "floor": {"层": 1, "楼": 1},
    "table": {"张桌子": 1, "个桌子": 1, "张桌": 1, "张台": 1, "张": 1, "桌": 1, "个": 1, "台": 1},
    "seat": {"个座位": 1, "个位子": 1, "个座": 1, "座位": 1, "座": 1, "个": 1},
    "day": {"天": 1, "日": 1, "周": 7, "星期": 7, "礼拜": 7, "个月": 30, "年": 365},
}  # fmt: skip
"""By unit of a fact: the words for it, and how many of the fact's unit one of each is."""

UNIT_NAMES: Final[dict[str, str]] = {
    "平方米": "m2", "㎡": "m2", "平": "m2", "m²": "m2", "万元": "wan", "万": "wan", "元": "yuan", "人": "person",
    "名": "person", "米": "m", "层": "floor", "张": "table", "桌": "table", "张桌子": "table", "座": "seat",
    "个座位": "seat", "天": "day",
}  # fmt: skip
"""Other spellings of a fact's unit."""

STRONG_UNITS: Final = frozenset({"m2"})
"""Units so telling that a number with one needs no other word to find its fact."""

OTHER_UNITS: Final = _words("""
    号楼 号 栋 幢 单元 室 层 楼 年 月份 月 日 天 点半 点钟 点 小时 分钟 秒 岁 次 遍 题 个月 届 期 家 % 折 路
    公里 里 米 人 名 位 个 张 桌 台 辆 斤 公斤 kg 吨 t 升 kw 千瓦 寸 样 种 类 项 道 份 套 间 条 根 口 块 元 分
    级 步 代 杯 瓶 箱 包 部 本 厘米 cm 星期 礼拜 周 度 环
""")
"""Measures that a number may carry; where no fact accepts the measure, the number is none of ours."""

UNIT_NOT_BEFORE: Final[dict[str, str]] = {
    "平": "均时常台价房面层整安", "方": "便面式法案形向桌", "人": "民均工气家", "块": "地", "米": "饭粉线面皮酒糕",
    "个": "体性", "位": "置于", "名": "字称", "点": "心菜餐单", "家": "常", "里": "面边",
    "包": "子间厢装", "分": "店公", "道": "路", "代": "办理", "号": "召",
}  # fmt: skip
"""A unit is none if one of these characters follows (三百平房, 二人民…)."""

BELOW: Final = _words("""
    不到 不足 不满 不够 没到 没有 没满 没 未满 未到 未达到 小于 低于 少于 没得 莫得 冇得
""")
"""Before a number: less than it, itself excluded (民法典第一千二百五十九条：不满、超过、以外不包括本数)."""

AT_MOST: Final = _words("""
    不超过 没超过 未超过 不超 没超 没过 不大于 不多于 不高于 最多 至多 顶多 撑死 最大 上限 充其量 满打满算
""")
"""Before a number: up to it, itself included."""

ABOVE: Final = ("超过", "大于", "高于", "多于", "超出", "超了", "超", "过了", "大过", "不止", "过")
AT_LEAST: Final = _words("""
    至少 起码 最少 最小 不少于 不小于 不低于 不下于 不下 达到 有上
""")
NEARLY: Final = ("将近", "接近", "快到", "快有", "快要", "快", "近", "差点", "差一点")
"""Before a number: a little less than it (within a tenth)."""

ABOUT: Final = _words("""
    大概其 大概 大约 约莫 约 大致 大体 差不多 估计 估摸 估 可能 应该 好像 似乎 目测 也许 或许 印象中 记得 听说
    大差不差 左不过 恐怕 怕 毛估
""")

AFTER_MORE: Final = ("多", "余", "几", "好几", "大几")
AFTER_AROUND: Final = ("来", "把")
AFTER_A_LITTLE_MORE: Final = _words("""
    出头 挂零 冒头 有余 冒尖 多一点 多一点点 多点 多些 多一些 出点头
""")
AFTER_ABOUT: Final = ("左右", "上下", "前后", "的样子", "样子", "那么大", "这么大", "那样", "大小")
AFTER_AT_LEAST: Final = ("及以上", "或以上", "以上", "往上", "朝上", "打底", "起步", "起")
AFTER_AT_MOST: Final = ("及以下", "或以下", "以下", "往下", "以内", "之内", "封顶", "内")
AFTER_BELOW: Final = ("都不到", "还不到", "不到", "不足", "都没有", "都没到", "没到", "未满")
AFTER_NEARLY: Final = _words("""
    不到一点 不到点 不到一些 差一点点 差一点 差点 少一点 少点 缺一点 还差点 不到些
""")
AFTER_ABOVE: Final = ("以外", "之外", "开外", "不止", "还不止", "还要多", "还多", "+")

NUMBER_FILLERS: Final = (
    *_words("""
    一共 总共 合计 加起来 实际 是 有 个 得 要 在 也 就 才 到 能 会 用 着 了 的 共 我 这
    那 吧 还 都 只 总 摸 : ： 得有
"""),
    " ",
)
"""What may stand between 大概, 不到 … and the number."""

RANGE_JOINERS: Final = ("到", "至", "-", "~")

ALIEN_NUMBER_CUES: Final = _words("""
    租金 房租 租费 转让费 转让 押金 电话 手机 微信 月租 年租 每月 每年 一年 一个月 每天 人均 客单价 工资 贷款
    今年 明年 去年 号线 价格 价钱 利润 营业额 水费 电费 物业费 公摊 距离 离 门牌 营业时间 开门 租期
""")
"""Words that claim a number for something no theme asks."""

PART_CUES: Final = _words("""
    其中 厨房间 厨房 后厨 操作间 包间 包厢 大厅 仓库 院子 阁楼 卫生间 前厅 吧台 专间 备餐间 库房 外摆 单间
    粗加工间 凉菜间 更衣室 夹层
""")
"""A size after one of these is the size of a part, not of the whole."""

LOW_SIDE: Final = _words("""
    不到 没到 不足 不够 没超 没超过 不超 不超过 没过 没有 没那么大 没那么多 没这么大 没这么多 没得 以内 以下 之内 里面
    小于 少于 低于 在内 小 少 不会超 前者 左边 小一点 少一点 小点 少点
""")
HIGH_SIDE: Final = _words("""
    超过 超了 超出 超 以上 之上 大于 多于 高于 过了 不止 到了 达到 有 大 多 往上 后者 右边 大一点 多一点 大点 多点
""")
"""Short answers to the question on which side of a threshold a number lies."""

# ---------------------------------------------------------------- floors

GROUND_WORDS: Final = ("底层", "首层", "底楼", "平街层", "临街一层")
BASEMENT_WORDS: Final = ("半地下室", "地下室", "地下", "地库", "负层", "半地下", "下沉层")
FLOOR_COUNT_CUES: Final = ("总共", "一共", "上下", "共", "整", "有", "全部", "带", "里外", "隔", "隔了", "隔着")
FLOOR_TOPICS: Final = ("楼层", "几楼", "几层", "第几层", "层数")
SIZE_TOPICS: Final = ("面积", "多大", "平方数", "平米数")
"""Names for any fact about storeys, about a size."""

# ---------------------------------------------------------------- the clause

HARD_BREAKS: Final = "，。；：？！,.;:?!\n…|/"
SOFT_BREAKS: Final = " "
JOINERS: Final = _words("""
    、 以及 还是 或者 或 和 跟 与 及 同 加上 外加 加 带 兼 + &
""")
TURNS: Final = _words("""
    但是 但 不过 可是 然而 然后 另外 此外 而且 并且 同时 只不过 反正 所以 因为 因此 对了 还有就是 再就是 再一个
""")
"""Connectives that begin a new clause."""

NEGATORS: Final = _words("""
    不 没 没有 无 未 非 没得 冇 冇得 么得 木有 木得 莫得 毋 并非 并没有 并没 并不 并无 不再 绝不 从不 从来不
    从没 从来没 从未 尚未 尚无 未曾 暂无 暂不 没法 没办法 拒绝 没啥 杜绝 不带 不含 不包括 不包含 不涉及 毫无 别
    甭 不得 不曾 没的 唔 勿 缺 缺少 免
""")

POSITIVE_WITH_NEGATOR: Final = _words("""
    不得不 不仅仅 不仅 不但 不光 不只 不止 没错 没问题 非常 无非 不管 不论 无论 不好意思 不过 不然 要不然 要不
    不错 差不多 不久 不同 不少 没事 不客气 不如 别墅 别人 个别 特别 分别 级别 类别 性别 区别 不锈钢 不动产 未来
    莫非 无锡 无线 不断 无骨 除非 没关系 不用说 不用问 别急 不急 不怕 少不了 免不了 不瞒你说 非得 无限 别克 没准
    免费 不只是 不单 不单单 不外乎 没多久 不大不小 不太 不怎么 听不懂 没听懂 听不明白 没听明白
""")
"""Words with a negating character that negate nothing. 不太, 不怎么 are taken back in `SOFT_NEGATORS`."""

PREFIX_NEGATORS: Final = ("无", "非", "免", "未")
"""Negators that belong to the next word only (无烟烧烤)."""
EXISTENTIAL_NEGATORS: Final = (
    "没有",
    "没得",
    "没的",
    "冇",
    "么得",
    "木有",
    "木得",
    "莫得",
    "无",
    "并无",
    "尚无",
    "暂无",
)
"""Negators that deny by themselves that something is there."""

SOFT_NEGATORS: Final = ("不太", "不怎么", "基本不", "基本没", "很少", "几乎不", "几乎没")
"""Negators that leave a little: read as no, marked approximate."""

VERBS: Final = _words("""
    有 卖 做 要 是 在 开 搞 弄 整 经营 销售 售卖 出售 供应 提供 装 安装 安 挂 用 使用 设 设置 会 能 想 打算 准备
    计划 考虑 接 上 办 办理 办了 申请 配 配送 送 烧 产生 需要 需 属于 位于 租 租的 租了 盘 盘了 盘下 接手 雇 请
    招 干 制作 加工 摆 放 搭 建 改 拿 领 涉及 包括 包含 选 选择 算 属 存在 具备 自带 带有 现做 现卖 外送 入驻
    上线 预备 决定 愿意 喜欢 主营 主打 主做 主要做 主要卖 增加 新增 留 留了 走 接入 排 排到 接到 进 吃 涮 炒 烤
    煮 蒸 炸 煎 烙 泡 榨 调 煲 卤 拌 蹲 住 开在 找 看中 看上 打 登记 注册 已经有 可以 行 该 应 订 贩 批发 零售
    兜售 捎带 顺带 顺便 花 花钱 通 被 挨 挨着 紧挨 紧挨着
""")
ONLY_WORDS: Final = _words("""
    只 光 仅 单 纯 只是 仅仅 单纯 专门 专 纯粹 只有 净 清一色
""")
EXCEPT_WORDS: Final = ("除了", "除去", "除开", "除却", "除", "去掉", "刨去", "刨除", "排除")
EXCEPT_ENDS: Final = ("以外", "之外", "外")
ALL_WORDS: Final = (
    "都",
    "全",
    "全都",
    "全部",
    "统统",
    "通通",
    "全部都",
    "样样",
    "样样都",
    "样样俱全",
)
REST_WORDS: Final = _words("""
    别的什么 别的 其他的 其它的 其余的 其他 其它 其余 剩下的 剩下 另外的 旁的 余下的 任何其他
""")
NOTHING_MORE: Final = _words("""
    就这些 就这个 就这几样 就这几种 就这一样 就这 就这么多 没别的了 没别的 没有别的 没其他的 没有其他 没有其它
    没其他 没了 没有了 仅此而已 就酱 再没有了 再没了 就这样 就这两样 没啥别的 再没别的
""")
ALSO_WORDS: Final = (
    "也",
    "还",
    "又",
    "再",
    "同样",
    "仍",
    "仍然",
    "依然",
    "还要",
    "也要",
    "也会",
    "还会",
)

MODALS: Final = _words("""
    需要 要 能 可以 用 得 必须 算 行 允许 可不可以 能不能
""")
QUESTION_WORDS: Final = _words("""
    什么 啥 哪些 哪里 哪儿 哪个 哪 怎么 咋 多少 多大 几个 几张 为何 谁 如何 怎样 咋样 多久 多长 几时 甚么 啷个
    么子 咋个 哪样
""")
QUESTION_TAILS: Final = ("吗", "嘛?", "么", "不", "没", "不成", "没有")
A_NOT_A: Final = (
    r"有没有|有无|是不是|是否|能否|可否|需不需要|打不打算|"
    r"(?P<v>[要卖做用装挂办开会能算在接搞需带行可])(?:不|没)(?P=v)(?:以)?"
)
PERMISSIONS: Final = frozenset({"能否", "可否", "可不可以", "能不能", "行不行", "可不可"})
"""Forms of A_NOT_A that ask leave: 卖凉菜可不可以 says that one means to."""

EVASIONS: Final = _words("""
    不知道 不知 不晓得 不清楚 不太清楚 不大清楚 不是很清楚 不太确定 不确定 没确定 还没确定 没想好 没有想好
    还没想好 没考虑好 没考虑 没决定 还没定 没定下来 没定 未定 待定 说不好 说不准 说不清 说不来 不好说 不敢说
    搞不清 搞不懂 弄不清 闹不清 搞不清楚 弄不清楚 吃不准 拿不准 拿不定 记不清 记不得 不记得 忘了 忘记了 没注意
    没留意 没问过 没量过 没有量过 没算过 没统计过 没数过 看不出来 未知 不详 没打听 没研究过 没了解 不了解
    不太了解 不懂 不太懂 没谱 心里没数 没数 鬼知道 谁知道 天知道 哪知道 哪晓得 哪个晓得 没概念 再看看 看情况
    到时候再说 到时再说 以后再说 再说吧 还在犹豫 还在考虑 纠结 不造 母鸡 唔知 布吉岛 不明白 不明确 不好讲 讲不清
    没把握 没底 没个准 没准儿 没准 不一定 未必 说不定 不见得 还不一定 两可 可能有可能没有 看不懂 没看懂 不会填
    不会选 没主意 我咋知道 咋知道 怎么知道 哪里知道 哪个知道 我怎么知道
""")
INDIFFERENT: Final = _words("""
    随便 随意 都行 都可以 无所谓 怎么都行 您看着办 你看着办 看着办 你定 您定 你说了算 跳过 略过 pass 先跳过
    下一题 下一个 先不说 先不答 不想说 不方便说 保密 不告诉你 随你 随您 随便你 任意 你随便
""")

REPAIRS: Final = _words("""
    不对不对 不对 说错了 讲错了 打错了 写错了 填错了 选错了 点错了 搞错了 弄错了 答错了 错了 哦不 噢不 啊不 更正
    更正一下 纠正一下 改口 说反了 口误 手滑
""")

FILLERS: Final = _words("""
    我们 咱们 咱 俺们 俺 我 你们 您 你 他们 他 它 这个 那个 这里 那里 这边 那边 这 那 的 地 得 了 呢 啊 呀 哦 噢
    喔 嘛 吧 哈 呗 哟 哒 滴 咯 啦 哩 诶 唉 欸 嗯 额 呃 个 些 点 一点 一些 一个 几个 一下 一家 一间 店里头 店里
    店内 店 家 里面 里头 里 那种 这种 什么的 之类的 之类 啥的 等等 等 其实 主要 一般 基本上 基本 现在 目前 暂时
    就 才 已经 已 刚 刚刚 正在 过 着 给 把 让 从 对 于 为 自己 今后 以后 将来 今天 比较 很 太 挺 专门的 几样
    一样 几种 的话 话 时候 也就是 也就 最后 先 后 请问 你好 您好 哎 喂 嗨 hi hello 好的 好吧 好嘞 ok okay 可能
    大概 好像 估计 应该 似乎 也许 或许 大约 差不多 肯定 当然 确实 必须 一定 绝对 真的 真 哈哈 呵呵 那就 那么
    然后呢 总之 比如 例如 像 本来 原来 总共 一共 共 大小 左右 上下 会儿 东西 老板 同志 师傅 小姐姐 亲 面积 位置
    地点 地方 地址 十堰 餐馆 饭店 餐厅 饭馆 馆子 餐饮店 店铺 铺子 铺面 门面 店面 门店 打算开 想开 多大 到 下来
    起来 好了 一直 经常 平时 偶尔 有时候 有时 有点 有些 有人 所有 所有的 各种 各类 部分 一部分 还是 第 一分钱
    上面说的 上面的 上面 以上 这些 这几个 这几样
""")
HEDGES: Final = _words("""
    可能 大概 好像 估计 应该 似乎 也许 或许 差不多 多半 八成 恐怕 貌似 没准 我猜 我觉得
""")

YES_WORDS: Final = frozenset(
    _words("""
    是 对 有 要 会 嗯 恩 行 好 中 成 可 可以 当然 肯定 必须 必须的 没错 确实 对头 要得 得行 没问题 木问题 可不
    可不是 那是 yes y ok okay true yep yeah 1 正确 正是 就是 就是的 对滴 嗯嗯 嗯呐 昂 啊 是滴 有滴 好嘞 得嘞
    需要 系 系啊 是嘞 必须有 肯定有 当然有 自然 那当然 可以有 照办 同意 确认 确定 妥 妥了 没毛病 √ 不错 有啊
    有的 是的 对的 要的 会的 好的 都对 全对 对呀 安排 收到 中嘞 是这样 是这样的 对着呢 对着
""")
)
NO_WORDS: Final = frozenset(
    _words("""
    不 不是 没 没有 没得 么得 冇 冇得 无 木有 木得 莫得 不要 不用 不会 不需要 否 no n not false nope 2 × 不行
    不对 错 错了 不存在 别 免了 未 暂无 没呢 没的 哪有 不搞 不弄 0 甭 不可能 不成 不中 不得 唔系 唔要 非也
    算了吧不要 不必 不必了 用不着 用不上 没那回事 没这回事 没有的事 哪能 哪会 怎么会 怎么可能 才不 才没有 并没有
    绝对没有 不好 有个屁 有啥
""")
)

ANSWER_STARTS: Final = _words("""
    我们 我 店里 这些 上面的 上面 以上的 目前 暂时 反正 那 就 应该 好像 那个 嗯 呃 其实 倒是 基本 我觉得 我说
""")
ANSWER_ENDS: Final = _words("""
    了 的 啊 呢 吧 呀 哦 嘛 哈 啦 咯 呗 额 滴 嘞 喽 噢 诶
""")
"""Around a short answer, these say nothing."""

NONE_PHRASES: Final = _words("""
    以上都没有 以上都不是 以上都不 以上均无 以上均不 都没有 都不是 都不卖 都不做 都不要 都不用 都不需要 都没
    都不 全没有 全都没有 全部没有 一个都没有 一个也没有 一样都没有 一样也没有 一种都没有 什么都没有 什么都没
    啥都没有 啥也没有 啥都没 什么也没有 哪个都不是 哪个都没有 统统没有 一项都没有 一项也没有 一个都不 都不沾
    都没得 哪样都没有 都不涉及 均无 均不涉及 都冇 都木有 没一个 没有一个 一个没有 一样没有 什么都不卖 什么都不做
    啥都不卖 都莫得 上面都没有 上面都不是 这些都没有 这些都不是 这些都不卖
""")
ALL_PHRASES: Final = _words("""
    以上都有 以上都是 以上都卖 以上都做 以上全部 都有 都要 都卖 都做 都是 全都有 全都要 全都卖 全部都有 全部都要
    全部都卖 全部 全选 全要 全有 全卖 全做 全都做 统统有 统统都有 统统都卖 统统 样样都有 样样有 样样都卖
    什么都有 什么都卖 什么都做 啥都有 啥都卖 啥都做 这些都有 这些都卖 这些都做 上面都有 上面的都有 上面的都卖
    每样都有 每种都有 每样都卖 通通都有 通通要 全都 都会有 都会卖 都会做 都用 都用到 全用 都搞 都弄 都沾 都涉及
    全都是
""")

DISTRICT_SUFFIXES: Final = _words("""
    经济技术开发区 经济开发区 自治县 开发区 新区 区 县 市 镇 乡 旗
""")
GENERIC_NAME_PARTS: Final = _words("""
    许可证 许可 备案 登记 办理 安全 经营 设置 审批 手续 证明 使用 信息 新办 营业 建设 工程 食品 场所 不能 管理 规范
    有油烟 餐饮
""")
"""Parts that many names of matters share; alone they name none."""

TELLING_VERBS: Final = frozenset(
    _words("""
    卖 售 销售 售卖 出售 经营 供应 请 雇 招 开 租 挂 摆 烧 吃 加盟 入驻
""")
)
"""Verbs that tell what they are about: 不卖 is no answer to a question whether there is a flue."""

NONE_LABEL_STARTS: Final = _words("""
    以上都 都没 都不 没有 还没 没 无 未 暂无 尚未 否 不需要 不用 不打算 不卖 不做 不装 不要
""")
NONE_LABEL_LENGTH: Final = 5
"""An option of a choice whose label is at most so long and begins so is what a bare no means."""

PROCEDURE_QUESTIONS: Final = _words("""
    要办 办什么 办啥 办哪些 怎么办理 怎么办手续 需要什么 需要啥 需要哪些 要什么手续 什么手续 哪些手续 啥手续
    什么证 哪些证 啥证 流程 去哪里办 去哪办 到哪办 找谁 在哪办 要哪些 带什么 什么材料 哪些材料
""")
"""Asking about the procedure is no answer to a question."""

ALONE: Final = _words("""
    就我自己 就我一个 只有我 我一个人 我自己一个 自己一个人 就自己 就两口子 就我俩 我们两口子 夫妻俩 我们俩
""")
"""To a question how many one hires: nobody."""
HIRING: Final = ("请", "雇", "招", "聘")

TOPIC_ENDS: Final = ("的话", "呢", "嘛", "么", "吗", "这块", "方面", "这个", "那个", "这个事")
WEAK_ANSWERS: Final = frozenset(
    _words("""
    好 好的 啊 嗯 恩 嗯嗯 昂 收到 1 ok 行 可 成 对 是 是的 对的 不 不是 不对 错 错了
""")
)
CORRECTIVE: Final = ("应该是", "应是")
