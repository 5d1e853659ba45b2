"""Addresses below ``/supervision/scores/``."""

from django.urls import path

from zhengtong.systems.supervision.web import score_formulas, score_periods, score_runs, score_targets, scores

app_name = "supervision_scores"

urlpatterns = [
    path("", scores.ranking, name="ranking"),
    path("compute/", score_runs.compute, name="compute"),
    path("mine/", scores.own_unit, name="mine"),
    path("units/<uuid:org_id>/", scores.unit_page, name="unit"),
    path("of/", scores.subject_page, name="subject"),
    path("rows/<uuid:row_id>/", scores.row_page, name="row"),
    path("periods/", score_periods.period_page, name="periods"),
    path("published/", score_periods.published, name="published"),
    path("what-if/", score_runs.what_if, name="what_if"),
    path("freeze/", score_runs.freeze, name="freeze"),
    path("runs/<uuid:run_id>/", score_runs.run_page, name="run"),
    path("runs/<uuid:run_id>/decide/", score_runs.decide, name="decide"),
    path("runs/<uuid:run_id>/appeal/", score_runs.appeal, name="appeal"),
    path("appeals/", score_runs.appeal_list, name="appeals"),
    path("appeals/<uuid:appeal_id>/answer/", score_runs.answer, name="answer"),
    path("formulas/", score_formulas.formula_list, name="formulas"),
    path("formulas/<slug:key>/draft/", score_formulas.redraft, name="redraft"),
    path("formulas/<uuid:formula_id>/", score_formulas.formula_page, name="formula"),
    path("formulas/<uuid:formula_id>/<slug:move>/", score_formulas.move, name="formula_move"),
    path("targets/", score_targets.target_list, name="targets"),
    path("targets/import/", score_targets.import_page, name="import_targets"),
    path("targets/template/", score_targets.template, name="target_template"),
    path("targets/<uuid:target_id>/", score_targets.target_page, name="target"),
    path("targets/reports/<uuid:report_id>/review/", score_targets.review, name="review"),
    path("targets/reports/<uuid:report_id>/file/", score_targets.evidence, name="evidence"),
    path("deductions/", score_targets.deduction_list, name="deductions"),
    path("deductions/<uuid:deduction_id>/decide/", score_targets.decide_deduction, name="decide_deduction"),
]
