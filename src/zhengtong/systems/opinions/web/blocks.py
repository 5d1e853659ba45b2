"""What pages of sites show of consultations and surveys, by the words of ``kernel.pages.page_modules``."""

from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _

from zhengtong.kernel.clock import local_date
from zhengtong.kernel.pages import PageAsk, PageLine, PageShown
from zhengtong.kernel.ui.formats import cn_date
from zhengtong.systems.opinions.constants import Phase
from zhengtong.systems.opinions.models import Topic
from zhengtong.systems.opinions.selectors.comments import figures
from zhengtong.systems.opinions.selectors.finding import phase
from zhengtong.systems.opinions.selectors.lists import answered_topics, open_topics, poll_for_page
from zhengtong.systems.opinions.selectors.polls import may_see_results, questions_of, results
from zhengtong.systems.opinions.web.charts import shown_results
from zhengtong.systems.opinions.web.forms import PollForm
from zhengtong.systems.opinions.web.words import period


def open_list(ask: PageAsk) -> PageShown:
    """Consultations open now, the one that closes first on top."""
    lines = [
        _line(one, _("%(day)s截止") % {"day": cn_date(one.closes_on)})
        for one in open_topics(ask.tenant, ask.org_code, ask.number)
    ]
    return PageShown(lines=lines, more=f"{reverse('opinions:home')}?phase=open")


def answered_list(ask: PageAsk) -> PageShown:
    """Consultations whose feedback is published, with how many opinions came and were adopted."""
    lines = []
    for one in answered_topics(ask.tenant, ask.org_code, ask.number):
        found = figures(one)
        words = {"n": found.received, "m": found.adopted + found.partly}
        lines.append(_line(one, _("收到意见 %(n)d 条，采纳和部分采纳 %(m)d 条") % words))
    return PageShown(lines=lines, more=f"{reverse('opinions:home')}?phase=answered")


def poll_form(ask: PageAsk) -> PageShown:
    """One survey to be filled in on the page; it is sent on its own page."""
    row = poll_for_page(ask.tenant, ask.org_code, ask.chosen, closed=False)
    if row is None or phase(row) != Phase.OPEN:
        return PageShown()
    questions = questions_of(row)
    shown = {"whole": questions, "first": questions[:1]}.get(ask.layout, [])
    context = {
        "row": row,
        "form": PollForm(questions=shown, auto_id=f"poll{ask.part}_%s"),
        "until": cn_date(row.closes_on),
        "number": len(questions),
        "more": len(questions) - len(shown),
    }
    return PageShown(html=render_to_string("opinions/parts/page_poll.html", context))


def poll_results(ask: PageAsk) -> PageShown:
    """The results of one survey, once everybody may see them."""
    row = poll_for_page(ask.tenant, ask.org_code, ask.chosen, closed=True)
    if row is None or not may_see_results(row, voted=False):
        return PageShown()
    found = results(row, public=True)
    told = [one for one in shown_results(found) if not one["written"]]
    context = {
        "row": row,
        "period": period(row),
        "ballots": found.ballots,
        "results": told[:1] if ask.layout == "first" else told,
        "layout": ask.layout,
    }
    return PageShown(html=render_to_string("opinions/parts/page_results.html", context))


def _line(one: Topic, summary: str) -> PageLine:
    day = one.closes_on if one.answered_at is None else local_date(one.answered_at)
    return PageLine(one.title, reverse("opinions:topic", args=[one.pk]), day, summary, one.org_name)


PAGE_MODULES = {
    "opinions.open": open_list,
    "opinions.answered": answered_list,
    "opinions.poll": poll_form,
    "opinions.results": poll_results,
}
