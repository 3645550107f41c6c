"""How Chinese asks: for which kind of answer, may or must, negated or not, and what is mere politeness. Data alone.

Simplified characters.
"""

from knowledge.scope.chinese.wording import groups, listed
from knowledge.scope.kinds import Kind

_PERIODS = "天 日 晚 年 周 星期 个星期 个礼拜 个月 小时 个小时 个钟头 分钟 个工作日 工作日 秒"
_COUNTED = "个 位 名 台 件 张 本 份 种 条 只 家 间 辆 款 项 瓶 杯 盒 门 节 套 人"

# Words that ask; what stands earlier here tells more than what stands later.
ASKING: dict[Kind, frozenset[str]] = {
    Kind.REASON: listed("为什么 为何 为啥 怎么会 怎么不 怎么没 怎么没有 怎么总是 怎么老是 咋不 咋没 什么原因 怎么回事"),
    Kind.FREQUENCY: listed("多久一次 几天一次 多长时间一次 几个月一次 几年一次 隔多久 每隔多久"),
    Kind.PRICE: listed(
        "多少钱 是多少钱 为多少钱 花多少钱 要花多少钱 花费多少 几块钱 几块 几元 几毛 多少元 多少块 多少块钱 什么价 "
        "什么价格 什么价位 怎么卖 怎么收费 如何收费 收费多少 几钱"
    ),
    Kind.AGE: listed("几岁 多少岁 多大年纪 多大岁数"),
    Kind.MEASURE: listed("多重 多大 多高 多远 多宽 多快 多深 多厚"),
    Kind.DURATION: listed("多久 花多久 花多长时间 多长时间 多少时间 多长 多长期限")
    | {ask + period for ask in ("几", "多少") for period in _PERIODS.split()},
    Kind.TIME: listed(
        "什么时候 啥时候 何时 几时 几点 几点钟 几号 几月 几月几号 哪天 哪一天 哪年 哪一年 哪个月 什么时间 啥时间 "
        "什么日期 多会儿 星期几 周几 礼拜几"
    ),
    Kind.PLACE: listed("哪里 哪儿 在哪 什么地方 啥地方 何处 什么位置 哪个地方 去哪 到哪 上哪"),
    Kind.PERSON: listed("谁 哪位 什么人 哪个人 何人 哪些人 啥人"),
    Kind.COUNT: listed("多少 几") | {ask + one for ask in ("几", "多少") for one in _COUNTED.split()},
    Kind.MANNER: listed(
        "怎么 怎样 怎么样 如何 咋 咋样 咋办 怎么办 怎么办理 怎么处理 如何处理 如何办理 怎么弄 怎么做 怎么才能 "
        "如何才能 怎样才能 怎么操作 如何操作 咋弄 怎样办理"
    ),
    Kind.THING: listed("什么 啥 哪些 哪个 哪种 哪款 哪家 哪一个 哪几个 何种 哪类"),
}

# Nouns that ask where nothing else does, or beside a mere what: 价格, 价格是多少; but not 怎么改地址.
NOUNS: dict[Kind, frozenset[str]] = {
    Kind.REASON: listed("原因"),
    Kind.PRICE: listed("价格 价钱 价位 售价 费用 收费 收费标准 资费"),
    Kind.FREQUENCY: listed("频率"),
    Kind.AGE: listed("年龄"),
    Kind.DURATION: listed("时长 期限"),
    Kind.TIME: listed("时间 日期"),
    Kind.PLACE: listed("地址 位置 地点"),
    Kind.MANNER: listed("流程 步骤 方法 办法 方式 手续 操作流程 操作步骤"),
}
PRICED = "费价金薪"  # the price of it is asked for: 运费是多少

