"""Words of a time limit → until, recurring, ongoing, relative or none."""

import re
from itertools import pairwise
from typing import Any

from luoshi.gazette.parse.days import Moment, Year, find_days
from luoshi.gazette.parse.marks import bare
from luoshi.gazette.parse.recurring import read_every

_N = r"(?:\d{1,3}|[一二两三四五六七八九十]{1,3}|半)"
# What comes each year on no fixed day: 汛期前, 春节前, 供暖期, 开学前
SEASON = (
    r"(?:主?汛期?|入汛|雨季|旱季|梅雨季?|台风季|春节|元旦|国庆节?|中秋节?|端午节?|清明节?|[春秋]季开学|[“]?(?:五一|十一)[”]?(?:假期|期间)?|双节|两节|节假日|节日|佳节|"
    r"供[暖热]期?|采暖[期季]?|取暖[期季]?|供暖季|防火期|封[冻河][期前]?|上冻|入冬|入夏|开学|[春秋]季学期(?:开学)?|新学期|学期(?:末|初)|期末|"
    r"(?:春节|元旦|国庆节?|中秋节?|端午节?|清明节?|“?(?:五一|十一)”?)(?:小?长假|假期?)|春[耕播灌]|秋[收播冬]|三[夏秋]|麦收|夏收|冬季来临|高考|中考|暑[期假]|寒假|假期|越冬期?|冬灌|禁[渔牧]期|(?:旅游)?[旺淡]季|全国两会|两会)"
)
# 并长期坚持   持续推进   常态化开展   贯穿全年   长期
_ONGOING = re.compile(
    r"长期(?:坚持|推进|实施|开展|执行|任务|有效|性|落实)?|持续(?:推进|开展|坚持|实施|巩固|进行|落实|推动|深化|用力|优化|提升|完善)?|常态化?(?:开展|推进|坚持|实施|落实|长效)?|常抓不懈|边[查整][边即]改|坚持(?:推进|开展|落实)|常年|贯穿(?:全年|始终|全程)|"
    r"全年(?:推进|开展|实施|坚持)?|始终|不断(?:推进|完善)|经常性|随时|日常(?:工作|推进)?|长效(?:推进)?|滚动(?:推进|实施)|动态(?:推进|调整|更新|管理|监测|清零)"
)
# 收到通知后5个工作日内   自印发之日起30日内   3个工作日内   事故发生后1小时内   签约后一个月内
_RELATIVE = re.compile(
    rf"(?:自|从|在|于|收到|接到)?[^，。；：、（）]{{0,30}}?(?:之日起|后|起|之后|以后|前)?(?:的)?\s?{_N}\s?(?:个)?\s?(?:工作日|自然日|日历日|日|天|小时|周|个月|月|年|分钟)\s?(?:之|以)?内"
    rf"|[^，。；：、（）]{{1,30}}?(?:后|之日起|前)\s?{_N}\s?(?:个)?\s?(?:工作日|日|天|周|个月|小时)|(?:立即|即时|第一时间|即刻|当日|当天|立行立改|立查立改|立知立改|即知即改)(?:完成|整改|报告|上报)?|(?:与|同)[^，。；]{{2,20}}同步"
    r"|[^，。；：、（）0-9]{2,30}(?:结束|完成|竣工|印发|发生|启动|实施|验收|投用|投产|开工|到位|批复|公布|下达)(?:之?后|前)(?!\d)|[\u4e00-\u9fff“”]{2,16}(?:前|期间)(?=$|完成|[，。；、])|(?:^|[^\u4e00-\u9fff])[汛节会课考]前(?=$|完成|[，。；、])"
    rf"|{SEASON}(?:[^，。；]{{0,4}}$|(?:来临|到来|开始|结束)?(?:之|以)?(?:前|后|期间))|按计划|"
    r"\d{1,3}\s?个?(?:工作日|自然日|小时)$|按[^，。；]{0,12}(?:要求|规定|部署|安排|进度)(?:的?(?:时间|时限)(?:节点)?)?(?:完成|推进|落实)?"
)
# “十四五”期间, 规划期内: the run of a policy is no deadline
_PERIOD = re.compile(r"十[一二三四五六]五[”时]?期间|规划期|过渡期|有效期")
# 2023年7月起，自7月1日起: a beginning is no end
_FROM = re.compile(r"\s?(?:份|初|底)?\s?(?:起|开始|启动|以来)")
_BEGUN = re.compile(r"\s?(?:份|初|底)?\s?(?:开始|启动)")
# 每年11月底前: the day of a recurrence is no day of this year
_YEARLY = ("每", "每年", "每年度", "每学年", "逐年", "逐", "按")
_EVENT = re.compile(r"\s?(?!年|底|末|内|终|度|完成|前|之前|以前)[^，。；\d]{2,10}前")
_UNTIL = re.compile(r"\s?(?:份|末|底|内)?\s?(?:之|以)?(?:前|止|内|完成|底)")
# 立即开展并长期坚持: begun now, never ended
_AT_ONCE = re.compile(r"立即|即时|即刻|现在起?|即日起|立行立改|立查立改|即知即改|立知立改")
_FROM_NOW = re.compile(r"(?:即日|现在|当前)起")
# 2O23年l1月lO日: letters that scanning put for figures
_LETTERS = re.compile(r"[0-9lIOo|]{1,4}(?=\s?[年月日号])")
_FIGURES = str.maketrans("lIOo|", "11001")
_SPREAD = re.compile(r"(?<=[\d年月])\s+(?=[\d年月日])")
_INSIDE = ("于", "确保", "力争", "预计", "计划", "务必")
_COMPARED = re.compile(r"[^，。；]{0,20}(?:同比|环比)(?:下降|减少|下滑|回落|仅)")
_DIGIT = re.compile(r"\d")
_TO = re.compile(r"\s?(?:份)?\s?(?:起)?\s?[-至到]+\s?")
_LISTED = re.compile(r"[\s、和及至到-]{0,3}")
_COUNTED = re.compile(r"一(?:季度|月)一|[上下]半年(?:和[上下]半年)?各")
_QUOTED = re.compile(r"《[^《》]{0,120}》")
_HINTS = ("内", "前", "期间", "每", "长期", "持续", "常", "调度", "通报", "报告", "研判", "会商", "报制度")
_CLOSED = re.compile("[前底内]")
_SINCE = re.compile("(?:截至|截止|截止到|较|比|自|从|同)$")
_BY = re.compile(r"(?:^|[，。；：])\s?(?:力争|确保|计划|争取|预计)?(?:到|至)$")
# Words before a day that still open its clause: 力争4月15日…   分别于…
_LEAD_IN = re.compile(
    r"(?:(?:力争|确保|计划|争取|预计|拟|原则上|最迟|最晚|至迟|务必|必须|须|应当?|要|并|将|且|再|分别|统一|集中|首批|定于|于|在|到|至|从)\s?)+$"
)
# Words after a day that make it history or a beginning, no limit: 3月1日起施行, 6月批复的规划, 4月15日的通报
_NO_LIMIT = re.compile(
    r"\s?(?:份|初)?\s?(?:起|以来|以后|之后|后|开始|启动|间|期间|至|到|-|的|[，。；：（）《》]|$"
    r"|[\u4e00-\u9fff]{0,8}(?:印发|批复|发布|公布|施行|通过|下发|出台|发生|排查|反馈|召开|挂牌|签订|报送|上报)(?:的|以来|后))"
)
_TERM = rf"{_N}\s?(?:个)?\s?(?:工作日|自然日|日历日|日|天|小时|分钟|周|个?月|年)(?:之|以)?内"
_DONE = (
    r"(?:内|全部|予以|依法|及时|将|向|一次性?|集中)?(?:完成|办结|办理|反馈|答复|回复|报|上报|公布|公示|公开|整改|建成|到位|提交|签收|处置|处理|响应|到达|赶到|"
    r"通知|通报|送达|备案|作出|启动|转办|移送|移交|交办|开展|组织|召开|巡[查检逻]|检查|检测|监测|调度|更新|发布|汇总|研判|走访|清理|审核|审批|受理|兑现|拨付)"
)
# A clause of running text that is a time limit without a day, from its first word:
# 自受理之日起3个工作日内办结   一周内完成   每日巡查   长期坚持。   常态化开展…
_STANDING = re.compile(
    rf"(?:(?<=[，。；：])|^)\s?(?:[^，。；：、（）《》]{{0,24}}?(?:之日起|后|起)(?:的)?\s?{_TERM}"
    rf"|(?:于|在|每年|确保|力争|务必|(?:20\d\d|今|明|次|当)年)*{SEASON}(?:来临|到来|开始|结束)?(?:(?:之|以)?前|期间)(?!后|期|[，。；、])"
    rf"|(?:限期|限|须|应|要|力争)?(?:在|于)?{_TERM}(?=[，。；]|$|(?!的)[\u4e00-\u9fff])"
    r"|(?:[^，。；：、（）《》]{0,10}?(?:于|在|按))?(?:并|且|实行)?每(?:个)?(?:学期|半年|季度|季|年度|年|月|旬|周|日|天)"
    r"(?![均人]|\s?[\d.]+\s?[万亿元%吨户个人次])[^，。；]{0,20}"
    r"|[^，。；：、（）《》\d]{1,8}?(?<![人户亩名均位家生])每(?:半年|季度|月|旬|周|日|天)(?![均人户亩个次元的度名位家期])(?=[\u4e00-\u9fff])[^，。；]{0,20}"
    r"|(?:并|且|做到|坚持)?(?:长期(?:坚持|推进|开展|抓好)|持续(?:推进|开展|坚持)|常态长效|常抓不懈)(?=[，。；]|$)"
    r"|(?:并|且)?(?:实行)?常态化(?:开展|推进|实施|组织|坚持|运行|管理))"
    r"|每隔?(?:\d{1,2}|[两二三四五六七八九十])个?(?:季度|月|旬|周|星期|日|天|年)(?![\d内一期])[^，。；]{0,20}"
    # in the middle of a clause, behind who does it
    rf"|(?:限期|限|须|应当?|要|必须|确保)?(?:在|于)?{_TERM}(?={_DONE})"
    rf"|每(?:半年|季度?|年|月|旬|周|日|天)(?={_DONE}|至少|不少于)[^，。；]{{0,20}}"
    r"|(?<![\d一二三四五六七八九十第上下当次即节工假今明同本])(?:日|周|旬|月|季|半年)(?:(?:调度|通报|报告|研判|会商)(?=[，。；、]|$|制度|机制)|报制度)"
    r"(?:、(?:日|周|旬|月|季|半年)(?:调度|通报|报告|研判|会商))*"
)


