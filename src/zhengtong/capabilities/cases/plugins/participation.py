"""Taking part in a case is a grant, limited to that case."""

import uuid

from zhengtong.capabilities.cases.constants import OBJECT_KIND
from zhengtong.capabilities.cases.models import Case
from zhengtong.capabilities.cases.permissions import taking_part
from zhengtong.capabilities.identity.registry import GrantQuestion


def covers(question: GrantQuestion) -> bool:
    """True when the question is about one case in which the actor's unit has or had a task, or which it answers for."""
    ref, actor = question.object_ref, question.actor
    if ref is None or ref.kind != OBJECT_KIND or not question.purpose.strip():
        return False
    try:
        case_id = uuid.UUID(ref.id)
    except ValueError:
        return False
    return Case.objects.filter(taking_part(actor), pk=case_id).exists()
