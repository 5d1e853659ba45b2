"""The sites of the demonstration: a portal, one for each unit in use, topics, with articles made from templates."""

import datetime as dt
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from zhengtong.capabilities.identity import api as identity
from zhengtong.entry.demo import drawn
from zhengtong.kernel import clock
from zhengtong.kernel.actors import Actor
from zhengtong.kernel.clock import local_date
from zhengtong.kernel.uploads import checked_upload
from zhengtong.systems.sites import api as sites

_DATA = Path(__file__).parent / "data" / "sites.json"
_OFFICE = "C02"
#: the site whose notices pass three reviews, and who takes part
_REVIEWED = "g22"
_HANDS = ("site.editor", "site.reviewer", "leader.market", "site.publisher")
#: column → kind of templates; one article in so many days, the newest of them some days old
_COLUMNS = {
    "news": "news",
    "notices": "notices",
    "policies": "policies",
    "reading": "policies",
    "disclosure": "disclosure",
}
_APART = 4
#: one site in so many is late with everything, one in so many has no marks in its foot
_LATE, _BARE = 17, 11
_LATE_BY = 45
_ON_THEIR_WAY = "way-"
#: a site with a look of its own
_DRESSED = ("t02", "#0b5d4e", "青山绿水　宜居东河")


def load_sites(boss: Actor, progress: Callable[[str], None]) -> None:
    """Portal and sites of all units, then their articles; what is there stays as it is."""
    if sites.portal(boss.tenant) is None:
        sites.open_site(actor=boss, org_code=_OFFICE, kind="portal", code="portal", name="青禾县人民政府")
    units = identity.organisations(boss.tenant)
    opened = sites.open_sites(actor=boss, org_codes=[unit.code for unit in units])
    templates = json.loads(_DATA.read_text(encoding="utf-8"))
    topics = _open_topics(boss, templates["topics"])
    progress(f"网站 {1 + len(opened.new) + len(opened.there) + len(templates['topics'])} 个")
    with clock.present():
        today = local_date()
    names = {unit.code.lower(): (unit.name, unit.short_name or unit.name) for unit in units}
    names["portal"] = ("青禾县人民政府", "县政府")
    names |= {code: (names[org_code.lower()][0], name) for code, name, org_code in templates["topics"]}
    of_topics = {name: templates[f"topic_{name}"] for name in ("abouts", "news", "policies")}
    # the articles are of these days, or the inspection would find every site asleep for a year
    with clock.present():
        for place, code in enumerate(["portal", *opened.new]):
            _write(boss, code, names[code], templates, today, place)
        for place, code in enumerate(topics):
            _write(boss, code, names[code], of_topics, today, place)
        _dress(boss.tenant, ["portal", *opened.new, *topics])
    _plan_reviews(boss)
    progress("网站文章已就绪")


def _open_topics(boss: Actor, topics: list[list[str]]) -> list[str]:
    """Sites about a topic beside those of the units that keep them; returns the codes of new ones."""
    new = []
    for code, name, org_code in topics:
        if sites.site_by_code(boss.tenant, code) is None:
            sites.open_site(actor=boss, org_code=org_code, kind="topic", code=code, name=name)
            new.append(code)
    return new


def _dress(tenant: str, codes: list[str]) -> None:
    """The marks of the foot; some sites have not filled them in yet."""
    keeper = identity.find_actor("site.admin", tenant=tenant)
    for place, code in enumerate(codes):
        site = sites.site_by_code(tenant, code)
        if site is not None and place % _BARE:
            words = {
                "identity_code": f"{tenant}{place:04d}",
                "icp": "演示 ICP 备 00000000 号",
                "police_filing": "演示公网安备 00000000000000 号",
                "phone": "12345",
            }
            sites.set_facts(actor=keeper, site_id=site.pk, words=words)
    code, colour, tagline = _DRESSED
    town = sites.site_by_code(tenant, code)
    if town is not None and code in codes:
        pictures = {"emblem": _plain("emblem.png", drawn.emblem()), "header": _plain("header.jpg", drawn.header())}
        wish = sites.WishedLook(colour=colour, tagline=tagline, pictures=pictures)
        sites.set_look(actor=keeper, site_id=town.pk, wish=wish)


def _plain(name: str, content: bytes) -> sites.PlainPicture:
    return sites.plain_picture(checked_upload(name, content))


