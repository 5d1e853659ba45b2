"""All addresses: the portal and the console here, the rest from each app's ``web.urls``."""

from django.urls import include, path

from zhengtong.entry.observing import probes

_APPS = [
    ("", "zhengtong.entry.portal.urls"),
    ("console/", "zhengtong.entry.console.urls"),
    ("accounts/", "zhengtong.capabilities.identity.web.urls"),
    ("", "zhengtong.capabilities.identity.web.oidc_urls"),
    ("ledger/", "zhengtong.capabilities.ledger.web.urls"),
    ("verify/", "zhengtong.capabilities.documents.web.urls"),
    ("papers/", "zhengtong.capabilities.documents.web.paper_urls"),
    ("payments/", "zhengtong.capabilities.payments.web.urls"),
    ("messages/", "zhengtong.capabilities.notify.web.urls"),
    ("search/", "zhengtong.capabilities.search.web.urls"),
    ("items/desk/", "zhengtong.capabilities.catalogue.web.authoring_urls"),
    ("items/", "zhengtong.capabilities.catalogue.web.urls"),
    ("forms/", "zhengtong.capabilities.forms.web.urls"),
    ("calendar/", "zhengtong.capabilities.cases.web.calendar_urls"),
    ("processes/", "zhengtong.capabilities.cases.web.urls"),
    ("tasks/", "zhengtong.capabilities.cases.web.handling_urls"),
    ("ratings/", "zhengtong.capabilities.ratings.web.urls"),
    ("exchange/", "zhengtong.capabilities.exchange.web.urls"),
    ("services/", "zhengtong.systems.service_hall.web.urls"),
    ("supervision/scores/", "zhengtong.systems.supervision.web.scores_urls"),
    ("supervision/", "zhengtong.systems.supervision.web.urls"),
    ("centre/", "zhengtong.systems.service_centre.web.urls"),
    ("complaints/", "zhengtong.systems.complaints.web.urls"),
    ("inspections/", "zhengtong.systems.inspections.web.urls"),
    ("disclosure/", "zhengtong.systems.disclosure.web.urls"),
    ("opinions/", "zhengtong.systems.opinions.web.urls"),
    ("gov/", "zhengtong.systems.sites.web.urls"),
    ("sites/", "zhengtong.systems.sites.web.desk_urls"),
    ("cms/", "zhengtong.systems.sites.web.content"),
    ("api/", "zhengtong.entry.openapi.urls"),
    ("trust/", "zhengtong.capabilities.trust.web.urls"),
]


urlpatterns = [
    path("healthz", probes.alive, name="healthz"),
    path("readyz", probes.ready, name="readyz"),
    path("metrics", probes.metrics, name="metrics"),
    *(path(prefix, include(module)) for prefix, module in _APPS),
]

handler400 = "zhengtong.entry.errors.bad_request"
handler403 = "zhengtong.entry.errors.forbidden"
handler404 = "zhengtong.entry.errors.not_found"
handler500 = "zhengtong.entry.errors.server_error"
