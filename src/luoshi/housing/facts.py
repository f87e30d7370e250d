"""What is asked about one household: each fact with its words, its kind and the clause that asks. Pure.

Facts come as JSON by these names; a fact that is absent or null is not known. Days are ISO dates, areas square metres
of building area (建筑面积, HOUSE-I-1.4.2l).
"""

import datetime as dt
import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from luoshi.core.problem import Problem
from luoshi.core.words import Words

Kind = Literal["code", "yes_no", "whole", "number", "day"]

GROUPS: dict[str, Words] = {
    "prone_to_poverty": Words("农村易返贫致贫户", "prone to fall into poverty"),
    "subsistence": Words("农村低保户", "on subsistence allowance"),
    "destitute": Words("农村分散供养特困人员", "destitute, supported at home"),
    "hardship": Words("刚性支出骤增严重困难家庭", "in serious hardship"),
    "margin": Words("农村低保边缘家庭", "on the margin of subsistence allowance"),
    "lifted": Words("其他脱贫户", "lifted out of poverty"),
    "ordinary": Words("一般常住户", "ordinary resident household"),
    "none": Words("不属于以上各类", "none of these"),
}
"""The plan's six groups in its order (HOUSE-2.1c–h), the interpretation's seventh (HOUSE-I-1.2.2g), and none."""
ALSO_CALLED: dict[str, str] = {
    "脱贫户": "lifted",
    "脱贫户(建档立卡贫困户)": "lifted",
    "建档立卡贫困户": "lifted",
    "未享受过农村住房保障政策支持且依靠自身力量无法解决住房安全问题的其他脱贫户": "lifted",
    "易返贫致贫户": "prone_to_poverty",
    "分散供养特困人员": "destitute",
    "低保户": "subsistence",
    "低保边缘户": "margin",
    "低保边缘家庭": "margin",
    "因病因灾因意外事故等刚性支出较大或收入大幅度缩减导致基本生活出现严重困难家庭": "hardship",
    "严重困难户": "hardship",
}
"""Names in the interpretation (HOUSE-I-1.2.2a–f) and in lists, with the plan's group each means (HOUSE-R-04)."""
CERTIFIERS: dict[str, Words] = {
    "rural_revitalisation": Words("乡村振兴局", "rural-revitalisation bureau"),
    "civil_affairs": Words("民政局", "civil-affairs bureau"),
    "other": Words("其他单位或无证明", "another office, or nobody"),
}
METHODS: dict[str, Words] = {
    "repair": Words("维修加固", "repair and reinforcement"),
    "rebuild": Words("拆旧建新", "demolish and rebuild"),
    "buy_back": Words("回购闲置安全房", "buy an idle safe house"),
    "unified": Words("统建", "unified construction"),
    "collective": Words("农村集体公租房、幸福院", "collective rental house or happiness home"),
    "idle_house": Words("利用闲置农房", "use of an idle farmhouse"),
    "exchange": Words("集体公房置换", "exchange for a collective house"),
}
"""HOUSE-4.3.1a–c from the plan, HOUSE-I-1.3c–h from the interpretation; the union is offered (HOUSE-R-23)."""


@dataclass(frozen=True, slots=True)
class Asked:
    """One fact: its name, its label, what it may be, and the clause that asks for it."""

    name: str
    words: Words
    kind: Kind
    clause: str
    codes: tuple[str, ...] = ()
    least: float = 0
    most: float = math.inf


def _yes_no(name: str, zh: str, en: str, clause: str) -> Asked:
    return Asked(name, Words(zh, en), "yes_no", clause)


