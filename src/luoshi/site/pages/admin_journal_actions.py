"""Exporting and checking the journal, as actions: both are written down in it."""

from typing import Annotated

from pydantic import Field

from luoshi.core.problem import Problem
from luoshi.core.words import Words
from luoshi.office.access import Grants, Where
from luoshi.office.actions import Call, Done, Inputs, action
from luoshi.office.journal import seals
from luoshi.office.journal.models import Entry
from luoshi.office.people.models import County

LONGEST_ON_A_PAGE = 50_000
"""Entries that a page checks while others wait to write; more are checked by ``luoshi journal verify``."""
AUDIT: Grants = {"audit_admin": "county", "auditor": "county"}


class Export(Inputs):
    """What was searched for, as the address of the search had it."""

    query: Annotated[str, Field(max_length=2000)]


class Nothing(Inputs):
    """No input: what was found is never told by whoever asks."""


def _county(call: Call, inputs: Inputs) -> County:
    return County.objects.get(pk=call.actor.county_id)


@action(
    "journal.export", Words("导出留痕", "Export the journal"),
    subject="journal", grants=AUDIT, inputs=Export, load=_county, where=lambda county: Where(county.pk),
)  # fmt: skip
def export_entries(call: Call, county: County, inputs: Export) -> Done:
    """Write down that entries of the county were given out."""
    return Done(Words("导出留痕", "Exported the journal"), facts={"query": inputs.query}, subject_id="")


@action(
    "journal.verify", Words("核验留痕", "Check the journal"),
    subject="journal", grants=AUDIT, inputs=Nothing, load=_county, where=lambda county: Where(county.pk),
)  # fmt: skip
def check(call: Call, county: County, inputs: Nothing) -> Done:
    """Check every entry and seal and write down what was found; ``Problem`` where there are too many to wait for."""
    if Entry.objects.count() > LONGEST_ON_A_PAGE:
        raise Problem(
            "journal",
            Words("条目太多，不适合在网页上核验。", "There are too many entries to check on a page."),
            Words("请在服务器上运行 luoshi journal verify。", "Run luoshi journal verify on the server."),
            status=409,
        )
    found = seals.verify()
    zh, en = ("完好", "intact") if found.altered is None else ("已被改动", "altered")
    return Done(Words(f"核验留痕：{zh}", f"Checked the journal: {en}"), values=found.as_json(), subject_id="")
