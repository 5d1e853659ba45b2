"""Who may sign for what: the text of one person is published by another."""

import uuid
from collections.abc import Collection


def needs_second_person(written_by: uuid.UUID | None, signer: Collection[uuid.UUID]) -> bool:
    """True when whoever wrote the version signs for it himself, also in the post of another.

    Three examinations before publication (三审三校) ask for different people; how many is left to the county by
    政府网站发展指引 (国办发〔2017〕47号), so one other person is the least (待核实).
    """
    return written_by is not None and written_by in signer
