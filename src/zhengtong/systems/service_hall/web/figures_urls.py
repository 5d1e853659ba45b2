"""Addresses of statistics, monthly reports and lists to take away, below ``/services/``."""

from django.urls import path

from zhengtong.systems.service_hall.web import figures, figures_lists, figures_public, figures_reports

urlpatterns = [
    path("totals/", figures_public.totals, name="totals"),
    path("figures/", figures.page, name="figures"),
    path("figures/cases/", figures.behind, name="figures-cases"),
    path("figures/reports/", figures_reports.reports, name="reports"),
    path("figures/reports/<uuid:report_id>/", figures_reports.report, name="report"),
    path("figures/reports/<uuid:report_id>/typeset/", figures_reports.typeset, name="report-typeset"),
    path("figures/reports/<uuid:report_id>/report.pdf", figures_reports.pdf, name="report-pdf"),
    path("desk/list.xlsx", figures_lists.queue, name="queue-sheet"),
    path("desk/licences/list.xlsx", figures_lists.licences, name="licences-sheet"),
    path("delivery/list.xlsx", figures_lists.deliveries, name="deliveries-sheet"),
    path("counter/papers/lists.xlsx", figures_lists.passed_lists, name="passed-lists-sheet"),
]
