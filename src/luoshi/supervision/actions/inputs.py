"""What every input of supervision says of itself, in both languages, and the fields that several actions share."""

from typing import Annotated, Any

from pydantic import Field

from luoshi.office.actions import Inputs


def told(zh: str, en: str, help_zh: str = "", help_en: str = "", **limits: Any) -> Any:
    """Return a field with its title and help in Chinese and English, as forms and the API show them."""
    return Field(title=f"{zh} {en}", description=f"{help_zh or zh} / {help_en or en}", **limits)


AssignmentId = Annotated[
    int, told("任务分工编号", "Assignment", "一个单位在一项任务中的分工", "one unit's share of a task", ge=1)
]
ReportId = Annotated[int, told("报告编号", "Report", "待审核的报告", "the report under review", ge=1)]
TaskId = Annotated[int, told("任务编号", "Task", ge=1)]
Reason = Annotated[
    str,
    told(
        "理由",
        "Reason",
        "写明原因和依据，会留痕",
        "why and on what ground; it is kept in the journal",
        min_length=2,
        max_length=1000,
    ),
]
Text = Annotated[
    str,
    told(
        "情况说明",
        "What was done",
        "做了什么、结果如何、还差什么",
        "what was done, with what result, what is missing",
        min_length=2,
        max_length=5000,
    ),
]
Files = Annotated[
    tuple[int, ...],
    told("材料", "Evidence", "已上传文件的编号", "ids of uploaded files", max_length=30),
]


class ShareInputs(Inputs):
    """An action on one assignment that needs nothing more."""

    assignment_id: AssignmentId


class ReasonedInputs(ShareInputs):
    """An action on one assignment that must say why."""

    reason: Reason
