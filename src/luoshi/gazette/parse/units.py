"""How Chinese public bodies are called: a general grammar of their names, no list of any county's bodies."""

import re
from functools import lru_cache


def _words(text: str) -> str:
    """Join the words of a block of text into one alternation, the longest first."""
    return "|".join(sorted(set(text.split()), key=len, reverse=True))


# How the name of a body ends
_ENDS = _words("""
    人民政府 政府 管理委员会 管委会 委员会 办事处 办公室 领导小组 指挥部 工作组 专班 人民法院 法院 检察院
    监委 纪委 政法委 县委 市委 区委 旗委 党委 党工委 宣传部 组织部 统战部 武装部 工作部 社工部 党校 编办 网信办
    分局 局 总局 厅 署 税务所 派出所 司法所 卫生院 所 中心 大队 中队 支队 总队 救援队 队 总站 站 馆
    园区 产业园 工业园 开发区 新区 示范区 保税区 园 供销社 供销联社 联社 合作社 残联 妇联 团委 团县委 团市委 团区委
    经济组织 社会组织
    工会 总工会 科协 文联 侨联 工商联 社科联 计生协 红十字会 慈善总会 协会 商会 学会 联合会
    公司 集团 银行 支行 分行 人行 银监 证监 联通 电信 移动 铁塔 邮政 烟草 电网 供电 水务 燃气 热力 石油 石化
    企业 运营商 机构 学校 中学 小学 大学 学院 幼儿园 医院 疾控 卫健 电视台 报社 融媒体 气象台 台 林场 农场 牧场
    镇 乡 苏木 嘎查 街道 乡镇 镇街 镇村 村 社区 居委会 村委会 部门 单位 各方 县 市 区 旗 州 盟
    办 委 部 院 会 社 处 科 股 室 组 司 厂 矿 库 校 园 基地 平台 小组
    兵团 部队 军分区 交警 特警 海关 海事 城投 国投 文投 交投 农投 信用社 保险 人保 铁路
    街道办 街办 管理处 服务处 人大 政协
    研究院 设计院 保健院 图书馆 档案馆 文化馆 工作队
    车务段 管理段 养护段 公路段 工务段 机务段 供电段 合作联社 自来水 机场 车站 港务
""")
_END = re.compile(rf"(?:{_ENDS})(?:（[^（）]{{1,30}}）|“[^”]{{1,10}}”)?$")
# Endings after which 和 parts two bodies; 农业农村和水利局 has none of them before 和
_STRONG = re.compile(
    rf"""(?:{
        _words('''
    局 委 委员会 办 室 科 股 校 部 厅 院 会 中心 政府 公司 集团 大队 支队 队 站 所 馆 银行 支行 学校 部门 单位
    党委 园区 企业 社 团 处 司 镇 乡 街道 区 县 市 旗 府
''')
    })(?:（[^（）]{{1,30}}）)?$"""
)
# Bare stems of departments that a list may shorten: 教育、公安、民政等部门
STEMS = frozenset(
    re.findall(
        r"\S+",
        """
    教育 公安 民政 财政 发改 工信 司法 人社 自然资源 生态环境 住建 交通 交通运输 水利 水务 农业农村 农牧 商务 文旅 卫健
    卫生健康 应急 应急管理 审计 市场监管 统计 林草 林业 医保 气象 税务 消防 城管 信访 科技 民宗 退役军人 宣传 网信 金融
    乡村振兴 粮食 能源 供电 通信 电力 环保 国土 规划 畜牧 农业 统战 团委 妇联 残联 工会 文化 体育 旅游 广电 政务服务
    银行 保险 海关 检察 法院 政法 组织 编制 住房城乡建设 人力资源社会保障
    """,
    )
)
# Two-character names that are bodies although they end in a place
_PLACES = frozenset(["乡镇", "镇街", "镇村", "村镇", "旗县", "区县", "县区", "街镇", "街道", "社区"])
_VERBS = re.compile("进行|开展|完成|推进|加强|确保|做好|不得|应当|以上|以下|根据|按照|通过|用于|建立|提高")
_NEVER = frozenset("，。；：？！《》%")
_LONGEST = 40


def is_unit(words: str) -> bool:
    """Whether the words read like the name of one body (or a collective such as 各镇)."""
    text = words.strip()
    return 2 <= len(text) <= _LONGEST and _is_unit(text)


@lru_cache(maxsize=4096)
def _is_unit(text: str) -> bool:
    if _END.search(text) is None:
        return False
    if not _NEVER.isdisjoint(text) or text[0] in "的了在将对把为是并与及或等、":
        return False
    if len(text) == 2 and not (text[0] == "各" or text[1] in "局委办" or text in STEMS or text in _PLACES):
        return False
    return _VERBS.search(text) is None


def is_whole(words: str) -> bool:
    """Whether the words before a 和 are a whole name, so that 和 parts two names and does not stand inside one."""
    text = words.strip(" 、，；")
    if text.startswith(("各", "全县", "全市", "其他", "有关", "相关", "县直", "市直", "区直")):
        return True
    return len(text) >= 3 and _STRONG.search(text[-_LONGEST:]) is not None
