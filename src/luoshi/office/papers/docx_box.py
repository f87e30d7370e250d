"""A text box that stands at the foot of the text area of the page its anchor is on: the 版记 of a paper.

Word, WPS and LibreOffice 7.4 all place a DrawingML box by ``align bottom``; paragraph frames and floating tables were
tried first, and LibreOffice 7.4 leaves both where the text ends.
"""

from collections.abc import Sequence
from typing import Any

from docx.oxml import parse_xml

from luoshi.office.papers.layout import TEXT_WIDTH_MM

EMU_PER_MM = 36_000
EMU_PER_PT = 12_700
_NAMES = " ".join(
    f'xmlns:{prefix}="{uri}"'
    for prefix, uri in {
        "w": "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
        "wp": "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing",
        "a": "http://schemas.openxmlformats.org/drawingml/2006/main",
        "wps": "http://schemas.microsoft.com/office/word/2010/wordprocessingShape",
        "mc": "http://schemas.openxmlformats.org/markup-compatibility/2006",
    }.items()
)


def box_at_foot(paragraphs: Sequence[Any], height_pt: float) -> Any:
    """Return a run that holds the box over the text area's full width; it keeps no distance inside."""
    wide, high = round(TEXT_WIDTH_MM * EMU_PER_MM), round(height_pt * EMU_PER_PT)
    made = parse_xml(
        f"""<w:r {_NAMES}><mc:AlternateContent><mc:Choice Requires="wps"><w:drawing>
        <wp:anchor distT="0" distB="0" distL="0" distR="0" simplePos="0" relativeHeight="2" behindDoc="0" locked="0"
          layoutInCell="1" allowOverlap="0"><wp:simplePos x="0" y="0"/>
        <wp:positionH relativeFrom="margin"><wp:align>left</wp:align></wp:positionH>
        <wp:positionV relativeFrom="margin"><wp:align>bottom</wp:align></wp:positionV>
        <wp:extent cx="{wide}" cy="{high}"/><wp:effectExtent l="0" t="0" r="0" b="0"/><wp:wrapTopAndBottom/>
        <wp:docPr id="1" name="版记" descr="版记：抄送机关、印发机关和印发日期"/><wp:cNvGraphicFramePr/>
        <a:graphic><a:graphicData uri="http://schemas.microsoft.com/office/word/2010/wordprocessingShape"><wps:wsp>
        <wps:cNvSpPr txBox="1"/><wps:spPr><a:xfrm><a:off x="0" y="0"/><a:ext cx="{wide}" cy="{high}"/></a:xfrm>
        <a:prstGeom prst="rect"><a:avLst/></a:prstGeom><a:noFill/><a:ln><a:noFill/></a:ln></wps:spPr>
        <wps:txbx><w:txbxContent/></wps:txbx>
        <wps:bodyPr lIns="0" tIns="0" rIns="0" bIns="0" anchor="b"><a:noAutofit/></wps:bodyPr></wps:wsp>
        </a:graphicData></a:graphic></wp:anchor></w:drawing></mc:Choice></mc:AlternateContent></w:r>"""
    )
    content = next(node for node in made.iter() if str(node.tag).endswith("}txbxContent"))
    for one in paragraphs:
        content.append(one)
    return made
