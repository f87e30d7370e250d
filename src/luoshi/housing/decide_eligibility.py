"""Who may be helped: five total tables, each about one thing, so that a villager learns every condition that failed.

Clauses HOUSE-2.1b–k (six groups, earlier help, entering again), HOUSE-2.2 (seismic branch), HOUSE-3a, HOUSE-4.1 (three
separate acts: certificate, grade, decision), HOUSE-4.3.3.6b–c (which building), HOUSE-I-1.1c, HOUSE-I-1.2.1. Readings
HOUSE-R-04, R-05, R-17 to R-21.
"""

from functools import lru_cache

from luoshi.core.table import Bands, Bool, Category, Edge, Result, Row, Table
from luoshi.core.table.inputs import Fact
from luoshi.core.words import Words
from luoshi.housing import facts
from luoshi.housing.facts import BY_NAME
from luoshi.housing.rules import Rules

GROUP_CLAUSE = {
    "prone_to_poverty": ("HOUSE-2.1c", "HOUSE-4.1b"),
    "subsistence": ("HOUSE-2.1d", "HOUSE-4.1f"),
    "destitute": ("HOUSE-2.1e", "HOUSE-4.1e"),
    "hardship": ("HOUSE-2.1f", "HOUSE-4.1c"),
    "margin": ("HOUSE-2.1g", "HOUSE-4.1g"),
    "lifted": ("HOUSE-2.1h", "HOUSE-4.1d"),
}
BY_RURAL = ("prone_to_poverty", "hardship", "lifted")
BY_CIVIL = ("subsistence", "destitute", "margin")


def yes_no(name: str, *, fixed: bool = False) -> Bool:
    return Bool(name, BY_NAME[name].words, can_change=not fixed)


def category(name: str, *, fixed: bool = False) -> Category:
    asked = BY_NAME[name]
    return Category(name, asked.words, {code: facts.code_words(code) for code in asked.codes}, can_change=not fixed)


def _refused(code: str, zh: str, en: str, remedy_zh: str, remedy_en: str, *clauses: str) -> Result:
    return Result(code, "refused", Words(zh, en), Words(remedy_zh, remedy_en), clauses)


def _granted(code: str, zh: str, en: str) -> Result:
    return Result(code, "granted", Words(zh, en))


@lru_cache(maxsize=32)
def tables(rules: Rules) -> tuple[Table, ...]:
    """Return the tables in the order in which a case is asked; all must grant."""
    return _group(rules), _house(rules), _earlier_help(), _object(), _seismic(rules)


def _group(rules: Rules) -> Table:
    until = Bands(
        "certificate",
        Words("身份认定在申请日是否有效", "certificate on the day of application"),
        ("expired", "valid"),
        (Edge(0, "days", "HOUSE-4.1a"),),
        of=Fact("certificate_until", BY_NAME["certificate_until"].words),
        less=Fact("applied_on", BY_NAME["applied_on"].words),
    )
    ordinary = "group_certified" if rules.ordinary_eligible.value else "ordinary_household"
    rows = [
        Row("not_a_group", {"group": "none"}),
        Row(ordinary, {"group": "ordinary"}, ("HOUSE-I-1.2.2g", rules.ordinary_eligible.ground)),
        *(
            Row("wrong_certifier", {"group": group, "certified_by": {other, "other"}}, GROUP_CLAUSE[group])
            for groups, other in ((BY_RURAL, "civil_affairs"), (BY_CIVIL, "rural_revitalisation"))
            for group in groups
        ),
        Row("certificate_expired", {"certificate": "expired"}),
        Row("supported_before", {"group": "lifted", "no_support_before": False}, ("HOUSE-2.1h",)),
        Row("can_help_itself", {"group": "lifted", "cannot_help_itself": False}, ("HOUSE-2.1h",)),
        *(Row("group_certified", {"group": group}, clauses) for group, clauses in GROUP_CLAUSE.items()),
    ]
    return Table(
        "housing group",
        clauses=("HOUSE-3a", "HOUSE-4.1a"),
        priority=True,
        rows=rows,
        results=_group_results(rules),
        inputs=[
            category("group", fixed=True),
            category("certified_by"),
            until,
            yes_no("no_support_before", fixed=True),
            yes_no("cannot_help_itself"),
        ],
    )


