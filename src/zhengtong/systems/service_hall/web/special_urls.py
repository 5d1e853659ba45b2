"""Addresses of special steps, promises and their follow-up."""

from django.urls import path

from zhengtong.systems.service_hall.web import decisions, follow_ups, promises, special, special_public

urlpatterns = [
    path("applications/<uuid:application_id>/promise/", promises.tolerance, name="promise"),
    path("drafts/<uuid:application_id>/commitment/", promises.commitment, name="commitment"),
    path("notices/", special_public.notices, name="notices"),
    path("notices/<uuid:step_id>/", special_public.notice, name="notice"),
    path("notices/<uuid:step_id>/object/", special_public.object_to, name="object"),
    path("desk/decisions/", decisions.listed, name="decisions"),
    path("desk/inspections/", special.mine, name="inspections"),
    path("desk/cases/<uuid:case_id>/special/", special.of_case, name="case_special"),
    path("desk/special/<uuid:step_id>/", special.page, name="special"),
    path("desk/special/<uuid:step_id>/photos/<uuid:photo_id>/", special.photo, name="special_photo"),
    path("desk/special/<uuid:step_id>/<slug:name>/", special.act, name="special_act"),
    path("desk/follow-ups/", follow_ups.listed, name="follow_ups"),
    path("desk/follow-ups/<uuid:pledge_id>/", follow_ups.page, name="follow_up"),
    path("desk/follow-ups/<uuid:pledge_id>/<slug:name>/", follow_ups.act, name="follow_up_act"),
]
