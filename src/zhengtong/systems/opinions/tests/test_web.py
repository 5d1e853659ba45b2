"""Pages: who opens what, an opinion that is never lost, a survey answered once, nothing shown that should not be."""

import datetime as dt
import io

import pikepdf
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from zhengtong.kernel.models import ParameterValue
from zhengtong.systems.opinions import api
from zhengtong.systems.opinions.constants import State
from zhengtong.systems.opinions.models import Ballot, Comment, Poll, Topic
from zhengtong.systems.opinions.tests import town
from zhengtong.systems.opinions.tests.town import signed_in, text_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("county")]
DAY = dt.timedelta(days=1)


def _pdf():
    out = io.BytesIO()
    with pikepdf.new() as made:
        made.add_blank_page()
        made.save(out)
    return out.getvalue()


PDF = _pdf()


def typed_topic(**changes):
    return {
        "title": "县城停车管理办法（征求意见稿）",
        "background": "县城停车位不足，拟对夜间停车作出规定。",
        "basis": "《城市道路管理条例》第三十条",
        "contact": "用途管制科，0999-1234567",
        "questions": "夜间停车是否免费？\n\n收费从几点到几点？",
        "opens_on": "2026年11月10日",
        "closes_on": "２０２６-12-１",
        **changes,
    }


def limit(key, value):
    ParameterValue.objects.create(
        tenant=town.TENANT, key=f"opinions.{key}", value=value, source="试", valid_from=dt.date(2026, 1, 1)
    )


def test_every_address_opens_to_whom_it_should(clerk, head, office):
    topic, poll, draft = town.opened(clerk, head), town.asking(clerk, head), town.surveyed(clerk)
    town.given(topic)
    other = town.official("other", "clerk", org=town.OTHER)
    auditor = town.official("auditor", "audit_admin", org=town.OFFICE)
    public = [
        reverse("opinions:home"),
        reverse("opinions:find"),
        reverse("opinions:topic", args=[topic.pk]),
        reverse("opinions:send", args=[topic.pk]),
        reverse("opinions:poll", args=[poll.pk]),
    ]
    own = [
        reverse("opinions:desk"),
        f"{reverse('opinions:desk')}?what=poll&queue=all",
        reverse("opinions:figures"),
        reverse("opinions:figures_xlsx"),
        reverse("opinions:desk_topic", args=[topic.pk]),
        reverse("opinions:comments", args=[topic.pk]),
        reverse("opinions:desk_poll", args=[poll.pk]),
        reverse("opinions:desk_poll", args=[draft.pk]),
        reverse("opinions:preview", args=[draft.pk]),
        reverse("opinions:result_xlsx", args=[poll.pk]),
    ]
    written = [
        reverse("opinions:new_topic"),
        reverse("opinions:new_poll"),
        reverse("opinions:edit_poll", args=[draft.pk]),
    ]
    browsers = [Client(), *(signed_in(one) for one in (town.citizen(), auditor, other, clerk, office))]
    for address in public:
        assert [one.get(address).status_code for one in browsers] == [200] * 6, address
    for address in own:
        found = [one.get(address).status_code for one in browsers]
        mine = address.count("/") > 4
        assert found == [302, 403, 403, 404 if mine else 200, 200, 200], address
    for address in written:
        found = [one.get(address).status_code for one in browsers]
        assert found == [302, 403, 403, 404 if "edit" in address else 200, 200, 403], address
    texts = reverse("opinions:texts", args=[poll.pk, 4])
    assert [one.get(texts).status_code for one in browsers] == [302, 403, 403, 404, 200, 403]


def test_acts_of_the_desk_change_nothing_for_others(clerk, head, office):
    topic, poll = town.drafted(clerk), town.surveyed(clerk)
    other = town.official("other", "leader", org=town.OTHER)
    for browser, status in (
        (Client(), 302),
        (signed_in(town.citizen()), 403),
        (signed_in(other), 404),
        (signed_in(office), 403),
    ):
        for name, row in (("topic_act", topic), ("poll_act", poll)):
            answer = browser.post(reverse(f"opinions:{name}", args=[row.pk, "submit"]))
            assert answer.status_code == status, (name, status)
    assert {Topic.objects.get().state, Poll.objects.get().state} == {State.DRAFT}
    assert signed_in(clerk).post(reverse("opinions:topic_act", args=[topic.pk, "nothing"])).status_code == 404


