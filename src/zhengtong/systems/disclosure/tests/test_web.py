"""Pages of requests: asked, followed, corrected, answered; what a third party sees; what strangers do not."""

import pytest
from django.test import Client
from django.urls import reverse

from zhengtong.systems.disclosure import api
from zhengtong.systems.disclosure.models import DisclosureRequest
from zhengtong.systems.disclosure.tests.county import (
    NAME,
    NUMBER,
    OTHER,
    PHONE,
    UNIT,
    answered,
    citizen,
    consulted,
    official,
    sent,
    signed_in,
    text_of,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("county", "cheap_key_store")]


def typed(**changes: str) -> dict[str, str]:
    return {
        "org_code": UNIT[0],
        "kind": "information",
        "applicant_kind": "person",
        "name": NAME,
        "identity_kind": "居民身份证",
        "identity_number": NUMBER,
        "phone": PHONE,
        "title": "柳树巷地块的规划条件",
        "content": "2025 年柳树巷改造地块的规划条件通知书。",
        "form": "electronic",
        "delivery": "online",
        **changes,
    }


def test_a_stranger_asks_gets_a_code_once_and_follows_with_it() -> None:
    client = Client()
    refused = client.post(reverse("disclosure:new"), typed(title=""))
    assert refused.status_code == 422
    sent_to = client.post(reverse("disclosure:new"), typed(), follow=True)
    row = DisclosureRequest.objects.get()
    assert row.number in text_of(sent_to).replace(" ", "")
    assert client.get(reverse("disclosure:receipt")).status_code == 302
    wrong = client.post(reverse("disclosure:find"), {"number": row.number, "code": "AAAAAAAAAA"})
    assert wrong.status_code == 422
    assert client.get(reverse("disclosure:result")).status_code == 302


def test_the_holder_of_the_code_corrects_and_reads_the_answer_with_its_letter() -> None:
    clerk, head = official("clerk", "clerk"), official("head", "leader")
    receipt = sent()
    client = Client()
    client.post(reverse("disclosure:find"), {"number": receipt.row.number, "code": receipt.code})
    api.ask_correction(actor=clerk, request_id=receipt.row.id, text="请写明年份。", days=5)
    page = text_of(client.get(reverse("disclosure:result")))
    assert "请写明年份" in page
    client.post(reverse("disclosure:result_act", args=["corrected"]), {"text": "2025 年的那一份通知书。"})
    answered(clerk, head, DisclosureRequest.objects.get())
    api.make_letters()
    page = text_of(client.get(reverse("disclosure:result")))
    assert "予以公开" in page
    letter = receipt.row.letters.get(kind="answer")
    assert letter.failed == ""
    paper = client.get(reverse("disclosure:result_file", args=["letter", letter.no]))
    assert (paper.status_code, paper.content[:5]) == (200, b"%PDF-")


def test_a_third_party_answers_by_its_link_and_does_not_learn_who_asked() -> None:
    clerk = official("clerk", "clerk")
    row = sent().row
    url = reverse("disclosure:opinion", args=[api.link_token(consulted(clerk, row))])
    client = Client()
    page = text_of(client.get(url))
    assert "设计方案" in page
    assert NAME not in page
    assert row.number not in page
    assert client.post(url, {"opinion": "object", "words": ""}).status_code == 422
    assert client.post(url, {"opinion": "object", "words": "含商业秘密，不同意。"}, follow=True).status_code == 200
    assert client.post(url, {"opinion": "agree"}).status_code == 409
    assert client.get(f"{url[:-4]}aaa/").status_code == 404


def test_the_desk_masks_who_asked_and_does_every_step() -> None:
    clerk, head = official("clerk", "clerk"), official("head", "leader")
    row = sent(citizen()).row
    desk, boss = signed_in(clerk), signed_in(head)
    page = text_of(desk.get(reverse("disclosure:one", args=[row.id])))
    assert (NAME in page, PHONE in page, NUMBER in page) == (False, False, False)
    assert NAME not in text_of(desk.get(reverse("disclosure:desk")))
    opened = desk.post(reverse("disclosure:act", args=[row.id, "identity"]), {"purpose": "核对身份证明"})
    assert NAME in text_of(opened)

    def does(client: Client, act: str, **given: str) -> int:
        return client.post(reverse("disclosure:act", args=[row.id, act]), given).status_code

    assert does(desk, "ask_time", days="0", text="档案在库房。") == 422
    assert does(desk, "ask_time", days="20", text="档案在库房。") == 302
    assert does(boss, "time", grant="yes", text="同意。") == 302
    assert does(desk, "draft", outcome="provide") == 422
    assert does(desk, "draft", outcome="provide", access="随答复书附上。") == 302
    assert does(desk, "approve") == 403
    assert does(boss, "approve") == 302
    assert does(desk, "remedy", kind="review", body="青禾县人民政府", lodged_on="昨天") == 422
    assert does(desk, "remedy", kind="review", body="青禾县人民政府", lodged_on="2026-11-09") == 302
    assert does(desk, "nothing") == 404
    assert desk.get(reverse("disclosure:figures")).status_code == 200
    assert desk.get(reverse("disclosure:figures_xlsx")).status_code == 200


def test_a_letter_is_taken_down_at_the_counter_and_waits_to_be_confirmed() -> None:
    counter = signed_in(official("counter", "counter"))
    form = typed(channel="ordinary_post", arrived_on="2026-11-09", note="平信一封")
    assert counter.post(reverse("disclosure:intake"), form).status_code == 302
    row = DisclosureRequest.objects.get()
    assert (row.state, row.channel, row.taken_by_id is not None) == ("awaiting", "ordinary_post", True)
    clerk = signed_in(official("clerk", "clerk"))
    done = clerk.post(reverse("disclosure:act", args=[row.id, "confirm"]), {"confirmed_on": "2026-11-09"})
    assert done.status_code == 302


def test_an_agency_answers_on_its_own_desk() -> None:
    clerk = official("clerk", "clerk")
    asked = consulted(clerk, sent().row, kind="agency", org_code=OTHER[0], party="")
    other = signed_in(official("other", "clerk", org=OTHER))
    assert "设计方案" in text_of(other.get(reverse("disclosure:consults")))
    given = {"consultation": str(asked.id), "opinion": "agree"}
    assert signed_in(clerk).post(reverse("disclosure:consults"), given).status_code == 409
    assert other.post(reverse("disclosure:consults"), given).status_code == 302


def test_others_do_not_read_what_somebody_asked() -> None:
    row = sent(citizen()).row
    stranger = signed_in(official("stranger", "clerk", org=OTHER))
    assert stranger.get(reverse("disclosure:one", args=[row.id])).status_code == 404
    assert Client().get(reverse("disclosure:own", args=[row.id])).status_code in (302, 403)
