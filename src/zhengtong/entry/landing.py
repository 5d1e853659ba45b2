"""Where a person begins after signing in: officials at their work, citizens at theirs."""

from django.urls import NoReverseMatch, reverse

from zhengtong.kernel.actors import Actor

#: of several roles the first one here decides
_BY_ROLE = (
    ("clerk", "service_hall:desk"),
    ("counter", "service_hall:counter"),
    ("hall_manager", "service_centre:board"),
    ("reviewer", "service_hall:desk"),
    # before leader: the head of the supervision office has cards to decide on, no applications
    ("supervisor", "supervision:desk"),
    ("leader", "service_hall:desk"),
    ("item_editor", "catalogue_desk:desk"),
    ("item_admin", "catalogue_desk:desk"),
    ("legal_reviewer", "catalogue_desk:desk_reviews"),
    ("process_admin", "processes:list"),
    ("site_admin", "sites_desk:desk"),
    ("site_publisher", "sites_desk:desk"),
    ("site_editor", "sites_desk:desk"),
    ("audit_admin", "ledger:entries"),
    ("sys_admin", "console:health"),
    ("sec_admin", "console:health"),
    ("application_operator", "notify:deliveries"),
    ("host_operator", "console:health"),
    ("network_operator", "console:health"),
    ("database_operator", "console:health"),
    ("security_operator", "console:health"),
    ("citizen", "service_hall:home"),
    ("agent", "service_hall:home"),
)


def landing_name(actor: Actor) -> str:
    """The name of the first page's address for the actor's roles, empty where there is none."""
    return next((name for role, name in _BY_ROLE if actor.has_role(role)), "")


def landing_page(actor: Actor) -> str:
    """The address of the first page for the actor's roles, empty where there is none."""
    name = landing_name(actor)
    try:
        return reverse(name) if name else ""
    except NoReverseMatch:
        return ""
