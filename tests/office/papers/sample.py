"""Papers the tests print. Invented text."""

from datetime import date

from luoshi.office.papers.model import (
    Annex,
    AttachmentList,
    Heading,
    Imprint,
    Paper,
    Paragraph,
    Signature,
    Table,
)


def notice(paragraphs: int = 1) -> Paper:
    """A notice with every part a paper can have."""
    body = [
        Heading("工作目标", 1, 1),
        *[Paragraph("按照年度任务安排，逐户登记，逐户鉴定，逐户建档，确保按期完成。" * 4)] * paragraphs,
        Heading("组织领导", 2, 1),
        Paragraph("各镇明确1名负责人，于2023年6月30日前完成核查。"),
        Heading("核查范围", 3, 1),
        Heading("重点对象", 4, 2),
        Table(
            ("序号", "镇", "完成时限", "备注"),
            [("1", "甲镇", "2023-06-30", "由第三方机构鉴定并出具报告后存档备查")] * 3,
            "任务分解表",
        ),
    ]
    return Paper(
        title="某县人民政府关于做好农村房屋安全提升有关工作的通知",
        mark="某县人民政府文件",
        number="某政发[2023] 第08号",
        recipients=["各镇人民政府", "县直各有关部门"],
        blocks=[
            *body,
            AttachmentList(["工作安排", "进度情况统计表（按月填报）"]),
            Signature("某县人民政府", date(2023, 4, 3)),
            Annex("工作安排", [Paragraph("制定本安排。")], label="附件1"),
        ],
        disclosure="此件公开发布",
        copies_to=["县委办公室", "县人大常委会办公室", "县政协办公室", "县人民法院", "县人民检察院", "各人民团体"],
        imprint=Imprint("某县人民政府办公室", date(2023, 4, 4)),
    )


def grid(lines: int) -> Paper:
    """Nothing but full lines of 28 letters below a title: one long paragraph without indent."""
    return Paper(title="网格", blocks=[Paragraph("国" * 28 * lines, indent=False)])