def none() -> dict[str, Any]:
    return {"kind": "none", "until": None, "then": None, "every": None, "words": ""}


def read_deadline(words: str, printed: str, year: int | None) -> tuple[dict[str, Any], list[str]]:
    """Read the words of a deadline label or bracket. Returns the deadline and the kinds of doubt it raises.

    ``year`` is the document's, for days printed without one; without it such a day is a doubt, not a guess.
    """
    text = _QUOTED.sub(lambda m: " " * len(m.group()), words)
    text = _SPREAD.sub("", text)
    mended = mend_digits(text)
    doubts = ["damaged_date"] if mended != text else []
    every = read_every(mended)
    moments = _of_this_year(mended, find_days(mended, year), every is not None)
    starts = [m for m in moments if _FROM.match(mended, m.end)]
    moments = [m for m in moments if m not in starts and not _named_day(mended, m)]
    latest = max((m.last for m in moments), default=None)
    # 上半年办结手续，下半年启动建设: of several milestones a beginning may be the last
    moments += [m for m in starts if latest is not None and m.last > latest and _BEGUN.match(mended, m.end)]
    deadline = none() | {"words": printed.strip(" ，。；")}
    if moments:
        doubts += _doubts_of_days(mended, moments)
        then = "ongoing" if _ONGOING.search(mended.replace("全年", "")) else None
        last = max(m.last for m in moments)
        return deadline | {"kind": "until", "until": last.isoformat(), "then": then, "every": every}, doubts
    if every is not None:
        return deadline | {"kind": "recurring", "every": every}, doubts
    if year is None and find_days(mended, 2000):
        return deadline, [*doubts, "missing_year"]
    kind, more = _kind_without_day(mended, bool(starts) or _FROM_NOW.search(mended) is not None)
    then = "ongoing" if kind == "relative" and _ONGOING.search(mended) else None
    return deadline | {"kind": kind, "then": then}, [*doubts, *more]


