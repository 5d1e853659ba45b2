"""Who works with searches: editors of the sites read what was not found, their keeper keeps synonyms and hot words."""

from django.utils.translation import gettext as _

from zhengtong.capabilities.search.constants import EDITORS, KEEPER
from zhengtong.kernel.actors import Actor
from zhengtong.kernel.errors import NotPermitted


def check_may_handle(actor: Actor) -> None:
    """Raises NotPermitted for who does not edit a site."""
    if not (actor.kind == "official" and actor.has_role(*EDITORS)):
        raise NotPermitted(_("没有结果的检索词由网站编辑处理。"))


def check_may_keep(actor: Actor) -> None:
    """Raises NotPermitted for who does not keep the group of sites."""
    if not (actor.kind == "official" and actor.has_role(KEEPER)):
        raise NotPermitted(_("同义词和热词由网站群管理员维护。"))
