"""What must not be public is hidden sign for sign; what may be stays."""

import pytest

from luoshi.supervision.promises.masking import found, masked
from tests.office.people.test_persons import made_id

HIDDEN = [
    (f"身份证{made_id(7)}已核", "number"),
    ("手机 1380000 0000 随时可打", "number"),
    ("办公室 0472-8123456", "phone"),
    ("邮箱 desk@example.org", "mail"),
    ("联系人：张 三", "name"),
    ("举报人是李四", "name"),
    ("由演三十一负责", "name"),
]
KEPT = ["2023年7月3日前完成90%，抽检4批次/千人", "固政发〔2023〕12号", "牵头单位：市场监管局", "12345 热线"]


@pytest.mark.parametrize("text,kind", HIDDEN)
def test_hidden(text: str, kind: str) -> None:
    hits = found(text, ["演三十一", "督查员"])
    assert [h.kind for h in hits] == [kind]
    shown = masked(text, ["演三十一"])
    assert len(shown) == len(text) and shown != text
    assert found(shown, ["演三十一"]) == ()


@pytest.mark.parametrize("text", KEPT)
def test_kept(text: str) -> None:
    assert masked(text, ["演三十一"]) == text


def test_an_account_called_after_its_post_hides_no_word() -> None:
    assert masked("督查员每周检查", ["督查员"]) == "督查员每周检查"
