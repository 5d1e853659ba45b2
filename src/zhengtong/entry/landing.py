"""Where a person begins after signing in: officials at their work, citizens at theirs."""

from django.urls import NoReverseMatch, reverse

from zhengtong.kernel.actors import Actor

_BY_ROLE = (
    ("clerk", "service_hall:desk"),
    ("counter", "service_hall:counter"),
    ("leader", "service_hall:desk"),
    ("item_editor", "catalogue_desk:desk"),
    ("item_admin", "catalogue_desk:desk"),
    ("legal_reviewer", "catalogue_desk:desk_reviews"),
    ("supervisor", "supervision:desk"),
    ("audit_admin", "ledger:entries"),
    ("sys_admin", "console:health"),
    ("sec_admin", "console:health"),
    ("citizen", "service_hall:home"),
    ("agent", "service_hall:home"),
)


def landing_page(actor: Actor) -> str:
    """The address of the first page for the actor's roles, empty where there is none."""
    for role, name in _BY_ROLE:
        if actor.has_role(role):
            try:
                return reverse(name)
            except NoReverseMatch:
                continue
    return ""
