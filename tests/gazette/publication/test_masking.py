"""What must not be public is hidden, in place, and nothing else. All names and numbers here are made up."""

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from luoshi.gazette.publication.masking import masked, masks

HIDDEN = [
    ("联系人：王小明，电话：8115000。", ("王小明", "8115000")),
    ("举报电话（0472-8120000）", ("0472-8120000",)),
    ("请致电13812345678", ("13812345678",)),
    ("邮箱 someone.x@example.org 收", ("someone.x@example.org",)),
    ("身份证11010519491231002X", ("11010519491231002X",)),
    ("组 长：李 山 县委副书记、县长", ("李 山",)),
    ("副组长：张三丰 县委常委、副县长\n\n赵大海 副县长", ("张三丰", "赵大海")),
    ("孙小虎\t县委副书记\t钱 进\t县卫生健康委员会主任", ("孙小虎", "钱 进")),
    ("成 员： 周文斌\t县政府办公室主任", ("周文斌",)),
    ("巴图孟和\t县民政局局长", ("巴图孟和",)),
    ("办公室主任由县农牧局局长吴大力兼任", ("吴大力",)),
    ("5月4日,郑强县长主持召开会议", ("郑强",)),
    ("县委书记冯一平、县长陈晨等县领导参加", ("冯一平", "陈晨")),
    ("县领导褚明、卫东风、蒋三元出席仪式", ("褚明", "卫东风", "蒋三元")),
]
KEPT = [
    "金山镇 镇长", "应急办 主任", "安全局 局长", "成员：县公安局、县农牧局", "2023年12月31日前完成", "固政发〔2023〕15号", "补助标准为每户25000元",
    "县委常委、纪委书记", "包头市长", "办公室主任由局长兼任", "高新区管委会主任", "面积15022220平方米", "责任单位：县水务局", "各镇镇长为第一责任人",
]  # fmt: skip


@pytest.mark.clause("GAZ-X-4")
@pytest.mark.clause("GAZ-X-5")
@pytest.mark.parametrize(("text", "secrets"), HIDDEN)
def test_contact_data_and_names_are_hidden(text: str, secrets: tuple[str, ...]) -> None:
    shown = masked(text)
    assert len(shown) == len(text)
    for secret in secrets:
        assert secret not in shown, shown


@pytest.mark.parametrize("text", KEPT)
def test_units_posts_figures_and_days_stay(text: str) -> None:
    assert masked(text) == text


@settings(max_examples=150, deadline=None)
@given(st.text(alphabet="王李县长局、，：: \n\t0123456789-@.ab联系人电话", max_size=60))
def test_masks_are_in_order_and_length_is_kept(text: str) -> None:
    found = masks(text)
    assert all(a.end <= b.start for a, b in pairwise(found))
    assert len(masked(text)) == len(text)
    assert [c.isspace() for c in masked(text)] == [c.isspace() for c in text]