def test_what_is_not_signed_is_not_public(clerk, head):
    topic, poll = town.drafted(clerk), town.surveyed(clerk)

    for name, row in (("topic", topic), ("send", topic), ("poll", poll), ("result", poll)):
        assert Client().get(reverse(f"opinions:{name}", args=[row.pk])).status_code == 404
    assert topic.title not in text_of(Client().get(reverse("opinions:home")))


def test_a_topic_is_written_with_days_as_people_type_them_and_given_back_when_refused(clerk):
    browser = signed_in(clerk)
    refused = browser.post(reverse("opinions:new_topic"), typed_topic(closes_on="2026-11-01"))
    assert refused.status_code == 422
    assert "截止日期不能早于开始日期" in text_of(refused)
    assert "夜间停车是否免费" in text_of(refused)
    made = browser.post(reverse("opinions:new_topic"), typed_topic(), follow=True)
    row = Topic.objects.get()

    assert (row.opens_on, row.closes_on) == (dt.date(2026, 11, 10), dt.date(2026, 12, 1))
    assert row.questions == ["夜间停车是否免费？", "收费从几点到几点？"]
    assert "提请签发" in text_of(made)


def test_the_draft_document_is_uploaded_read_by_all_once_signed_and_refused_when_it_is_none(clerk, head):
    row, browser = town.drafted(clerk), signed_in(clerk)
    act = reverse("opinions:topic_act", args=[row.pk, "attach"])
    bad = browser.post(act, {"attachments": SimpleUploadedFile("a.exe", b"MZ")})
    assert (bad.status_code, row.files.count()) == (422, 0)
    sent = browser.post(act, {"attachments": SimpleUploadedFile("征求意见稿.pdf", PDF)})
    assert sent.status_code == 302, text_of(sent)
    address = reverse("opinions:file", args=[row.pk, 1])
    assert Client().get(address).status_code == 404
    assert browser.get(reverse("opinions:desk_file", args=[row.pk, 1])).content == PDF
    api.submit(actor=clerk, kind=Topic, key=row.pk)
    api.publish(actor=head, kind=Topic, key=row.pk)
    answer = Client().get(address)

    assert (answer.content, answer["Content-Type"]) == (PDF, "application/pdf")
    assert "attachment" in answer["Content-Disposition"]
    assert browser.post(act, {"attachments": SimpleUploadedFile("b.pdf", PDF)}).status_code == 409


def test_a_stranger_gives_an_opinion_gets_a_receipt_once_and_asks_with_it(clerk, head):
    row, browser = town.opened(clerk, head), Client()
    address = reverse("opinions:send", args=[row.pk])
    refused = browser.post(address, {"content": "短", "voice": "person", "answer_0": "应当免费停车"})
    assert refused.status_code == 422
    assert "应当免费停车" in text_of(refused)
    said = {"content": "夜间应当免费。", "voice": "enterprise", "name": "青禾物流公司", "answer_0": "应当免费停车"}
    page = text_of(browser.post(address, said, follow=True))
    comment = Comment.objects.get()
    assert "已收到您的意见" in page
    assert "夜间应当免费" not in page
    assert browser.get(reverse("opinions:receipt")).status_code == 302
    assert (comment.voice, comment.person_id, comment.name) == ("enterprise", None, "青禾物流公司")
    made = town.given(row)
    wrong = browser.post(reverse("opinions:find"), {"receipt": "AAAAAAAAAAAA"})
    right = text_of(browser.post(reverse("opinions:find"), {"receipt": made.receipt}))

    assert wrong.status_code == 422
    assert "还没有公布" in right
    assert made.comment.content not in right


def test_too_many_from_one_address_are_held_back_with_the_words_given_back(clerk, head):
    limit("sent_by_address", 1)
    row, browser = town.opened(clerk, head), Client()
    address, said = reverse("opinions:send", args=[row.pk]), {"content": "夜间应当免费。", "voice": "person"}
    assert browser.post(address, said).status_code == 302

    held = browser.post(address, {**said, "content": "白天也应当免费。"})

    assert held.status_code == 429
    assert "白天也应当免费" in text_of(held)
    assert Comment.objects.count() == 1
    assert signed_in(town.citizen()).post(address, said).status_code == 302


