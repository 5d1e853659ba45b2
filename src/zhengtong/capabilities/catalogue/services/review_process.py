"""The drawing of the review that comes with the platform: offered for trial and approval, never deployed by itself."""

import uuid

from django.utils.translation import gettext as _

from zhengtong.capabilities.cases import api as cases
from zhengtong.capabilities.catalogue.constants import PROCESS_REVIEW
from zhengtong.capabilities.catalogue.selectors import review_drawing
from zhengtong.kernel.actors import Actor


def begin_review_process(*, actor: Actor) -> uuid.UUID:
    """A draft of the process ``item_review`` for a process administrator to try; a second person puts it in force.

    Raises NotPermitted for anybody else, Conflict while a draft of it is open.
    """
    return cases.begin_process_draft(
        actor=actor, key=PROCESS_REVIEW, title=_("权力事项审核"), bpmn_xml=review_drawing()
    )
