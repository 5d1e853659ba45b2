"""Addresses below ``/supervision/``."""

from django.urls import path

from zhengtong.systems.supervision.web import board, cards, pages

app_name = "supervision"

urlpatterns = [
    path("", board.board_page, name="board"),
    path("live/", board.board_live, name="board_live"),
    path("wall/", board.wall_page, name="wall"),
    path("wall/live/", board.wall_live, name="wall_live"),
    path("cards/", cards.card_list, name="cards"),
    path("cards/<uuid:card_id>/", cards.card_page, name="card"),
    path("cards/<uuid:card_id>/<slug:move>/", cards.move_card, name="move"),
    path("late/", pages.late_list, name="late"),
    path("cases/<uuid:case_id>/", pages.case_page, name="case"),
    path("rules/", pages.rule_list, name="rules"),
    path("mine/", cards.own_cards, name="mine"),
]