def _group_results(rules: Rules) -> list[Result]:
    results = [
        _granted("group_certified", "身份已由主管部门认定。", "The group is certified by its office."),
        _refused(
            "not_a_group",
            "不属于六类重点对象。",
            "It is in none of the six priority groups.",
            "如已被民政或乡村振兴部门认定为其中一类，请补交认定证明。",
            "If civil affairs or rural revitalisation certified one of the groups, hand in the certificate.",
            "HOUSE-3a",
        ),
        _refused(
            "wrong_certifier",
            "身份认定不是由主管这一类的部门作出的。",
            "The group was not certified by the office in charge of it.",
            "请由主管部门重新认定。",
            "Have the office in charge certify it.",
            "HOUSE-4.1a",
        ),
        _refused(
            "certificate_expired",
            "身份认定在申请日已过期。",
            "The certificate had run out on the day of application.",
            "请更新认定后再申请。",
            "Renew the certificate and apply again.",
            "HOUSE-4.1a",
        ),
        _refused(
            "supported_before",
            "这一类以从未享受农村住房保障政策为条件。",
            "This group must never have had rural housing support.",
            "如记录有误，请申请更正。",
            "If the record is wrong, ask for its correction.",
        ),
        _refused(
            "can_help_itself",
            "这一类以依靠自身力量无法解决住房安全为条件。",
            "This group must be unable to make its house safe by itself.",
            "情况有变时可再申请。",
            "Apply again when circumstances change.",
        ),
    ]
    if not rules.ordinary_eligible.value:
        results.append(
            _refused(
                "ordinary_household",
                "一般常住户目前不在补助范围。",
                "Ordinary resident households are not subsidised at present.",
                "如被认定为六类重点对象之一，可再申请。",
                "Apply again when certified as one of the six groups.",
            )
        )
    return results


def _house(rules: Rules) -> Table:
    enough = {"route": "dangerous", "grade": {g for g in "ABCD" if g not in rules.grades}}
    return Table(
        "housing danger grade",
        clauses=(rules.grades_ground, "HOUSE-6.1d"),
        priority=True,
        inputs=[category("route", fixed=True), category("grade", fixed=True), yes_no("grade_by_housing")],
        rows=[
            Row("judged_by_the_seismic_branch", {"route": "seismic"}, ("HOUSE-2.2a",)),
            Row("not_dangerous", enough, (rules.grades_ground,)),
            Row("grade_not_by_housing", {"grade_by_housing": False}, ("HOUSE-6.1d",)),
            Row("dangerous", {}, (rules.grades_ground,)),
        ],
        results=[
            _granted(
                "judged_by_the_seismic_branch", "抗震改造按抗震条件审查。", "The seismic branch has its own conditions."
            ),
            _granted("dangerous", "经鉴定为C级或D级危房。", "The house is of danger grade C or D."),
            _refused(
                "not_dangerous",
                "房屋不是C级或D级危房。",
                "The house is not of danger grade C or D.",
                "房屋状况变差时，可申请重新鉴定。",
                "When the house gets worse, ask for a new grade.",
            ),
            _refused(
                "grade_not_by_housing",
                "危险等级不是由住建部门鉴定的。",
                "The grade was not given by the housing bureau.",
                "请向镇政府申请，由县住建部门鉴定。",
                "Ask the town to have the housing bureau grade it.",
            ),
        ],
    )


def _earlier_help() -> Table:
    before = {"minor_disaster": False}
    return Table(
        "housing earlier help",
        clauses=("HOUSE-2.1b", "HOUSE-2.1j", "HOUSE-2.1k"),
        priority=True,
        inputs=[yes_no(name, fixed=True) for name in ("disaster_rebuild", "listed", "funded_2022", "state_subsidy")]
        + [yes_no("minor_disaster", fixed=True), yes_no("reentry_shown")],
        rows=[
            Row("disaster_subsidy_had", {"disaster_rebuild": True}, ("HOUSE-2.1j",)),
            Row("listed_already", {"listed": True} | before, ("HOUSE-2.2f",)),
            Row("funded_in_2022", {"funded_2022": True} | before, ("HOUSE-2.1b",)),
            Row("state_subsidy_had", {"state_subsidy": True} | before, ("HOUSE-2.1k",)),
            *(
                Row("reentry_not_shown", {name: True, "reentry_shown": False}, ("HOUSE-2.1i",))
                for name in ("listed", "funded_2022", "state_subsidy")
            ),
            *(
                Row("enters_again", {name: True}, ("HOUSE-2.1i",))
                for name in ("listed", "funded_2022", "state_subsidy")
            ),
            Row("no_earlier_help"),
        ],
        results=[
            _granted("no_earlier_help", "没有重复享受。", "There was no earlier help."),
            _granted(
                "enters_again",
                "因小型自然灾害再次成为危房，可以再次纳入。",
                "Dangerous again through a minor disaster: it may enter again.",
            ),
            _refused(
                "disaster_subsidy_had",
                "已享受因灾倒损农房恢复重建补助。",
                "It had the disaster-rebuilding subsidy.",
                "如记录有误，请申请更正。",
                "If the record is wrong, ask for its correction.",
            ),
            _refused(
                "listed_already",
                "本年度或以往已列入危改或抗震改造名单。",
                "It is on a list of this year or earlier.",
                "如记录有误，请申请更正。",
                "If the record is wrong, ask for its correction.",
            ),
            _refused(
                "funded_in_2022",
                "已列入2022年危改资金支持范围。",
                "It was in the scope of 2022 funding.",
                "只有因小型自然灾害等再次成为危房的，才可再次纳入。",
                "Only a house made dangerous again by a minor disaster may enter again.",
                "HOUSE-2.1i",
            ),
            _refused(
                "state_subsidy_had",
                "已享受国家住房补贴政策。",
                "It had a state housing subsidy.",
                "只有因小型自然灾害等再次成为危房的，才可再次纳入。",
                "Only a house made dangerous again by a minor disaster may enter again.",
                "HOUSE-2.1i",
            ),
            _refused(
                "reentry_not_shown",
                "再次纳入的证据不全。",
                "The evidence for entering again is not complete.",
                "请补交原改造记录、受灾证明、新的鉴定和批准人意见。",
                "Hand in the earlier record, evidence of the cause, a new grade and the approver's words.",
            ),
        ],
    )


