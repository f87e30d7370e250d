"""Whether a printed post is the head of its unit. Pure: words in.

A plan prints 局长, 副局长, 党委副书记、镇长, 分管负责同志. Only the head of a unit has one post in this house that it
can be; for every other a person says which post it is.
"""

HEADS = ("局长", "主任", "镇长", "部长", "书记", "院长", "总经理", "大队长", "队长", "校长", "所长", "站长")
_LESSER = ("副", "兼", "挂职", "主任科员", "成员", "分管")


def is_head(printed: str) -> bool:
    """Tell whether the last post of a printed line is the head: ``党委副书记、镇长`` is, ``副局长`` is not."""
    last = printed.replace("（", "、（").split("、")[-1].strip()
    return last.endswith(HEADS) and not any(word in last for word in _LESSER)