def _of_this_year(text: str, moments: list[Moment], recurs: bool) -> list[Moment]:
    """Leave out the days of a recurrence: 每年6月、12月底前, 一月一调度."""
    kept: list[Moment] = []
    dropped: Moment | None = None
    for moment in moments:
        before = text[max(0, moment.start - 4) : moment.start]
        listed = dropped is not None and _LISTED.fullmatch(text[dropped.end : moment.start]) is not None
        if before.endswith(_YEARLY) or listed or (recurs and _COUNTED.match(text, moment.start)):
            dropped = moment
        else:
            kept.append(moment)
    return kept


def _doubts_of_days(text: str, moments: list[Moment]) -> list[str]:
    doubts = ["damaged_date"] if any(m.damaged for m in moments) else []
    if len({m.last for m in moments}) > 1 and not _is_range(text, moments):
        doubts.append("several_dates")
    return doubts


def _kind_without_day(text: str, begins: bool) -> tuple[str, list[str]]:
    """Return ongoing, relative or none, and the doubt when it is none. ``begins``: it runs from a named day."""
    ongoing = _ONGOING.search(text) is not None
    if ongoing and _AT_ONCE.search(text) and _DIGIT.search(text) is None:
        return "ongoing", []
    if _PERIOD.search(text):
        return "none", ["policy_period"]
    if _RELATIVE.search(text):
        return "relative", []
    if ongoing or begins:
        return "ongoing", []
    return "none", ["deadline"] if bare(text) else []


