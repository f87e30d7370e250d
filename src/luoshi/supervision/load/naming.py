"""What may not stand in a public circular: names of people who hold accounts, and numbers of persons."""

from luoshi.core.outcome import Refused, refuse
from luoshi.core.words import Words
from luoshi.office.notices import letting
from luoshi.office.people.models import Account

SHORTEST = 2


def public_refused(county_id: int, *texts: str) -> Refused | None:
    """Refuse texts in which a person of the county or a number of a person stands. The name is not repeated."""
    for text in texts:
        found = letting.text_refused(Words("通报", "circular"), text)
        if found is not None:
            return found
    names = Account.objects.filter(county_id=county_id).values_list("display_name", flat=True).distinct()
    for name in names.iterator(chunk_size=2000):
        if len(name.strip()) >= SHORTEST and any(name.strip() in text for text in texts):
            return refuse(
                "person_named",
                "公开的通报里出现了工作人员的姓名。",
                "A person is named in a public circular.",
                Words(
                    "请改用单位和岗位的名称，或不对外公开。", "Name the unit and the post, or do not make it public."
                ),
            )
    return None