ASKED: tuple[Asked, ...] = (
    Asked("route", Words("申报类别", "programme"), "code", "HOUSE-2.2a", ("dangerous", "seismic")),
    Asked("applied_on", Words("申请日期", "day of application"), "day", "HOUSE-I-1.2.3.1a"),
    Asked("group", Words("对象类别", "group"), "code", "HOUSE-3a", tuple(GROUPS)),
    Asked(
        "certified_by",
        Words("身份认定单位", "office that certified the group"),
        "code",
        "HOUSE-4.1a",
        tuple(CERTIFIERS),
    ),
    Asked("certificate_until", Words("认定有效期至", "certificate valid until"), "day", "HOUSE-4.1a"),
    _yes_no("no_support_before", "从未享受农村住房保障政策", "never had rural housing support", "HOUSE-2.1h"),
    _yes_no("cannot_help_itself", "依靠自身力量无法解决住房安全", "cannot make its house safe by itself", "HOUSE-2.1h"),
    Asked("grade", Words("房屋危险等级", "danger grade"), "code", "HOUSE-I-1.2.1", ("A", "B", "C", "D")),
    _yes_no("grade_by_housing", "等级由住建部门鉴定", "grade given by the housing bureau", "HOUSE-6.1d"),
    _yes_no("funded_2022", "已列入2022年危改资金支持范围", "in the scope of 2022 funding", "HOUSE-2.1b"),
    _yes_no("disaster_rebuild", "已享受因灾倒损农房恢复重建补助", "had the disaster-rebuilding subsidy", "HOUSE-2.1j"),
    _yes_no("state_subsidy", "已享受国家住房补贴政策", "had a state housing subsidy", "HOUSE-2.1k"),
    _yes_no("minor_disaster", "因小型自然灾害等再次成为危房", "dangerous again through a minor disaster", "HOUSE-2.1i"),
    _yes_no("reentry_shown", "再次纳入的证据齐全", "evidence for entering again is complete", "HOUSE-2.1i"),
    _yes_no("listed", "本年度或以往已列入危改、抗震改造", "listed this year or earlier", "HOUSE-2.2f"),
    _yes_no("no_house_certificate", "已提交无房证明", "no-house certificate handed in", "HOUSE-4.1h"),
    Asked(
        "building",
        Words("申请改造的房屋", "building applied for"),
        "code",
        "HOUSE-4.3.3.6a",
        ("main", "east_or_west_wing", "south_room"),
    ),
    _yes_no("voluntary", "本人自愿申请", "applied of its own will", "HOUSE-I-1.1c"),
    Asked("intensity", Words("当地抗震设防烈度", "seismic fortification intensity"), "number", "HOUSE-2.2a", most=12),
    Asked("dwellings", Words("拥有住房套数", "dwellings owned"), "whole", "HOUSE-2.2b", most=99),
    _yes_no("below_seismic_target", "经鉴定未达到当地抗震设防目标", "appraised below the seismic target", "HOUSE-2.2c"),
    _yes_no("willing_and_able", "有改造意愿和能力", "willing and able", "HOUSE-2.2d"),
    Asked("persons", Words("家庭人口", "persons in the household"), "whole", "HOUSE-4.3.2a", least=1, most=30),
    Asked("method", Words("改造方式", "method"), "code", "HOUSE-4.3.1a", tuple(METHODS)),
    _yes_no("method_reasoned", "采用其他方式已写明理由", "reason for another method is given", "HOUSE-4.3.1d"),
    Asked(
        "technical_opinion",
        Words("D级房屋技术意见", "technical opinion on a grade D house"),
        "code",
        "HOUSE-4.3.1e",
        ("worthwhile", "no_value"),
    ),
    _yes_no("cannot_fund", "无力自筹资金", "cannot raise its share", "HOUSE-I-1.3f"),
    _yes_no("wishes_unified", "自建确有困难且愿意统建", "cannot build itself, wishes unified building", "HOUSE-I-1.3c"),
    _yes_no("builder_qualified", "施工方有资质", "builder is qualified", "HOUSE-I-1.3e"),
    Asked("area_m2", Words("建筑面积", "building area"), "number", "HOUSE-I-1.4.2l", least=1, most=1000),
)
BY_NAME = {asked.name: asked for asked in ASKED}
_CODES = {
    "dangerous": Words("危房改造", "dangerous house"),
    "seismic": Words("抗震改造", "seismic retrofit"),
    "main": Words("正房", "main house"),
    "east_or_west_wing": Words("东西厢房", "wing room"),
    "south_room": Words("南房", "south room"),
    "worthwhile": Words("有加固价值且可行", "worth reinforcing"),
    "no_value": Words("无加固价值", "not worth reinforcing"),
}


