"""An article as an editor leaves it, written by a program instead of on the screen: a version nobody sees yet."""

from django.contrib.auth import get_user_model
from django.db import transaction
from django.utils.translation import gettext as _
from wagtail.models import Page

from zhengtong.kernel.actors import Actor
from zhengtong.kernel.errors import NotFound, NotPermitted
from zhengtong.systems.sites import permissions
from zhengtong.systems.sites.models import ArticlePage, ColumnPage
from zhengtong.systems.sites.services.importing import ArticleWords


@transaction.atomic
def draft_article(*, actor: Actor, site_code: str, column: str, words: ArticleWords) -> int:
    """Save a new article in a column of a site the actor keeps; gives its key. Raises NotFound, NotPermitted.

    No entry in the ledger, as on the editing screen: versions keep who wrote them, acts begin with sending in.
    """
    site = permissions.editable_sites(actor).filter(code=site_code).first()
    above = ColumnPage.objects.filter(site=site, slug=column).first() if site is not None else None
    if site is None or above is None:
        raise NotFound(_("没有这个网站或者栏目，或者它不归您管理。"))
    Page.objects.select_for_update().get(pk=above.pk)
    if actor.person_id is None:
        raise NotPermitted(_("文章由编辑人起草。"))
    account = get_user_model()._default_manager.filter(person_id=actor.person_id).first()
    page = ArticlePage(
        title=words.title,
        slug=words.slug,
        tenant=site.tenant,
        site=site,
        owner=account,
        live=False,
        published_on=words.published_on,
        source=words.source,
        summary=words.summary,
        body=[("text", words.text)],
    )
    above.add_child(instance=page)
    page.save_revision(user=account)
    return int(page.pk)
