"""Addresses below ``/centre/``."""

from django.urls import path

from zhengtong.systems.service_centre.web import board, booking, managing, public, roster, taking, windows

app_name = "service_centre"

urlpatterns = [
    path("", public.home, name="home"),
    path("places/<slug:slug>/", public.place_page, name="place"),
    path("display/<slug:slug>/", public.display_page, name="display"),
    path("display/<slug:slug>/live/", public.display_live, name="display_live"),
    path("ticket/", public.find_ticket, name="find_ticket"),
    path("ticket/<str:code>/", public.ticket_page, name="ticket"),
    path("ticket/<str:code>/live/", public.ticket_live, name="ticket_live"),
    path("ticket/<str:code>/cancel/", public.cancel, name="ticket_cancel"),
    path("kiosk/<slug:slug>/", taking.kiosk, name="kiosk"),
    path("kiosk/<slug:slug>/zone/<str:letter>/", taking.kiosk_zone, name="kiosk_zone"),
    path("kiosk/<slug:slug>/appointment/", taking.kiosk_appointment, name="kiosk_appointment"),
    path("kiosk/<slug:slug>/taken/<str:code>/", taking.kiosk_taken, name="kiosk_taken"),
    path("here/<slug:slug>/<str:code>/", taking.here, name="here"),
    path("book/", booking.choose, name="choose"),
    path("book/<slug:slug>/<str:letter>/", booking.slots, name="book"),
    path("appointments/", booking.mine, name="appointments"),
    path("appointments/<uuid:appointment_id>/", booking.appointment, name="appointment"),
    path("appointments/<uuid:appointment_id>/change/", booking.change_page, name="change"),
    path("appointments/<uuid:appointment_id>/cancel/", booking.cancel_page, name="cancel"),
    path("duty/", roster.duty, name="duty"),
    path("duty/<uuid:duty_id>/ask/", roster.ask_page, name="ask"),
    path("duty/requests/<uuid:request_id>/withdraw/", roster.withdraw_request, name="withdraw"),
    path("windows/<uuid:window_id>/", windows.window_page, name="window"),
    path("windows/<uuid:window_id>/live/", windows.window_live, name="window_live"),
    path("windows/<uuid:window_id>/<slug:act>/", windows.act, name="act"),
    path("desk/", board.board_page, name="board"),
    path("desk/live/", board.board_live, name="board_live"),
    path("desk/statistics/", board.statistics_page, name="statistics"),
    path("desk/statistics.xlsx", board.statistics_sheet, name="statistics_sheet"),
    path("desk/roster/", roster.roster_page, name="roster"),
    path("desk/roster/copy/", roster.copy, name="roster_copy"),
    path("desk/attendants/", roster.attendants_page, name="attendants"),
    path("desk/attendants/<uuid:attendant_id>/dismiss/", roster.dismiss, name="dismiss"),
    path("desk/requests/<uuid:request_id>/", roster.decide_page, name="decide"),
    path("desk/closures/", managing.closures, name="closures"),
    path("desk/closures/<uuid:closure_id>/reopen/", managing.reopen, name="reopen"),
    path("desk/slots/", managing.slots, name="slots"),
    path("desk/place/", managing.place, name="place_settings"),
    path("desk/place/kiosk/", managing.renew_kiosk, name="renew_kiosk"),
    path("desk/windows/", managing.windows, name="windows"),
    path("desk/windows/<uuid:window_id>/", managing.window, name="window_settings"),
]
