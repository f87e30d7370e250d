"""Who may read what waits on the editor's desk."""

from luoshi.core.words import Words
from luoshi.office.access import Readable

PROPOSAL = Readable(
    "proposal",
    Words("待确认的公报", "Gazette proposal"),
    {"editor": "county", "disclosure_officer": "county", "supervisor": "county", "auditor": "county"},
)
VERSION_CHANGE = Readable(
    "version_change",
    Words("文件换版记录", "Change of version"),
    {
        "editor": "county",
        "supervisor": "county",
        "leading_office": "county",
        "county_head": "county",
        "auditor": "county",
    },
)
