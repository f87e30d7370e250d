"""The measures of GB/T 9704-2012 that the docx and the pdf engine share. Lengths in mm or pt as the name says."""

PAGE_WIDTH_MM = 210.0
PAGE_HEIGHT_MM = 297.0
TOP_MM = 37.0  # 天头
LEFT_MM = 28.0  # 订口
TEXT_WIDTH_MM = 156.0  # 版心
TEXT_HEIGHT_MM = 225.0
RIGHT_MM = PAGE_WIDTH_MM - LEFT_MM - TEXT_WIDTH_MM  # 26
BOTTOM_MM = PAGE_HEIGHT_MM - TOP_MM - TEXT_HEIGHT_MM  # 35

LINES = 22
CHARACTERS = 28
PT_PER_MM = 72 / 25.4
LINE_PT = 28.95  # 22 lines in 225 mm leave 28.99 pt each; Word counts in 1/20 pt, so the next lower step
CHARACTER_PT = TEXT_WIDTH_MM * PT_PER_MM / CHARACTERS  # 15.79: 3号 is 16 pt, so letters stand 0.21 pt closer

BODY_PT = 16.0  # 3号
TITLE_PT = 22.0  # 2号
SMALL_PT = 14.0  # 4号: page numbers and the imprint
TABLE_PT = 12.0  # 小四: the standard leaves tables open

MARK_TOP_MM = 35.0  # from the text area's upper edge to the upper edge of the 发文机关标志
RED_LINE_GAP_MM = 4.0  # red line below the number
PAGE_NUMBER_GAP_MM = 7.0  # page number below the text area's lower edge
THICK_RULE_MM = 0.35  # first and last rule of the imprint
THIN_RULE_MM = 0.25
SEAL_INDENT = 4  # characters right of the date when a seal goes over it
PLAIN_INDENT = 2  # the same without a seal
RED = "E60000"
