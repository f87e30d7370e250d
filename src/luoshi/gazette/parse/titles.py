"""What the lines of a title look like: issuing body, 关于…的通知, the name of a plan, 《…》政策解读."""

import re

NOUN = (
    "通知|方案|预案|意见|办法|规定|细则|要点|计划|规划|报告|公告|通告|决定|批复|复函|措施|制度|条例|纲要|指南|规程|规则|标准|清单|"
    "目录|安排|安排意见|分工|任务书|实施意见|行动|解读|通报|决议|命令|议案|请示|责任书|考核表|表|台账|名单|若干措施|任务分解|分解"
)
_VERSION = r"(?:\s*（[^（）]{1,14}(?:版|行|稿|年|期)）)?"
# 某某县人民政府办公室   某市应急管理局   某县委员会
ISSUER = re.compile(
    r"(?:中共)?[\u4e00-\u9fff\s]{2,30}?(?:人\s?民\s?政\s?府|政府|委\s?员\s?会|办\s?公\s?室|局|厅|领导小组|指挥部|党组|县委|市委|总工会|法院|检察院|联合会|中心|镇|街道办事处|管委会|公司)"
    r"(?:办公室|办公厅)?(?:文件)?"
)
# 关于印发《…》的通知   关于做好…工作的意见
ABOUT = re.compile(
    r"(?:[\u4e00-\u9fff]{2,30}(?:人民政府|办公室|办公厅|委员会|局|厅|政府|领导小组|指挥部|部|院))?\s*关\s?于"
)
# 《…方案》政策解读   《…办法》的解读   图解：…   一图读懂《…》
INTERPRETATION = re.compile(
    r"《.{4,120}》\s*（?[^（）。；，]{0,12}）?\s*的?\s*(?:政\s*策)?\s*(?:文件)?(?:解\s*读|图解|起草说明|编制说明|问答|解答)(?:材料|稿|说明)?"
    r"|(?:关于|政策解读[：|])\s*.{0,3}《.{4,120}》\s*的?(?:政策|文件)?(?:解读|起草说明|编制说明)?(?:材料|说明)?"
    r"|(?:一图读懂|图解|政策解读[：]?)\s*[：|]?\s*《.{4,120}》(?:政策解读)?"
    r"|关于《?.{4,100}》?\s*的?\s*(?:政策解读|解读|起草说明|编制说明)|[^，。；：《》]{4,50}(?:政策)解读"
)
_TITLE_END = re.compile(rf"(?:{NOUN}){_VERSION}$")
# 政府大事记   大事记（2024年第一季度）
CHRONICLE = re.compile(r"[\u4e00-\u9fff\d\s]{0,24}大\s?事\s?记\s*(?:（.{4,40}）)?")
_LONGEST = 130
_ABOUT_WORD = re.compile(r"\s*关\s?于")
_BODY_ENDS = frozenset("府会室局厅组部委院心镇处司件")
_STOPS = frozenset("。；：？")


def is_interpretation(words: str) -> bool:
    """Whether the words are wholly the title of an interpretation."""
    if ("解" not in words and "说明" not in words and "问答" not in words) or len(words) > _LONGEST:
        return False
    return INTERPRETATION.fullmatch(words.strip()) is not None


def is_title(words: str) -> bool:
    """Whether the words read like the whole title of an official document."""
    text = words.strip()
    if not 4 <= len(text) <= _LONGEST or (text[0] in "（《“" and not text.endswith("）") and "解读" not in text):
        return False
    return _TITLE_END.search(text[-30:]) is not None and _STOPS.isdisjoint(text)


def is_about(words: str) -> bool:
    """Whether the words begin a 关于… title."""
    return ABOUT.match(words[:60]) is not None


def is_issuer(words: str) -> bool:
    """Whether the line is nothing but the name of an issuing body."""
    text = words.strip()
    return len(words) <= 40 and text[-1:] in _BODY_ENDS and ISSUER.fullmatch(text) is not None


def opens_title(words: str) -> bool:
    """Whether a line by itself shows that a title begins here, so that it cannot continue a sentence."""
    if len(words) > _LONGEST:
        return False
    if "大" in words and len(words) <= 40 and CHRONICLE.fullmatch(words):
        return True
    if words.startswith("《"):
        return is_interpretation(words)
    if words.startswith("关于") and len(words) <= 80:
        return is_title(words) or "印发" in words[:6]
    return len(words) <= 40 and words.endswith(("人民政府", "人民政府办公室", "办公厅")) and is_issuer(words)


def issuer_of_title(words: str) -> str | None:
    """Return 某县教育局 of 某县教育局关于…的通知, None when the title names no issuing body."""
    name = _ABOUT_WORD.split(words, maxsplit=1)[0].strip()
    return name if "关于" in words and name and is_issuer(name) else None