def _named_day(text: str, moment: Moment) -> bool:
    """2023年汛期前, 2023年“五一”前: the year only dates an event whose day the text does not give."""
    return moment.grain == "year" and _EVENT.match(text, moment.end) is not None


def mend_digits(text: str) -> str:
    """Return the text with l, I, | read as 1 and O as 0 inside dates. The caller raises the doubt."""
    return _LETTERS.sub(lambda m: m.group().translate(_FIGURES), text)


def _is_range(text: str, moments: list[Moment]) -> bool:
    return all(_TO.fullmatch(text, a.end, b.start) is not None for a, b in pairwise(moments))


def find_deadline_in_text(text: str, year: int | None) -> tuple[int, int] | None:
    """Return the place of the last 2023年6月底前-like stretch in running text, None when there is none."""
    clean = _QUOTED.sub(lambda m: " " * len(m.group()), text)
    best: tuple[int, int] | None = None
    moments = _of_this_year(clean, find_days(clean, year), recurs=False)
    last: Moment | None = None
    for n, moment in enumerate(moments):
        if n and _run_of_days(clean, moments[n - 1], moment):
            best, last = (moments[n - 1].start, moment.end), moment
            continue
        before = best
        after = _UNTIL.match(clean, moment.end)
        if after is not None and (moment.grain != "year" or _CLOSED.search(after.group())):
            best = (moment.start, after.end())
        elif _milestone(clean, moment, best) or _by_itself(clean, moment, best):
            best = (moment.start, moment.end)
        elif (moment.grain == "year_end" and clean[moment.end - 1] == "内") or _stands_alone(clean, moment):
            best = (moment.start, moment.end)  # 年内实现…   听取报告，4月下旬。
        elif _opens_clause(clean, moment, year):
            best = (moment.start, moment.end)
        elif best is not None and last is not None and _listed(clean, best[1], moment):
            best = (best[0], moment.end)  # 于1月10日、4月10日分两次报告
        last = moment if best != before else last
    return _with_year(clean, best, last, moments, year) if best is not None and last is not None else best


def _with_year(
    text: str, place: tuple[int, int], last: Moment, moments: list[Moment], year: int | None
) -> tuple[int, int]:
    """2025年4月底、10月底: where a day read alone would be of another year, begin at the day that names the year."""
    alone = find_days(text, year, *place)
    if not last.assumed_year or (alone and alone[-1].last == last.last):
        return place
    named = max((m.start for m in moments if not m.assumed_year and m.start < place[0]), default=place[0])
    return named, place[1]