def test_a_second_press_gives_no_second_opinion(clerk, head):
    row, browser = town.opened(clerk, head), Client()
    address, said = reverse("opinions:send", args=[row.pk]), {"content": "夜间应当免费。", "voice": "person"}

    first, second = browser.post(address, said), browser.post(address, said)

    assert (first.url, second.url) == (reverse("opinions:receipt"), reverse("opinions:receipt"))
    assert Comment.objects.count() == 1
    assert "已收到您的意见" in text_of(browser.get(second.url))


def test_an_opinion_sent_after_the_end_is_given_back(clerk, head, clock):
    row, browser = town.opened(clerk, head), Client()
    clock.shift(31 * DAY)

    late = browser.post(reverse("opinions:send", args=[row.pk]), {"content": "夜间应当免费。", "voice": "person"})

    assert late.status_code == 409
    assert "夜间应当免费" in text_of(late)
    assert browser.get(reverse("opinions:send", args=[row.pk])).status_code == 302


def test_the_list_is_narrowed_by_state_kind_unit_and_words(clerk, head, clock):
    town.opened(clerk, head)
    town.asking(clerk, head)
    home = reverse("opinions:home")

    def shown(**asked):
        page = text_of(Client().get(home, asked))
        return "县城停车" in page.split("<table")[-1], "公交线路" in page.split("<table")[-1]

    assert shown() == (True, True)
    assert shown(what="poll") == (False, True)
    assert shown(q="停车") == (True, False)
    assert shown(unit="G22") == (False, False)
    assert shown(phase="open") == (True, True)
    clock.shift(31 * DAY)
    assert shown(phase="open") == (False, False)
    assert shown(phase="closed") == (True, True)
    assert shown(phase="nonsense", what="nonsense", page="x") == (False, False)


def test_opinions_are_read_masked_replied_together_and_published(clerk, head, clock):
    row = town.opened(clerk, head)
    town.given(row, name=town.NAME, phone=town.PHONE)
    town.given(row, content="夜间免费，白天半价。")
    desk, officer = reverse("opinions:comments", args=[row.pk]), signed_in(clerk)
    page = text_of(officer.get(desk))
    assert town.NAME not in page
    assert town.PHONE not in page
    act = reverse("opinions:topic_act", args=[row.pk, "reply"])
    refused = officer.post(act, {"comments": ["1", "2"], "verdict": "not_adopted", "gist": "建议夜间免费停车"})
    assert refused.status_code == 422
    assert text_of(refused).count("checked") >= 3
    assert "建议夜间免费停车" in text_of(refused)
    contact = reverse("opinions:topic_act", args=[row.pk, "contact"])
    assert officer.post(contact, {"no": "1", "purpose": ""}).status_code == 422
    assert town.PHONE in text_of(officer.post(contact, {"no": "1", "purpose": "请提出人来座谈"}))
    said = {"comments": ["1", "2"], "verdict": "not_adopted", "gist": "建议夜间免费停车", "reason": "财力暂不具备。"}
    assert officer.post(act, said).status_code == 302
    clock.shift(31 * DAY)
    api.tick()
    api.write_feedback(actor=clerk, topic_id=row.pk, text="共收到意见两条，均已研究。")
    signer = signed_in(head)
    assert "签发公布" in text_of(signer.get(reverse("opinions:desk_topic", args=[row.pk])))
    signer.post(reverse("opinions:topic_act", args=[row.pk, "publish_feedback"]))
    public = text_of(Client().get(reverse("opinions:topic", args=[row.pk])))

    assert "建议夜间免费停车" in public
    assert "财力暂不具备" in public
    assert "2 条意见" in public
    assert "白天半价" not in public
    assert town.NAME not in public


def test_a_survey_is_answered_once_by_a_browser(clerk, head):
    row, browser = town.asking(clerk, head, shown="voted"), Client()
    address, result = reverse("opinions:poll", args=[row.pk]), reverse("opinions:result", args=[row.pk])
    assert browser.get(result).status_code == 302
    refused = browser.post(address, {"q1": "2", "q4": "多开一班车"})
    assert refused.status_code == 422
    assert "多开一班车" in text_of(refused)
    assert 'value="2"' in text_of(refused).split("checked")[0][-250:]
    done = browser.post(address, {"q1": "2", "q2": ["1"], "q3": "5"}, follow=True)
    assert "已收到您的答卷" in text_of(done)
    assert "共收到" in text_of(done) or "1 份答卷" in text_of(done)
    again = browser.post(address, {"q1": "2", "q2": ["1"], "q3": "5"})

    assert again.status_code == 409
    assert Ballot.objects.count() == 1
    assert "您已经答过" in text_of(browser.get(address))
    assert Client().get(result).status_code == 302


