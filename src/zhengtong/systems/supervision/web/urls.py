"""Addresses below ``/supervision/``."""

from django.urls import path

from zhengtong.systems.supervision.web import (
    board,
    bulk,
    cards,
    desk,
    drill,
    manual,
    outages,
    pages,
    rule_drafts,
    rule_history,
)

app_name = "supervision"

urlpatterns = [
    path("", desk.desk_page, name="desk"),
    path("pulse/", desk.desk_live, name="desk_live"),
    path("board/", board.board_page, name="board"),
    path("live/", board.board_live, name="board_live"),
    path("wall/", board.wall_page, name="wall"),
    path("wall/live/", board.wall_live, name="wall_live"),
    path("cards/", cards.card_list, name="cards"),
    path("cards/confirm/", desk.confirm_many, name="confirm_many"),
    path("cards/new/", manual.raise_page, name="raise"),
    path("letters/<uuid:letter_id>/", manual.letter_file, name="letter"),
    path("measures/", manual.measure_list, name="measures"),
    path("measures/<uuid:measure_id>/decide/", manual.decide_measure, name="decide_measure"),
    path("bulk/", bulk.bulk_list, name="bulk"),
    path("bulk/new/", bulk.bulk_new, name="bulk_new"),
    path("bulk/<uuid:batch_id>/", bulk.batch_page, name="batch"),
    path("bulk/<uuid:batch_id>/decide/", bulk.decide_batch, name="decide_batch"),
    path("outages/", outages.outage_list, name="outages"),
    path("outages/<uuid:outage_id>/", outages.outage_page, name="outage"),
    path("distribution/", drill.drill_page, name="drill"),
    path("summary/", drill.summary_page, name="summary"),
    path("cards/<uuid:card_id>/", cards.card_page, name="card"),
    path("cards/<uuid:card_id>/<slug:move>/", cards.move_card, name="move"),
    path("late/", pages.late_list, name="late"),
    path("cases/<uuid:case_id>/", pages.case_page, name="case"),
    path("rules/", pages.rule_list, name="rules"),
    path("rules/new/", rule_drafts.rule_new, name="rule_new"),
    path("rules/of/<slug:key>/", rule_history.rule_page, name="rule"),
    path("rules/of/<slug:key>/draft/", rule_drafts.rule_redraft, name="rule_redraft"),
    path("rules/of/<slug:key>/retire/", rule_history.rule_retire, name="rule_retire"),
    path("rules/drafts/<uuid:draft_id>/", rule_drafts.draft_page, name="draft"),
    path("rules/drafts/<uuid:draft_id>/try/", rule_drafts.draft_try, name="draft_try"),
    path("rules/drafts/<uuid:draft_id>/enable/", rule_drafts.draft_enable, name="draft_enable"),
    path("rules/drafts/<uuid:draft_id>/<slug:move>/", rule_drafts.draft_move, name="draft_move"),
    path("rules/trials/<uuid:trial_id>/", rule_history.trial_page, name="trial"),
    path("rules/trials/<uuid:trial_id>/live/", rule_history.trial_live, name="trial_live"),
    path("mine/", cards.own_cards, name="mine"),
    path("mine/explain/", cards.explain_many, name="explain_many"),
]