def _object() -> Table:
    return Table(
        "housing application",
        clauses=("HOUSE-4.1h", "HOUSE-4.3.3.6a", "HOUSE-I-1.1c"),
        priority=True,
        inputs=[category("building"), yes_no("no_house_certificate"), yes_no("voluntary")],
        rows=[
            Row("wing_room", {"building": "east_or_west_wing"}, ("HOUSE-4.3.3.6b",)),
            Row("south_room", {"building": "south_room"}, ("HOUSE-4.3.3.6c",)),
            Row("no_certificate", {"no_house_certificate": False}, ("HOUSE-4.1h",)),
            Row("not_voluntary", {"voluntary": False}, ("HOUSE-I-1.1c",)),
            Row("in_order"),
        ],
        results=[
            _granted("in_order", "申请对象和材料符合要求。", "The object and the papers are in order."),
            _refused(
                "wing_room",
                "东西厢房不予补助。",
                "Wing rooms get no subsidy.",
                "可就正房申请。",
                "Apply for the main house.",
            ),
            _refused(
                "south_room",
                "南房不予补助。",
                "South rooms get no subsidy.",
                "可就正房申请。",
                "Apply for the main house.",
            ),
            _refused(
                "no_certificate",
                "没有无房证明。",
                "The no-house certificate is missing.",
                "请到不动产登记机构开具无房证明。",
                "Get it from the real-estate registry.",
            ),
            _refused(
                "not_voluntary",
                "不是本人自愿申请。",
                "The household did not apply of its own will.",
                "由本人签字表明意愿后再申请。",
                "Apply again with a signed statement.",
            ),
        ],
    )


def _seismic(rules: Rules) -> Table:
    least, count = rules.intensity_min, rules.dwellings
    names = ("route", "intensity", "dwellings", "below_seismic_target", "willing_and_able")
    intensity = Bands(
        "intensity",
        BY_NAME["intensity"].words,
        ("low", "enough"),
        (Edge(least.value, "度", least.ground),),
        can_change=False,
    )
    dwellings = Bands(
        "dwellings",
        BY_NAME["dwellings"].words,
        ("none", "one", "several"),
        (Edge(count.value, "套", count.ground), Edge(count.value, "套", count.ground, "to")),
    )
    return Table(
        "housing seismic branch",
        clauses=("HOUSE-2.2a", "HOUSE-2.2b", "HOUSE-2.2c", "HOUSE-2.2d"),
        priority=True,
        inputs=[category(names[0], fixed=True), intensity, dwellings, yes_no(names[3]), yes_no(names[4])],
        rows=[
            Row("not_the_seismic_branch", {"route": "dangerous"}),
            Row("intensity_low", {"intensity": "low"}, ("HOUSE-2.2a",)),
            Row("not_one_dwelling", {"dwellings": {"none", "several"}}, ("HOUSE-2.2b",)),
            Row("meets_the_target", {"below_seismic_target": False}, ("HOUSE-2.2c",)),
            Row("not_willing_or_able", {"willing_and_able": False}, ("HOUSE-2.2d",)),
            Row("seismic_need"),
        ],
        results=[
            _granted("not_the_seismic_branch", "不按抗震改造申报。", "This is not the seismic branch."),
            _granted("seismic_need", "符合抗震改造条件。", "The conditions of the seismic branch are met."),
            _refused(
                "intensity_low",
                "当地抗震设防烈度不足。",
                "The fortification intensity of the place is too low.",
                "可按危房改造申请鉴定。",
                "Ask for a danger grade instead.",
            ),
            _refused(
                "not_one_dwelling",
                "不是仅有一套住房。",
                "The household does not own exactly one dwelling.",
                "如登记有误，请更正。",
                "If the registry is wrong, have it corrected.",
            ),
            _refused(
                "meets_the_target",
                "房屋已达到当地抗震设防目标。",
                "The house meets the seismic target.",
                "可申请重新鉴定。",
                "Ask for a new appraisal.",
            ),
            _refused(
                "not_willing_or_able",
                "没有改造意愿或能力。",
                "The household is not willing or not able.",
                "愿意改造时可再申请。",
                "Apply again when willing.",
            ),
        ],
    )
