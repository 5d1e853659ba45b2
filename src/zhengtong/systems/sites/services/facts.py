"""What a site says of itself: its name, its look, the marks its foot must show."""

import uuid
from collections.abc import Mapping

from django.db import transaction
from django.utils.translation import gettext as _

from zhengtong.kernel.actors import Actor
from zhengtong.kernel.errors import Invalid
from zhengtong.systems.sites import permissions
from zhengtong.systems.sites.constants import Theme
from zhengtong.systems.sites.models import GovernmentSite
from zhengtong.systems.sites.rules.facts import LENGTHS, faults
from zhengtong.systems.sites.services import editions
from zhengtong.systems.sites.services.review_plans import site_to_keep
from zhengtong.systems.sites.services.telling import record, site_ref


@transaction.atomic
def set_facts(*, actor: Actor, site_id: uuid.UUID, words: Mapping[str, str]) -> GovernmentSite:
    """Set name, theme, identity code, filings, telephone and address; all its pages show them at once.

    What is not in ``words`` stays. Raises Invalid with a sentence for each field, NotFound, NotPermitted.
    """
    site = site_to_keep(actor, site_id)
    permissions.check_may_publish(actor, site)
    before = {field: str(getattr(site, field)) for field in LENGTHS}
    after = before | {
        field: " ".join(text.replace("\x00", "").split()) for field, text in words.items() if field in LENGTHS
    }
    wrong = faults(after, tuple(Theme.values))
    if wrong:
        raise Invalid(_("有内容需要改正，网站资料没有改变。"), errors=wrong)
    changed = {field: [before[field], after[field]] for field in LENGTHS if before[field] != after[field]}
    if not changed:
        return site
    for field in changed:
        setattr(site, field, after[field])
    site.save(update_fields=list(changed))
    record(actor, "sites.facts", site_ref(site), changed=changed)
    # the portal and other sites list it by its name
    editions.renew(site.tenant, None if "name" in changed else [site.pk])
    return site
