"""Addresses of complaints."""

from django.urls import path

from zhengtong.systems.complaints.web import desk, figures, intake, public, track

app_name = "complaints"

urlpatterns = [
    path("", public.home, name="home"),
    path("new/", public.new, name="new"),
    path("receipt/", public.receipt, name="receipt"),
    path("answers/", public.answers, name="answers"),
    path("find/", track.find, name="find"),
    path("found/", track.result, name="result"),
    path("found/<str:act>/", track.result_act, name="result_act"),
    path("mine/", track.mine, name="mine"),
    path("mine/<uuid:complaint_id>/", track.own, name="own"),
    path("mine/<uuid:complaint_id>/<str:act>/", track.own_act, name="own_act"),
    path("desk/", desk.queue, name="desk"),
    path("desk/intake/", intake.intake, name="intake"),
    path("desk/figures/", figures.figures, name="figures"),
    path("desk/figures.xlsx", figures.figures_xlsx, name="figures_xlsx"),
    path("desk/<uuid:complaint_id>/", desk.one, name="one"),
    path("desk/<uuid:complaint_id>/file/<int:no>/", desk.file, name="file"),
    path("desk/<uuid:complaint_id>/<str:act>/", desk.act, name="act"),
]