def _write(
    boss: Actor, code: str, names: tuple[str, str], templates: dict[str, Any], today: dt.date, place: int
) -> None:
    site = sites.site_by_code(boss.tenant, code)
    if site is None:
        return
    articles: dict[str, list[sites.ArticleWords]] = {}
    for column in sites.navigation(site):
        slug = column.url.rstrip("/").rsplit("/", 1)[-1]
        if slug == "about":
            text = "".join(f"<p>{line.format(unit=names[0], short=names[1])}</p>" for line in templates["abouts"])
            articles[slug] = [_article("about", column.title, text, names[0], today - dt.timedelta(days=30))]
        elif slug in _COLUMNS:
            articles[slug] = _articles(templates[_COLUMNS[slug]], names, today, place)
    sites.import_articles(actor=boss, site_code=code, articles=articles)


def _articles(templates: list[list[str]], names: tuple[str, str], today: dt.date, place: int) -> list[Any]:
    found = []
    late = _LATE_BY if place % _LATE == _LATE - 1 else 0
    for no in range(len(templates)):
        title, *lines = (
            line.format(unit=names[0], short=names[1]) for line in templates[(no + place) % len(templates)]
        )
        text = "".join(f"<p>{line}</p>" for line in lines)
        day = today - dt.timedelta(days=(place % 3) + late + no * _APART)
        found.append(_article(f"{day:%Y%m%d}-{no + 1}", title, text, names[0], day, lines[0]))
    return found


def _article(slug: str, title: str, text: str, source: str, day: dt.date, summary: str = "") -> sites.ArticleWords:
    return sites.ArticleWords(slug=slug, title=title, published_on=day, source=source, text=text, summary=summary[:90])


def _plan_reviews(boss: Actor) -> None:
    """Notices and policies of one department pass its three reviews, everything else one signature."""
    keeper = identity.find_actor("site.admin", tenant=boss.tenant)
    site = sites.site_by_code(boss.tenant, _REVIEWED)
    if site is None:
        return
    columns = {one.slug: one.pk for one in site.home.get_children()}
    for slug in ("notices", "policies"):
        sites.set_reviews(actor=keeper, site_id=site.pk, column_id=columns[slug], reviews=3)


def write_and_review(boss: Actor) -> None:
    """Articles of that department in every state: draft, reviewed, sent back, waiting for its moment, in the bin."""
    site = sites.site_by_code(boss.tenant, _REVIEWED)
    if site is None or site.home.get_descendants().filter(slug__startswith=_ON_THEIR_WAY).exists():
        return
    who = {name: identity.find_actor(name, tenant=boss.tenant) for name in _HANDS}
    titles = json.loads(_DATA.read_text(encoding="utf-8"))["on_their_way"]
    pages = {state: _drafted(who["site.editor"], state, title) for state, title in titles.items()}
    with clock.present():
        moment = clock.now() + dt.timedelta(days=7)
    for state in ("review", "returned", "second", "scheduled"):
        at = moment if state == "scheduled" else None
        sites.submit_page(actor=who["site.editor"], page_id=pages[state], go_live_at=at)
    _judged(who["site.reviewer"], titles["returned"], "return", "附件里的联系电话还是旧的，请核对后重新送审。")
    for state in ("second", "scheduled"):
        _judged(who["site.reviewer"], titles[state], "pass", "内容、数字已经核对。")
    _judged(who["leader.market"], titles["scheduled"], "pass", "同意。")
    _judged(who["site.publisher"], titles["scheduled"], "sign", "同意签发。")
    sites.delete_page(actor=who["site.editor"], page_id=pages["binned"], reason="与另一篇重复，删去这一篇")


def _drafted(editor: Actor, state: str, title: str) -> int:
    text = f"<p>{title}，具体内容以正式发布的为准。</p>"
    words = _article(f"{_ON_THEIR_WAY}{state}", title, text, editor.org_name, local_date(), title)
    return sites.draft_article(actor=editor, site_code=_REVIEWED, column="notices", words=words)


def _judged(reviewer: Actor, title: str, outcome: str, opinion: str) -> None:
    task = next(one.task for one in sites.review_tasks(reviewer) if one.submission.title == title)
    sites.decide_review(
        actor=reviewer, work_item_id=task.id, outcome=outcome, opinion=opinion, command_key=f"demo:{task.id}"
    )