def _opens(text: str, moment: Moment) -> bool:
    """Whether the day is the first thing of its clause, words such as 力争 or 分别于 left aside.

    Behind 于, and where it is ten days of a month, a day opens its clause behind who or what is meant too.
    """
    before = text[max(0, moment.start - 12) : moment.start].rstrip()
    inside = before.endswith(_INSIDE) or moment.grain == "ten_days"
    return inside or _LEAD_IN.sub("", before).rstrip()[-1:] in ("", "，", "。", "；", "：")


def _listed(text: str, end: int, moment: Moment) -> bool:
    return end < moment.start and _LISTED.fullmatch(text, end, moment.start) is not None


def _opens_clause(text: str, moment: Moment, year: int | None) -> bool:
    """9月18日全部签订到位   9月中旬组建到位   4月15日报市水利局: what is done on a day named first is due then."""
    if moment.grain not in ("day", "ten_days", "month", "half", "quarter") or not _opens(text, moment):
        return False
    if year is not None and moment.last.year < year:
        return False  # of an earlier year: history
    if isinstance(year, Year) and year.month and (moment.last.year, moment.last.month) < (year, year.month):
        return False
    return not _compares(text, moment) and _NO_LIMIT.match(text, moment.end) is None


def _compares(text: str, moment: Moment) -> bool:
    """上半年游客量同比下降: what was, not what is due."""
    return _COMPARED.match(text, moment.end) is not None


def _by_itself(text: str, moment: Moment, best: tuple[int, int] | None) -> bool:
    """A limit without 前: 到2025年，…   三季度末实现…   上半年建成…   at the beginning 4月15日，召开…"""
    before = text[: moment.start].rstrip()
    if moment.grain == "year" or _SINCE.search(before) or _FROM.match(text, moment.end):
        return moment.grain == "year" and _by_then(text, moment)
    if text[moment.end - 1] in "底末" or (
        moment.grain in ("half", "quarter") and before[-1:] in ("", "，", "。", "；") and not _compares(text, moment)
    ):
        return True
    return best is None and not before.strip(" ，。；：") and text[moment.end : moment.end + 1] == "，"


def _by_then(text: str, moment: Moment) -> bool:
    """到2025年，建成…: the year by which; 2023年至2025年 is the run of a policy."""
    opened = _BY.search(text[max(0, moment.start - 4) : moment.start]) is not None
    return opened and text[moment.end : moment.end + 1] not in ("的", "间", "至", "到", "-", "以", "")


def _milestone(text: str, moment: Moment, best: tuple[int, int] | None) -> bool:
    """4月底前完成排查，8月中旬组织抽查: after one limit, a day that opens a clause of the same sentence is the next."""
    if best is None or moment.grain in ("year", "year_end"):
        return False
    opens = text[: moment.start].rstrip()[-1:] in ("，", "；")
    return opens and "。" not in text[best[1] : moment.start] and _FROM.match(text, moment.end) is None


def _stands_alone(text: str, moment: Moment) -> bool:
    """A day, month or quarter that is a clause by itself, behind the words of what is due then."""
    if moment.grain in ("year", "year_end", "half"):
        return False
    before, after = text[max(0, moment.start - 3) : moment.start], text[moment.end : moment.end + 3]
    return before.rstrip()[-1:] in ("，", "；", "：") and after.lstrip()[:1] in ("", "。", "；", "）")


def _run_of_days(text: str, first: Moment, last: Moment) -> bool:
    """2024年7月1日至8月31日, 8月至11月; years alone are the run of a policy."""
    return {first.grain, last.grain} <= {"day", "month", "ten_days"} and _is_range(text, [first, last])


def find_standing_in_text(text: str) -> tuple[int, int] | None:
    """Return the place of the last clause that is a time limit without a day: relative, recurring or ongoing."""
    if not any(word in text for word in _HINTS):
        return None
    clean = _QUOTED.sub(lambda m: " " * len(m.group()), text)
    return max((found.span() for found in _STANDING.finditer(clean)), default=None)
