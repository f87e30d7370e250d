"""The whole family of words for a time limit, each by itself: what `read_deadline` makes of it in a document of 2024."""

import pytest

from luoshi.gazette.parse.days import year_of
from luoshi.gazette.parse.deadlines import find_deadline_in_text, read_deadline
from luoshi.gazette.parse.marks import uniform

# words → last day; a + behind the day: then for good
UNTIL = {
    "2024年6月底前": "2024-06-30",
    "于6月30日前": "2024-06-30",
    "第三季度末": "2024-09-30",
    "9月中旬": "2024-09-20",
    "2025年上半年": "2025-06-30",
    "自2024年3月1日起至2024年8月31日止": "2024-08-31",
    "自2024年3月1日起至12月31日": "2024-12-31",
    "年内": "2024-12-31",
    "二〇二四年十二月": "2024-12-31",
    "6月、9月、12月底前分别完成30%、60%、100%": "2024-12-31",
    "2024-2026": "2026-12-31",
    "2024—2026年": "2026-12-31",
    "2024年—2026年": "2026-12-31",
    "到2025年": "2025-12-31",
    "即日起至12月底": "2024-12-31",
    "立行立改，2024年6月底前完成": "2024-06-30",
    "2024年全年": "2024-12-31",
    "2024年度": "2024-12-31",
    "2024年": "2024-12-31",
    "12月20日前": "2024-12-20",
    "12月上旬": "2024-12-10",
    "11月初": "2024-11-10",
    "5月份": "2024-05-31",
    "五月底前": "2024-05-31",
    "5月底": "2024-05-31",
    "今年年底前": "2024-12-31",
    "今年底": "2024-12-31",
    "明年3月底前": "2025-03-31",
    "次年1月15日前": "2025-01-15",
    "2025年1季度": "2025-03-31",
    "一季度": "2024-03-31",
    "四季度前": "2024-12-31",
    "2024.6.30前": "2024-06-30",
    "2024.06": "2024-06-30",
    "2024/6/30": "2024-06-30",
    "2024-06-30": "2024-06-30",
    "20240630": "2024-06-30",
    "6.30前": "2024-06-30",
    "6月30号前": "2024-06-30",
    "9—11月": "2024-11-30",
    "9月—11月": "2024-11-30",
    "2024年9月至2025年3月": "2025-03-31",
    "11月至次年3月": "2025-03-31",
    "9月1日—15日": "2024-09-15",
    "3月15日至6月15日": "2024-06-15",
    "2024年3月-12月": "2024-12-31",
    "6—8月集中开展": "2024-08-31",
    "2024年6月底前，并长期坚持": "2024-06-30+",
    "2024年12月底前完成并持续推进": "2024-12-31+",
    "6月底前取得阶段性成效，长期坚持": "2024-06-30+",
    "2024年8月底前建立机制，之后每月通报": "2024-08-31",
    "3月底前完成排查，6月底前完成整改": "2024-06-30",
    "一季度完成设计，二季度开工，2025年6月竣工": "2025-06-30",
    "上半年办结手续，下半年启动建设": "2024-12-31",
    "3月启动，6月底完成": "2024-06-30",
    "2024年10月1日前后": "2024-10-01",
    "不晚于6月30日": "2024-06-30",
    "截至2024年12月": "2024-12-31",
    "截止时间2024年5月31日": "2024-05-31",
    "2024年5月20日17：00前": "2024-05-20",
    "2024年6月30日18时前": "2024-06-30",
    "十四五末": "2025-12-31",
    "“十四五”末": "2025-12-31",
    "2024年一、二季度": "2024-06-30",
    "第二、三季度": "2024-09-30",
    "9月份前": "2024-09-30",
    "年底": "2024-12-31",
    "年末": "2024-12-31",
    "年中": "2024-06-30",
    "年终": "2024-12-31",
    "2024年年中": "2024-06-30",
    "当年12月底前": "2024-12-31",
    "2024年底前基本完成，2025年6月底前全面完成": "2025-06-30",
}
# words → period (with the month of the quarter, where printed) and its days
EVERY = {
    "每季度末月25日前": "quarter/3 25",
    "每周五前": "week 5",
    "按月": "month",
    "按季度": "quarter",
    "每两周1次": "2-week",
    "每半月一次": "month 15 31",
    "每两年一次": "2-year",
    "每3个月": "quarter",
    "每六个月": "half_year",
    "每半个月": "month 15 31",
    "每月5日前": "month 5",
    "每月5日、20日前": "month 5 20",
    "每月10号前报送": "month 10",
    "每月月底前": "month",
    "每月底": "month",
    "每月末": "month",
    "每季度首月10日前": "quarter/1 10",
    "每年11月底前": "year",
    "每年12月31日前": "year",
    "每年6月、12月底前": "year",
    "每周一、周五": "week 1 5",
    "每周一上午": "week 1",
    "每日17时前": "day",
    "每天": "day",
    "每学期一次": "term",
    "逐月": "month",
    "按周调度、按月通报": "week",
    "每季度": "quarter",
    "季度通报": "quarter",
    "月调度": "month",
    "一月一调度": "month",
    "一季度一通报": "quarter",
    "一周一调度": "week",
    "每旬末": "ten_days",
    "每月至少1次": "month",
    "每月最后一个工作日": "month",
    "每半年": "half_year",
    "次月10日前": "month 10",
    "上半年和下半年各一次": "half_year",
    "每年上、下半年各一次": "half_year",
}
RELATIVE = [
    "接到通知后5个工作日内",
    "汛期前",
    "春节前",
    "2025年春节前",
    "立即整改",
    "立行立改",
    "会后一周内",
    "开学前",
    "印发之日起两个月内",
    "收到诉求后当日",
    "供暖期开始前",
    "收到反馈意见之日起十五日内",
    "受理后24小时内",
    "2小时内",
    "30分钟内",
    "5个工作日",
    "事发后立即报告",
    "合同签订后30日内",
    "按上级规定时限完成",
    "与主体工程同步",
    "汛前",
    "主汛期前",
    "项目开工前",
    "国庆前",
    "元旦春节期间",
    "汛期",
    "春节前后",
    "考核结束后10日内",
    "T+3日内",
    "三日内",
    "半个月内",
    "一年内",
    "接函后7日内",
    "即知即改",
    "立查立改",
    "按计划进行",
]
ONGOING = [
    "即日起",
    "常态化",
    "立行立改，长期坚持",
    "全年",
    "全年推进",
    "贯穿全年",
    "持续推进",
    "长期",
    "长期坚持",
    "持续",
    "长期任务",
    "日常工作",
    "常年坚持",
    "动态更新",
    "随时",
    "2024年1月起",
    "自2024年7月1日起长期执行",
    "从现在起",
    "持续整改",
]
NONE = [
    "“十四五”期间",
    "另行通知",
    "视情况而定",
    "待定",
]