FINE = groups(  # what the words of one kind still tell apart, where both sides say it
    """
    几点 几点钟 / 哪天 几号 几月几号 哪一天 星期几 周几 礼拜几 什么日期 / 哪个月 几月 / 哪年 哪一年 /
    多重 / 多大 / 多高 / 多远 / 多宽 / 多快 / 多深 / 多厚 / 怎么办 咋办 怎么处理 如何处理 /
    怎么 怎样 如何 咋 怎么办理 如何办理 怎样办理 怎么才能 如何才能 怎样才能 怎么操作 如何操作
    流程 步骤 方法 办法 方式 手续 操作流程 操作步骤
    """
)
WHOM = "(?:(?:应该|该|要|需要)?(?:找|联系|归|由)(?:谁|哪位|什么人)(?:来?(?:管|负责))?|(?:谁|哪位|什么人)来?(?:管|负责))"
DONE = "(?:了|过)(?:吗|没有?)?$"  # 发了吗 is not 会发吗

WHETHER = listed("吗 嘛")
MODALS = groups(
    """
    may 可以 能 可 能够 允许 准许 行 可行 支持 让 /
    must 需要 必须 必需 一定要 非得 非要 须 得 要 需 得要 应该 应当 / have 有 提供 设有 存在 / will 会
    """
)
# 用不用, 能否, 有无 and their like ask whether, and say what stands here besides.
ALTERNATIVES = groups(
    """
    需要 用不用 是否需要 是否要 / 可以 能否 可否 是否可以 是否能 是否能够 是否允许 / 有 有无 是否有 有否 /
    会 是否会 / 是 是否
    """
)

# What may be cut out though it is a single character, and where it is part of another word.
SINGLE = (
    "[几吗谁啥咋不没]|(?<!应)该|(?<![功性节智可技职])能(?![量源耗力])"
    "|(?<![需重主必只首不])要(?![求素点紧])|(?<![没所拥具只])有(?![效限关名点])"
)

NEGATIONS = listed(
    "不 没 没有 未 别 无 勿 非 禁止 无法 不能 不可以 不可 不用 不需要 不要 不必 无需 不会 不是 不得 尚未 未能 没法 "
    "没能 不让 不准 不许 不允许"
)
NO_NEGATION = listed(  # such a character in them, and no negation
    "不同 不错 不锈钢 不仅 不但 不过 不管 不论 不动产 不久 不好意思 对不起 差不多 不断 不良 特别 别人 别的 别墅 "
    "级别 类别 性别 区别 识别 分别 个别 鉴别 辨别 未来 没关系 无线 无线网 无线网络 无人机 无锡 无障碍 非常 非洲 "
    "除非 并非 无论 无忧 不限 未成年 未成年人 无纺布 无糖 南非 不干胶 不满意"
)
MUSTS_NOT = groups(  # negated must
    """
    must 不用 不需要 不要 不必 无需 / may 不能 不可以 不可 无法 没法 不让 不准 不许 不允许 禁止 未能 没能 /
    will 不会 / have 没有
    """
)

_WANT = "我?想要?(?:请教|咨询|了解|知道|问|查询|打听|确认)(?:一下|下)?"
_TELL = "(?:你|您|你们|谁|有人|有没有人|大家)?(?:能不能|可以|能|可否|能否)?(?:告诉|告知)(?:我|一下|下|我们)+"
_KNOW = "(?:你|您|谁|有谁|有人|大家|有没有人)?知(?:不知)?道(?!了)"
FRAME = (  # how a polite question begins
    "(?:(?:你好|您好|哈喽|嗨|hi|hello|请问|请教|问一下|问下|问问|打听一下|打扰一下|打扰了?|麻烦|劳驾|亲|那个|"
    f"{_WANT}|我?(?:要|需要)(?:咨询|了解|问)(?:一下|下)?|{_TELL}|{_KNOW}|帮我?(?:查|问|看)(?:一下|下|看)|咨询(?:一下|下)|关于|请)"
    r"[\s,，:：、。!！?？]*)+"
)
ENDING = (  # and how it ends
    r"(?:[\s,，。!！~]*(?:谢谢|多谢|谢了|谢啦|啊|呀|呢|哦|噢|哈|啦|呐|来着|在线等|急|求助|求解|求告知))+$"
)
