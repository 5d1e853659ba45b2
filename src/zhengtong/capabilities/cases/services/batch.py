"""What one step of a case writes besides the case itself: gathered first, then written with few statements."""

import dataclasses
import datetime as dt
import uuid
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from procrastinate.contrib.django import app as jobs

from zhengtong.capabilities.cases.models import Case, WorkItem
from zhengtong.capabilities.cases.rules import Limit
from zhengtong.capabilities.cases.services import clock, store
from zhengtong.kernel.clock import now
from zhengtong.kernel.events import Event
from zhengtong.kernel.outbox import publish_all
from zhengtong.kernel.together import Together

RUN_SERVICE = "cases.run_service"


@dataclasses.dataclass
class Batch:
    """What is done, started and told in one step at one instant; nothing is in the database before ``write``.

    ``cause_id`` is the task whose completion this step is, ``why`` the kind of act.
    """

    case: Case
    at: dt.datetime = dataclasses.field(default_factory=now)
    items: list[dict[str, Any]] = dataclasses.field(default_factory=list)
    deadlines: list[dict[str, Any]] = dataclasses.field(default_factory=list)
    events: list[Event] = dataclasses.field(default_factory=list)
    finished: list[dict[str, Any]] = dataclasses.field(default_factory=list)
    services: list[tuple[int, str]] = dataclasses.field(default_factory=list)
    cause_id: uuid.UUID | None = None
    why: str = "step"
    settings: clock.Settings | None = None

    def finish(self, item: WorkItem, *, kinds: Sequence[str], opinion: Mapping[str, Any], recallable: bool) -> None:
        """Finish a task, with what was written on it and the limits of the case that end with it."""
        self.finished.append({"item": item.id, "kinds": list(kinds), "recallable": recallable, **opinion})

    def start(self, entries: Iterable[tuple[str, Limit, str, uuid.UUID | None]]) -> None:
        """Start limits given as (kind, limit, basis, work item)."""
        entries = [entry for entry in entries if entry[1].is_set]
        if entries:
            self.settings = self.settings or clock.settings_of(self.case.tenant)
            self.deadlines += clock.deadline_rows(self.case, entries, started_at=self.at, settings=self.settings)

    def call(self, token: int, topic: str) -> None:
        """Have a service done; its answer comes back as a command."""
        self.services.append((token, topic))

    def tell(self, event: type[Event], **fields: Any) -> None:
        """Tell of something, in the order of telling."""
        self.events.append(event(**clock.event_fields(self.case), **fields))

    def write_rows(self, into: Together | None = None) -> None:
        """Write the tasks and limits gathered so far, for what must see them; or gather them ``into`` a statement."""
        statement = Together() if into is None else into
        for values in self.finished:
            store.finish_item(self.case, statement, at=self.at, values=values)
        store.insert("cases_workitem", self.items, statement)
        store.insert("cases_deadline", self.deadlines, statement)
        if into is None:
            statement.run()
        self.finished, self.items, self.deadlines = [], [], []

    def write(self, into: Together) -> None:
        """Gather the rows and the events of the step."""
        self.write_rows(into)
        publish_all(self.events, into=into)
        self.events = []

    def enqueue(self) -> None:
        """Enqueue the services, in the transaction of the step."""
        for token, topic in self.services:
            jobs.configure_task(RUN_SERVICE).defer(
                tenant=self.case.tenant, case_id=str(self.case.id), token=token, topic=topic
            )
        self.services = []
