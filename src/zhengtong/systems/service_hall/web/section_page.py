"""One page of the form: what it sent is kept, what its buttons ask for is done, what it shows next."""

import json
import re
import uuid
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from zhengtong.capabilities.forms import api as forms
from zhengtong.kernel.actors import Actor
from zhengtong.kernel.clock import now
from zhengtong.kernel.errors import Invalid
from zhengtong.kernel.ui.formats import cn_time
from zhengtong.kernel.uploads import MAX_BYTES
from zhengtong.systems.service_hall import api
from zhengtong.systems.service_hall.constants import ApplicationStatus
from zhengtong.systems.service_hall.web import pages

_NO_FILE = uuid.UUID(int=0)
_NUMBER = re.compile("[0-9]{1,4}")  # of a row


class SectionPage:
    """A section of an application's form while it is filled in; ``number`` counts from one."""

    def __init__(self, view: api.ApplicationView, number: int) -> None:
        self.view = view
        self.number = number
        self.part = view.form.definition.sections[number - 1]
        self.told: dict[str, str] = {}
        self.conflicts: tuple[str, ...] = ()
        self.more_asked = False
        self.act, self.target = "", ""
        self.typed: dict[str, list[str]] = {}
        self._over: dict[str, Any] = {}

    @property
    def status(self) -> int:
        """Status of the answer: 409 when two pages disagree, 422 when something is wrong."""
        return 409 if self.conflicts else 422 if self.told else 200

    @property
    def answers(self) -> dict[str, Any]:
        """What the page shows: the answers kept, over them what was typed here and not kept."""
        return {**self.view.form.answers, **self._over}

    def problems(self) -> dict[str, str]:
        """The sentences of this section, by path."""
        return pages.problems_of_section(self.view, self.number)

    def asked(self) -> set[str]:
        """Paths of what is asked now."""
        return self.view.form.asked_paths()

    def tell(self, problems: dict[str, str]) -> None:
        """Show these sentences, and why a file did not come in."""
        self.told = problems | self.told

    def keep(self, actor: Actor, request: HttpRequest) -> None:
        """Save what the page sent; what was changed elsewhere too stays as it is there and is shown beside."""
        posted = dict(request.POST.lists())
        self.typed = posted
        self.act, _colon, self.target = request.POST.get("act", "").partition(":")
        before = self.view.form.answers
        mine = forms.answers_in(self.part, posted, before=before, now=now().isoformat(timespec="seconds"))
        if self.act == "theirs":
            mine.pop(self.target, None)
        kept = api.keep_page(actor=actor, application_id=self.view.id, answers=mine, seen=forms.seen_in(posted))
        self.conflicts = kept.conflicts
        self._over = {key: mine[key] for key in kept.conflicts}
        for name in request.FILES:
            self._attach(actor, request, name.removesuffix(".new"))
        self._read(actor)

    def do(self, actor: Actor, request: HttpRequest) -> None:
        """What a button inside the page asks for: a row more or less, a search, a file."""
        definition, answers = self.view.form.definition, self.answers
        path, _colon, rest = self.target.partition(":")
        place = forms.row_path(path, self.typed)
        match self.act:
            case "add-row":
                self._over |= forms.add_row(definition, self._with_blank_rows(path), path)
            case "drop-row":
                known = _NUMBER.fullmatch(rest)
                number = int(forms.row_path(f"{path}.{rest}.x", self.typed).split(".")[1]) if known else -1
                self._change(actor, forms.drop_row(definition, self._with_blank_rows(path), path, number))
            case "drop-file":
                files = [file for file in forms.files_at(answers, place) if file["file"] != rest]
                self._change(actor, forms.with_files(answers, place, files))
            case "upload":
                if f"{path}.new" not in request.FILES:
                    self.told = {place: _("还没有选择文件。请先选择文件，再上传。")}

    def said(self) -> dict[str, Any]:
        """What the page's script is told after saving."""
        form = self.view.form
        said: dict[str, Any] = {"saved_at": cn_time(form.saved_at)}
        marks = forms.digests(form.answers, self.part.fields)
        said["seen"] = {key: mark for key, mark in marks.items() if key not in self.conflicts}
        if self.conflicts:
            said["conflicts"] = self._disagreements()
        return said

    def files(self) -> list[dict[str, str]]:
        """The files at the place a file was just sent to."""
        place = forms.row_path(self.target.partition(":")[0], self.typed)
        return [
            {
                "file": file["file"],
                "name": file["name"],
                "url": reverse("service_hall:answer_file", args=[self.view.id, file["file"]]),
            }
            for file in forms.files_at(self.view.form.answers, place)
        ]

    def context(self, known: dict[str, str]) -> dict[str, Any]:
        """All that the template shows."""
        view = self.view
        address = reverse("service_hall:answer_file", args=[view.id, _NO_FILE])
        return {
            "view": view,
            "part": self.part,
            "number": self.number,
            "answers": self.answers,
            "problems": self.told,
            "summary": [{"text": said, "href": f"#{forms.field_id(path)}"} for path, said in self.told.items()],
            "declaration": view.form.declaration,
            "leftovers": view.form.left_over,
            "known": known,
            "typed": self.typed,
            "seen": json.dumps(forms.digests(view.form.answers, self.part.fields)),
            "conflicts": self._disagreements(),
            "file_url": address.replace(str(_NO_FILE), "FILE"),
            "more_asked": self.more_asked,
            "progress": pages.progress(view, str(self.number)),
            "supplement": view.row.status == ApplicationStatus.SUPPLEMENT,
            "breadcrumbs": pages.crumbs((view.row.item_name, ""), (self.part.title, "")),
        }

    def _attach(self, actor: Actor, request: HttpRequest, path: str) -> None:
        given = request.FILES.get(f"{path}.new")
        place = forms.row_path(path, self.typed)
        if given is None:
            return
        try:
            api.attach_answer(
                actor=actor,
                application_id=self.view.id,
                path=place,
                name=given.name or "",
                content=given.read(MAX_BYTES + 1),
            )
        except Invalid as refusal:
            self.told |= {place: refusal.message}

    def _change(self, actor: Actor, changed: dict[str, Any]) -> None:
        if not changed:
            return
        api.keep_page(actor=actor, application_id=self.view.id, answers=changed, seen={})
        self._over = {key: value for key, value in self._over.items() if key not in changed}
        self._read(actor)
        self._over |= changed

    def _with_blank_rows(self, path: str) -> dict[str, Any]:
        """The answers with the group as the page had it, empty rows too."""
        section = self.part
        field = next((one for one in section.fields if one.key == path), None)
        if field is None:
            return self.answers
        posted = forms.answers_in(section, self.typed, before=self.view.form.answers, now="")
        return {**self.answers, path: posted.get(path) or []}

    def _read(self, actor: Actor) -> None:
        self.view = api.view_to_fill(actor=actor, application_id=self.view.id)

    def _disagreements(self) -> list[dict[str, str]]:
        form = self.view.form
        fields = form.definition.by_key
        return [
            {"key": key, "label": fields[key].label, "theirs": form.shown(fields[key], form.answers.get(key))}
            for key in self.conflicts
        ]
