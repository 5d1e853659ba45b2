"""Addresses of inspections."""

from django.urls import path

from zhengtong.systems.inspections.web import desk, figures, plans, public, referrals, visits

app_name = "inspections"

urlpatterns = [
    path("", public.home, name="home"),
    path("draws/<uuid:plan_id>/", public.draw, name="public_draw"),
    path("desk/", desk.queue, name="desk"),
    path("desk/plans/", plans.listed, name="plans"),
    path("desk/plans/new/", plans.new, name="plan_new"),
    path("desk/plans/<uuid:plan_id>/", plans.one, name="plan"),
    path("desk/plans/<uuid:plan_id>/edit/", plans.edit, name="plan_edit"),
    path("desk/plans/<uuid:plan_id>/<str:act>/", plans.act, name="plan_act"),
    path("desk/referrals/", referrals.listed, name="referrals"),
    path("desk/referrals/<uuid:referral_id>/", referrals.one, name="referral"),
    path("desk/referrals/<uuid:referral_id>/<str:act>/", referrals.act, name="referral_act"),
    path("desk/figures/", figures.figures, name="figures"),
    path("desk/figures.xlsx", figures.figures_xlsx, name="figures_xlsx"),
    path("visits/<uuid:visit_id>/", visits.one, name="visit"),
    path("visits/<uuid:visit_id>/points/<int:no>/", visits.point, name="point"),
    path("visits/<uuid:visit_id>/files/<uuid:file_id>/", visits.file, name="file"),
    path("visits/<uuid:visit_id>/<str:act>/", visits.act, name="visit_act"),
]