def group_of(name: str) -> str | None:
    """Return the plan's group that a name means: its code, the plan's words, or another name in use; else None."""
    plain = name.strip().replace("（", "(").replace("）", ")")
    if plain in GROUPS:
        return plain
    return ALSO_CALLED.get(plain) or next((code for code, words in GROUPS.items() if words.zh == plain), None)


def code_words(code: str) -> Words:
    """Return what a code of any fact means."""
    for known in (GROUPS, CERTIFIERS, METHODS, _CODES):
        if code in known:
            return known[code]
    return Words(code, code)


def read(given: object, place: str = "FACTS") -> dict[str, Any]:
    """Return facts as they come from JSON, checked, days as dates; raise ``Problem`` at the first fault."""
    if not isinstance(given, Mapping):
        raise Problem(
            place,
            Words("应是一个 JSON 对象。", "This must be one JSON object."),
            Words("请见 facts-schema。", "See facts-schema."),
        )
    unknown = sorted(set(map(str, given)) - set(BY_NAME))
    if unknown:
        raise Problem(
            unknown[0][:60],
            Words("没有这项事实。", "There is no such fact."),
            Words(f"可填：{'、'.join(BY_NAME)}。", f"One of: {', '.join(BY_NAME)}."),
        )
    return {asked.name: _read_one(asked, given[asked.name]) for asked in ASKED if given.get(asked.name) is not None}


def _read_one(asked: Asked, value: object) -> Any:
    wrong = Words(f"“{asked.words.zh}”不能是“{value!s:.40}”。", f"“{asked.words.en}” cannot be {value!s:.40}.")
    match asked.kind:
        case "yes_no" if isinstance(value, bool):
            return value
        case "code" if isinstance(value, str) and value in asked.codes:
            return value
        case "whole" | "number" if isinstance(value, int | float) and not isinstance(value, bool):
            whole = asked.kind == "number" or float(value).is_integer()
            if math.isfinite(value) and whole and asked.least <= value <= asked.most:
                return value if asked.kind == "number" else int(value)
        case "day" if isinstance(value, dt.date):
            return value
        case "day" if isinstance(value, str):
            try:
                return dt.date.fromisoformat(value)
            except ValueError:
                pass
    raise Problem(asked.name, wrong, _may_be(asked))


def _may_be(asked: Asked) -> Words:
    match asked.kind:
        case "yes_no":
            return Words("请填 true 或 false。", "Give true or false.")
        case "code":
            return Words(f"可填：{'、'.join(asked.codes)}。", f"One of: {', '.join(asked.codes)}.")
        case "day":
            return Words("请写成 2023-04-20。", "Write it as 2023-04-20.")
    return Words(
        f"请填 {asked.least:g} 至 {asked.most:g} 的数。", f"Give a number from {asked.least:g} to {asked.most:g}."
    )


def schema() -> dict[str, Any]:
    """Return the JSON Schema (2020-12) of the facts."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Facts about one household",
        "type": "object",
        "additionalProperties": False,
        "properties": {asked.name: _schema_of(asked) for asked in ASKED},
    }


def _schema_of(asked: Asked) -> dict[str, Any]:
    told: dict[str, Any] = {"title": asked.words.zh, "description": f"{asked.words.en} ({asked.clause})"}
    match asked.kind:
        case "yes_no":
            return {**told, "type": ["boolean", "null"]}
        case "code":
            return {**told, "enum": [*asked.codes, None]}
        case "day":
            return {**told, "type": ["string", "null"], "format": "date"}
    limits = {"minimum": asked.least, **({"maximum": asked.most} if asked.most < math.inf else {})}
    return {**told, "type": ["integer" if asked.kind == "whole" else "number", "null"], **limits}
