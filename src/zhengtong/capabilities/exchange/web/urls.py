"""Addresses of reporting upward."""

from django.urls import path

from zhengtong.capabilities.exchange.web import overview, packages, reconciliation, work_list

app_name = "exchange"
urlpatterns = [
    path("reports/", overview.home, name="reports"),
    path("reports/certificate/", overview.certificate, name="certificate"),
    path("reports/refused/", work_list.refused, name="refused"),
    path("reports/refused/resend/", work_list.resend, name="resend-rows"),
    path("reports/packages/", packages.package_list, name="packages"),
    path("reports/packages/<uuid:package_id>/", packages.package, name="package"),
    path("reports/packages/<uuid:package_id>/resend/", packages.resend, name="resend"),
    path("reports/packages/<uuid:package_id>/download/", packages.download, name="download"),
    path("reports/reconciliation/", reconciliation.days, name="reconciliation"),
    path("reports/reconciliation/check/", reconciliation.check, name="reconcile"),
    path("reports/datasets/<slug:code>/", overview.data_set, name="dataset"),
    path("reports/datasets/<slug:code>/build/", overview.build, name="build"),
]