def test_a_forged_cookie_is_none_and_one_address_has_its_limit(clerk, head):
    limit("ballots_of_address", 2)
    row = town.asking(clerk, head)
    address, said = reverse("opinions:poll", args=[row.pk]), {"q1": "2", "q2": ["1"], "q3": "5", "q4": "多开一班车"}
    forged = Client()
    forged.cookies["zt_polls"] = "nonsense"
    assert forged.post(address, said).status_code == 302
    assert Client().post(address, said).status_code == 302

    held = Client().post(address, said)

    assert held.status_code == 429
    assert "多开一班车" in text_of(held)
    assert Ballot.objects.count() == 2


def test_what_was_chosen_on_a_site_is_shown_again_with_a_token_and_not_counted(clerk, head):
    row = town.asking(clerk, head)
    browser = Client(enforce_csrf_checks=True)

    page = browser.post(reverse("opinions:fill", args=[row.pk]), {"q1": "2", "q2": ["1", "3"], "q9": "x"})

    assert page.status_code == 200
    assert text_of(page).count("checked") == 3
    assert "csrfmiddlewaretoken" in text_of(page)
    assert not Ballot.objects.exists()
    assert browser.get(reverse("opinions:fill", args=[row.pk])).status_code == 405
    assert browser.post(reverse("opinions:poll", args=[row.pk]), {"q1": "2"}).status_code == 403


def test_questions_are_composed_without_scripts_and_given_back_when_refused(clerk):
    row, browser = town.surveyed(clerk), signed_in(clerk)
    act = reverse("opinions:poll_act", args=[row.pk, "question"])
    refused = browser.post(act, {"kind": "single", "words": "您从哪里来？", "choices": "县城"})
    assert refused.status_code == 422
    assert "您从哪里来" in text_of(refused)
    assert row.questions.count() == 4
    browser.post(act, {"kind": "single", "words": "您从哪里来？", "choices": "县城\n乡镇", "required": "on"})
    browser.post(act, {"kind": "scale", "words": "改成打分", "choices": "", "no": "1"})
    browser.post(reverse("opinions:poll_act", args=[row.pk, "raise"]), {"no": "5"})

    assert list(row.questions.order_by("no").values_list("words", flat=True)) == [
        "改成打分",
        "您希望增加哪些站点？",
        "您对现有线路满意吗？",
        "您从哪里来？",
        "您还有什么建议？",
    ]
    preview = text_of(browser.get(reverse("opinions:preview", args=[row.pk])))
    assert "这是预览" in preview
    assert "提交答卷" not in preview


def test_written_answers_stay_on_the_desk(clerk, head, clock):
    row = town.asking(clerk, head)
    api.vote(actor=town.stranger(), poll_id=row.pk, answers=town.ballot(q4=["我是张三，多开一班车"]))
    texts = reverse("opinions:texts", args=[row.pk, 4])
    officer = signed_in(clerk)
    assert "多开一班车" in text_of(officer.get(texts))
    excerpt = reverse("opinions:poll_act", args=[row.pk, "excerpt"])
    refused = officer.post(excerpt, {"no": "4", "text": "打 13977001234 问"})
    assert refused.status_code == 422
    assert "13977001234" in text_of(refused)
    assert officer.post(excerpt, {"no": "4", "text": "建议多开一班"}).status_code == 302
    clock.shift(31 * DAY)

    public = text_of(Client().get(reverse("opinions:result", args=[row.pk])))

    assert "多开一班车" not in public
    assert "建议多开一班" not in public
    assert b"PK" in signed_in(clerk).get(reverse("opinions:result_xlsx", args=[row.pk])).content[:4]


def test_a_withdrawn_one_says_why(clerk, head):
    row = town.opened(clerk, head)
    browser = signed_in(head)
    act = reverse("opinions:topic_act", args=[row.pk, "withdraw"])
    refused = browser.post(act, {"reason": "错"})
    assert refused.status_code == 422
    browser.post(act, {"reason": "草案依据的条例已经修订。"})

    assert "草案依据的条例已经修订" in text_of(Client().get(reverse("opinions:topic", args=[row.pk])))
