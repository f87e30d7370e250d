"""What a failing database or disk means to the person who waits for an answer."""

from django.db import DataError, IntegrityError

from luoshi.core.problem import Problem
from luoshi.core.words import Words


def lacks_tables(fault: BaseException) -> bool:
    """Tell whether a database answers that it has not, or not yet, the tables and columns this program needs."""
    text = str(fault).lower()
    return "no such table" in text or "no such column" in text or "does not exist" in text


def as_problem(fault: Exception) -> Problem:
    """Translate a database or disk error into a message with a remedy; nothing was written in any of these cases."""
    text = str(fault).lower()
    if isinstance(fault, IntegrityError):
        return Problem(
            "database",
            Words("这项内容与已有记录冲突，没有保存。", "This conflicts with an existing record; nothing was saved."),
            Words("请刷新页面查看现状后再办理。", "Reload the page, look at the present state, and try again."),
            status=409,
        )
    if isinstance(fault, DataError):
        return Problem(
            "database",
            Words(
                "有一项内容过长，或含有不能保存的字符，没有保存。",
                "One entry is too long or holds characters that cannot be kept; nothing was saved.",
            ),
            Words(
                "请缩短内容、去掉不可见字符后再提交。", "Shorten it, remove invisible characters, and send it again."
            ),
            status=422,
        )
    if lacks_tables(fault) and 'database "' not in text and 'role "' not in text:
        return Problem(
            "database",
            Words(
                "数据库还没有建立，或不是这个版本的：缺少数据表。",
                "The database has not been prepared, or not for this version: tables are missing.",
            ),
            Words(
                "请系统管理员运行 luoshi up --prepare-only 建表，再打开这一页。",
                "Ask the system administrator to run luoshi up --prepare-only, then open this page again.",
            ),
            status=503,
        )
    if isinstance(fault, PermissionError | NotADirectoryError | FileExistsError) or "unable to open database" in text:
        place = str(getattr(fault, "filename", None) or "LUOSHI_HOME")
        return Problem(
            place,
            Words("不能读写这个位置。", "This place cannot be read or written."),
            Words(
                "请系统管理员检查文件夹及其权限。",
                "Ask the system administrator to check the folder and its permissions.",
            ),
            status=503,
        )
    if "locked" in text or "timeout" in text or "deadlock" in text:
        return Problem(
            "database",
            Words("系统正忙，这次没有保存。", "The system is busy; nothing was saved."),
            Words("请稍候再提交，重复提交不会重复办理。", "Send it again shortly; sending twice does not act twice."),
            status=503,
        )
    if "full" in text or "no space" in text or "disk quota" in text:
        return Problem(
            "disk",
            Words("磁盘已满，这次没有保存。", "The disk is full; nothing was saved."),
            Words("请系统管理员清理磁盘后再提交。", "Ask the system administrator to free space, then send it again."),
            status=507,
        )
    return Problem(
        "database",
        Words("数据库暂时不能用，这次没有保存。", "The database cannot be used at the moment; nothing was saved."),
        Words(
            "请稍候再提交；如仍不行，请联系系统管理员。",
            "Try again shortly; if it persists, tell the system administrator.",
        ),
        status=503,
    )
