"""A text of Word or WPS becomes the draft of an article; what cannot be taken over is said."""

import dataclasses
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from zhengtong.kernel.actors import Actor
from zhengtong.kernel.clock import local_date, now
from zhengtong.kernel.errors import Invalid
from zhengtong.kernel.ids import query_code
from zhengtong.kernel.office_files import DOCX, checked_attachment, parts, tree
from zhengtong.kernel.uploads import clean_name
from zhengtong.systems.sites.constants import TITLE_MAX
from zhengtong.systems.sites.engine import word_text
from zhengtong.systems.sites.models import ArticlePage, ColumnPage
from zhengtong.systems.sites.selectors.desk import page_in_reach
from zhengtong.systems.sites.services.telling import page_ref, record


@dataclasses.dataclass(frozen=True)
class ReadWord:
    """The text of a file that was examined; only ``read_word`` makes one."""

    text: word_text.WordText
    name: str


def read_word(name: str, content: bytes) -> ReadWord:
    """Examine a file and read its text. Raises Invalid with a sentence; RuntimeError inside a transaction."""
    upload = checked_attachment(name, content)
    shown = clean_name(name)
    if upload.content_type != DOCX:
        raise Invalid(
            _("“%(name)s”不是 docx 文件。请在 Word 或 WPS 里另存为 docx 后再导入。") % {"name": shown}, field="file"
        )
    found = parts(shown, content)

    def root(part: str) -> Any:
        return tree(shown, found[part]) if part in found else None

    text = word_text.read(
        root("word/document.xml"),
        styles=root("word/styles.xml"),
        numbering=root("word/numbering.xml"),
        relations=root("word/_rels/document.xml.rels"),
    )
    if not text.parts:
        raise Invalid(_("“%(name)s”里没有读到文字。") % {"name": shown}, field="file")
    return ReadWord(text, shown.rpartition(".")[0] or shown)


@transaction.atomic
def draft_from_word(*, actor: Actor, account: Any, column_id: int, word: ReadWord) -> ArticlePage:
    """Make the draft of an article in a column of a site the actor keeps. Raises Invalid, NotFound."""
    column = page_in_reach(actor, column_id, for_update=True)
    if not isinstance(column, ColumnPage) or column.site is None:
        raise Invalid(_("请选择要放进哪个栏目。"), field="column")
    page = ArticlePage(
        title=(word.text.title or word.name)[:TITLE_MAX],
        slug=f"{local_date(now()):%Y%m%d}-{query_code(6).lower()}",
        tenant=column.tenant,
        site=column.site,
        source=column.site.org_name,
        owner=account,
        live=False,
        body=[_part(kind, value) for kind, value in word.text.parts],
    )
    column.add_child(instance=page)
    page.save_revision(user=account)
    record(actor, "sites.import_word", page_ref(page), title=page.title, pictures_left_out=word.text.pictures)
    return page


def _part(kind: str, value: Any) -> tuple[str, Any]:
    return ("table", {"caption": "", "headed": True, "cells": "\n".join(value)}) if kind == "table" else (kind, value)