@pytest.mark.parametrize(("words", "day"), UNTIL.items())
def test_a_last_day(words: str, day: str) -> None:
    deadline, _ = read_deadline(uniform(words), words, 2024)
    then = "ongoing" if day.endswith("+") else None
    assert (deadline["kind"], deadline["until"], deadline["then"]) == ("until", day.rstrip("+"), then)


@pytest.mark.parametrize(("words", "every"), EVERY.items())
def test_a_recurrence(words: str, every: str) -> None:
    deadline, _ = read_deadline(uniform(words), words, 2024)
    period, *days = every.split()
    assert (deadline["kind"], deadline["until"]) == ("recurring", None)
    period, _, month = period.partition("/")
    named = {"month": int(month)} if month else {}
    assert deadline["every"] == {"period": period, "days": [int(d) for d in days]} | named


@pytest.mark.parametrize(
    ("words", "kind"),
    [(w, k) for k, group in (("relative", RELATIVE), ("ongoing", ONGOING), ("none", NONE)) for w in group],
)
def test_a_limit_without_a_day(words: str, kind: str) -> None:
    deadline, _ = read_deadline(uniform(words), words, 2024)
    assert (deadline["kind"], deadline["until"], deadline["every"]) == (kind, None, None)


# Running text of a document of 14 October 2024 → its last limit with a day
IN_TEXT = {
    "9月10日起逐级签订，11月18日全部签订到位。": "2024-11-18",
    "11月中旬组建到位，每日巡查。": "2024-11-20",
    "修订规程，11月15日报市水利局备案。": "2024-11-15",
    "力争2026年上半年新增龙头企业2家。": "2026-06-30",
    "到2025年建成茶园5万亩，到2027年达到8万亩。": "2027-12-31",
    "两侧绿化分别于2025年4月底、10月底完成。": "2025-10-31",
    "次年1月组织核查，同年3月通报结果。": "2025-03-31",
    "下月10日前拿出方案。": "2024-11-10",
    "本季度末建成快检室。": "2024-12-31",
    "下季度组织验收。": "2025-03-31",
    "3月上中旬公示，12月上中旬入户核实。": "2024-12-20",
    "3月1日起施行的导则要落实。": None,
    "2023年6月批复的规划要严格执行。": None,
    "到2025年的目标不变。": None,
    "2019年6月编制规划。": None,
}


@pytest.mark.parametrize(("text", "day"), IN_TEXT.items())
def test_a_limit_in_running_text(text: str, day: str | None) -> None:
    words, year = uniform(text), year_of("2024-10-14")
    place = find_deadline_in_text(words, year)
    found = read_deadline(words[slice(*place)], text[slice(*place)], year)[0]["until"] if place else None
    assert found == day
