"""Lists of words that the rules of `text.py` read: abbreviations, sentence starters, stop words. Nothing but data."""


def _listed(words: str) -> frozenset[str]:
    return frozenset(words.split())


# Abbreviations after which a sentence always goes on.
NEVER_LAST = _listed(
    """
    mr mrs ms mx dr prof gen col capt cpt lt sgt cmdr adm rev hon gov sen rep pres messrs mme e.g eg i.e
    ie cf vs v viz approx ca incl excl esp
    """
)

# Abbreviations that take a number: No. 5, Jan. 3.
BEFORE_NUMBER = _listed(
    """
    no nos nr fig figs eq sec sect ch chap vol vols pp p pg par para art ref ext tel tab ver v jan feb mar apr jun
    jul aug sep sept oct nov dec
    """
)

# Abbreviations that end a sentence only before one of SENTENCE_STARTERS.
BEFORE_NAME = _listed(
    """
    st mt ft al inc ltd co corp bros jr sr dept est ave blvd rd univ u.s u.k u.n e.u d.c ph.d m.d b.a m.a
    """
)

# Capitalised words that go on after a.m. and p.m.
DAYS_AND_MONTHS = _listed(
    """
    monday tuesday wednesday thursday friday saturday sunday january february march april june july august
    september october november december
    """
)

# Words that, capitalised, most often begin a sentence.
SENTENCE_STARTERS = _listed(
    """
    a after all also although an and another any as at because before both but by during each every few for from
    he her here his how however i if in it its many most my no not of on once one or our several she since so some
    such that the their then there these they this those though three through thus to two under until we what when
    where which while who why with you your
    """
)

# English words without content of their own; negations are not among them.
STOP_WORDS = _listed(
    """
    a about again all also am an and any are as at be because been being both but
    by can could d did do does doing during each for from further had has have having he her here hers
    herself him himself his how i if in into is it its itself just let ll m may me might must my myself
    of on or other our ours ourselves out own please re s same shall she should so some such t
    than that the their theirs them themselves then there these they this those through to too upon
    us ve very was we were what when where which while who whom whose why will with would you your yours yourself
    yourselves i'm i'd i'll i've you're you'd you'll you've we're we'd we'll we've they're they'd they'll they've
    he'd he'll she'd she'll it'd it'll let's there's
    """
)

# The same for Chinese.
CHINESE_STOP_WORDS = _listed(
    """
    的 地 得 了 着 过 是 在 和 与 及 或 而 并 也 都 就 还 又 很 被 把 给 让 向 从 到 对 对于 关于
    为 为了 于 以 以及 之 其 所 吗 呢 吧 啊 呀 嘛 么 哦 什么 怎么 怎样 怎么样 如何 多少 几 哪 哪个 哪些
    哪里 哪儿 谁 何 为什么 为何 我 你 您 他 她 它 我们 你们 您们 他们 她们 它们 自己 这 那 这个 那个 这些
    那些 这里 那里 这样 那样 个 些 请 请问 想 要 会 能 可以 可 应该 有 则 但 但是 因为 所以 如果 而且
    """
)

# What turns a sentence round, as stems.
NEGATIONS = frozenset(
    {"not", "no", "never", "without", "neither", "nor", "none", "nobody", "noth", "不", "没", "没有", "无"}
)

# Words with a capital letter that are no names.
NO_NAMES = SENTENCE_STARTERS | STOP_WORDS | {"i", "yes", "no"}
