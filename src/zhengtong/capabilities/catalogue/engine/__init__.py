"""事项表的读取和核对：files of offices read and judged, row by row; plain Python, nothing is written."""

from zhengtong.capabilities.catalogue.engine.departments import Directory, Match, Proposal, Unit
from zhengtong.capabilities.catalogue.engine.doubles import item_key
from zhengtong.capabilities.catalogue.engine.elements import LABELS, MANDATORY
from zhengtong.capabilities.catalogue.engine.grid import Book, Sheet, Unreadable
from zhengtong.capabilities.catalogue.engine.headers import Column
from zhengtong.capabilities.catalogue.engine.judging import Options, judge
from zhengtong.capabilities.catalogue.engine.problems import CODES, Problem
from zhengtong.capabilities.catalogue.engine.reading import MAX_BYTES, read_book
from zhengtong.capabilities.catalogue.engine.results import Content, Judgement, Line, SheetReport, limit_json
from zhengtong.capabilities.catalogue.engine.returning import returned_book
from zhengtong.capabilities.catalogue.engine.sentences import Place, problem
from zhengtong.capabilities.catalogue.engine.template import template_csv, template_xlsx
from zhengtong.capabilities.catalogue.engine.values import TYPE_NAMES, StepEntry
from zhengtong.capabilities.catalogue.engine.words import key

__all__ = [
    "CODES",
    "LABELS",
    "MANDATORY",
    "MAX_BYTES",
    "TYPE_NAMES",
    "Book",
    "Column",
    "Content",
    "Directory",
    "Judgement",
    "Line",
    "Match",
    "Options",
    "Place",
    "Problem",
    "Proposal",
    "Sheet",
    "SheetReport",
    "StepEntry",
    "Unit",
    "Unreadable",
    "item_key",
    "judge",
    "key",
    "limit_json",
    "problem",
    "read_book",
    "returned_book",
    "template_csv",
    "template_xlsx",
]
