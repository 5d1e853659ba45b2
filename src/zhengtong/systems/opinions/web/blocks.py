"""What pages of sites show of consultations and surveys, by the words of ``kernel.pages.page_modules``."""

import datetime as dt
from collections.abc import Callable, Sequence

from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _

from zhengtong.kernel.clock import local_date
from zhengtong.kernel.pages import PageAsk, PageLine, PageModule, PageShown
from zhengtong.kernel.ui.formats import cn_date
from zhengtong.systems.opinions.constants import Phase
from zhengtong.systems.opinions.models import Poll, Topic
from zhengtong.systems.opinions.rules.polls import Question, counts_of
from zhengtong.systems.opinions.selectors.comments import figures
from zhengtong.systems.opinions.selectors.finding import phase
from zhengtong.systems.opinions.selectors.lists import answered_topics, open_topics, poll_for_page
from zhengtong.systems.opinions.selectors.polls import Result, Results, may_see_results, questions_of, results
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
    return _form(ask, row, questions_of(row))


def poll_results(ask: PageAsk) -> PageShown:
    """The results of one survey, once everybody may see them."""
    row = poll_for_page(ask.tenant, ask.org_code, ask.chosen, closed=True)
    if row is None or not may_see_results(row, voted=False):
        return PageShown()
    return _results(ask, row, results(row, public=True))


def _form(ask: PageAsk, row: Poll, questions: Sequence[Question]) -> PageShown:
    shown = {"whole": questions, "first": questions[:1]}.get(ask.layout, [])
    context = {
        "row": row,
        "form": PollForm(questions=shown, auto_id=f"poll{ask.part}_%s"),
        "until": cn_date(row.closes_on),
        "number": len(questions),
        "more": len(questions) - len(shown),
    }
    return PageShown(html=render_to_string("opinions/parts/page_poll.html", context))


def _results(ask: PageAsk, row: Poll, found: Results) -> PageShown:
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


# --- what the gallery shows ------------------------------------------------------------------------------------------

_ASKED = (
    Question(no=1, kind="single", words="您多久坐一次公交？", choices=("几乎每天", "每周一两次", "很少坐")),
    Question(no=2, kind="multiple", words="您希望改进什么？", choices=("班次更密", "末班更晚", "站点更近"), most=2),
)
_CHOSEN = ({"1": 52, "2": 31, "3": 17}, {"1": 61, "2": 44, "3": 28})


def _sample_lines(*lines: tuple[str, str]) -> Callable[[PageAsk], PageShown]:
    """Lines that lead to the list: nothing of them exists."""

    def sample(ask: PageAsk) -> PageShown:
        home, day = reverse("opinions:home"), local_date()
        listed = [
            PageLine(title, home, day + dt.timedelta(days=n), said, _("某局")) for n, (title, said) in enumerate(lines)
        ]
        return PageShown(lines=listed[: ask.number], more=home)

    return sample


def _sample_poll() -> Poll:
    today = local_date()
    return Poll(
        title=_("您怎样看县城公交"), org_name=_("某局"), opens_on=today, closes_on=today + dt.timedelta(days=14)
    )


def _sample_form(ask: PageAsk) -> PageShown:
    return _form(ask, _sample_poll(), _ASKED)


def _sample_results(ask: PageAsk) -> PageShown:
    told = [
        Result(one, 100, tuple(counts_of(one, chosen, 100)), "", ())
        for one, chosen in zip(_ASKED, _CHOSEN, strict=True)
    ]
    return _results(ask, _sample_poll(), Results(100, tuple(told), local_date()))


_SAMPLE_OPEN = _sample_lines(
    ("城区停车管理办法（征求意见稿）", "30 日后截止"), ("农贸市场改造方案（征求意见稿）", "20 日后截止")
)
_SAMPLE_ANSWERED = _sample_lines(
    ("公交线路优化方案（征求意见稿）", "收到意见 42 条，采纳和部分采纳 29 条"),
    ("学校划片方案（征求意见稿）", "收到意见 118 条，采纳和部分采纳 64 条"),
)

PAGE_MODULES = {
    "opinions.open": PageModule(open_list, _SAMPLE_OPEN),
    "opinions.answered": PageModule(answered_list, _SAMPLE_ANSWERED),
    "opinions.poll": PageModule(poll_form, _sample_form),
    "opinions.results": PageModule(poll_results, _sample_results),
}
