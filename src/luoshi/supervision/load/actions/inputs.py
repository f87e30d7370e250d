"""Fields that several actions of this part share."""

import datetime as dt
from typing import Annotated

from luoshi.office.access import Grants
from luoshi.office.actions import Inputs
from luoshi.supervision.actions.inputs import Reason, Text, told

SENDERS: Grants = {"supervisor": "county", "leading_office": "unit", "county_head": "county"}
"""Who may ask something of units; a leading office over what it sent itself."""
ANSWERING: Grants = {"officer": "unit", "unit_head": "unit", "town_clerk": "place", "village_clerk": "unit"}
"""Who answers for a unit."""
Units = Annotated[
    tuple[int, ...],
    told(
        "单位", "Units", "单位编号；统称（各镇）代表其成员", "ids; a collective unit stands for its members",
        min_length=1, max_length=300,
    ),
]  # fmt: skip
Title = Annotated[str, told("事项", "Title", min_length=2, max_length=200)]
LongText = Annotated[str, told("内容", "Text", min_length=2, max_length=5000)]
DueOn = Annotated[dt.date, told("期限", "Due day", "工作日", "a working day")]
Public = Annotated[
    bool,
    told("对外公开", "Public", "公开的通报不得出现个人姓名和证件号码", "a public circular names no person"),
]


class PressInputs(Inputs):
    """One step of pressing."""

    press_id: Annotated[int, told("催督步骤编号", "Step", ge=1)]


class PressReasonInputs(PressInputs):
    """One step of pressing, and why."""

    reason: Reason


class CheckInputs(Inputs):
    """One check."""

    check_id: Annotated[int, told("检查编号", "Check", ge=1)]


class CheckReasonInputs(CheckInputs):
    """One check, and why."""

    reason: Reason


class TextInputs(Inputs):
    """A text."""

    text: Text
