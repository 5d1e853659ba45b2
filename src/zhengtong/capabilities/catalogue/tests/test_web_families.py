"""What a guide says of fees, commitments, duties, members, sub-items and the units that carry an item out."""

import pytest
from django.test import Client

from zhengtong.capabilities.catalogue import api
from zhengtong.capabilities.catalogue.tests import county

pytestmark = pytest.mark.django_db
HEAD = "119807230072031936498"
MAIN, ONE, TWO, BOTH = (HEAD + tail for tail in ("013900100Y", "0139001001", "0139001002", "0139001009"))


@pytest.fixture(autouse=True)
def _county() -> None:
    county.found_county()


def publish(**changes: object) -> None:
    api.publish_item(actor=county.BOSS, draft=county.draft(**changes))


def page(client: Client, code: str) -> str:
    response = client.get(f"/items/{code}/")
    assert response.status_code == 200
    return " ".join(response.content.decode().split())


def test_fees_commitment_tolerance_and_duties_stand_in_the_guide(client: Client) -> None:
    publish(
        code=ONE,
        fees=(api.Fee(name="工本费", amount="5", unit="证", basis="某条例 第三条", reduction="学生免收"),),
        commitment=api.Commitment(
            told="须有固定场所", statement="我承诺属实", consequences="撤销", check_within="60 D", materials=("form",)
        ),
        materials=(api.MaterialDraft(key="form", name="申请书", form="原件", tolerable=True, within="3 WD"),),
        responsibilities=("受理阶段责任：公示材料", "审查阶段责任：当场核对"),
        accountability="对不符合条件的予以许可的",
        executors=("青禾县城关镇人民政府",),
        exercise_note="由乡镇人民政府实施",
    )

    text = page(client, ONE)

    for words in (
        "工本费",
        "某条例 第三条",
        "学生免收",
        "须有固定场所",
        "我承诺属实",
        "60 日",
        "3 个工作日",
        "受理阶段责任：公示材料",
        "对不符合条件的予以许可的",
        "青禾县城关镇人民政府",
        "由乡镇人民政府实施",
    ):
        assert words in text


def test_a_main_item_leads_to_its_sub_items_and_back(client: Client) -> None:
    publish(code=MAIN, name="食品经营许可", kind="main", materials=())
    publish(code=ONE, name="食品经营许可（新办）", parent_code=MAIN)

    assert f'<a href="/items/{ONE}/">食品经营许可（新办）</a>' in page(client, MAIN)
    assert "请选择要办的子项" in page(client, MAIN)
    assert f'<a href="/items/{MAIN}/">食品经营许可</a>' in page(client, ONE)


def test_a_bundle_says_which_paper_serves_which_member(client: Client) -> None:
    members = tuple(
        api.Member(code=code, name=name, org_code="G22", org_name="青禾县市场监督管理局")
        for code, name in ((ONE, "甲许可"), (TWO, "乙许可"))
    )
    publish(
        code=BOTH,
        kind="bundle",
        members=members,
        materials=(
            api.MaterialDraft(key="a", name="身份证", form="复印件", members=(ONE, TWO)),
            api.MaterialDraft(key="b", name="租赁合同", form="复印件", members=(TWO,)),
        ),
    )

    text = page(client, BOTH)

    assert "一次办成的事项" in text
    assert "<td>身份证、租赁合同</td>" in text
    assert '<span class="zt-quiet">用于</span> 甲许可、乙许可' in text


def test_a_guide_promises_no_limit_that_was_not_promised(client: Client) -> None:
    publish(code=ONE, promised_limit="NONE", statutory_limit="20 WD")
    publish(code=TWO, name="乙许可", promised_limit="5 WD", statutory_limit="20 WD")

    assert "没有另外承诺，按法定时限办理。" in page(client, ONE)
    assert "公开承诺的期限" not in page(client, ONE)
    assert "公开承诺的期限" in page(client, TWO)
