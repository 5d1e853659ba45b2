"""Tables of complaints: complaints, their clock, what was done, drafts, files, published answers."""

from zhengtong.systems.complaints.models.clocks import ComplaintClock, ComplaintExtension, ComplaintPause
from zhengtong.systems.complaints.models.complaints import Complaint, ComplaintCounter
from zhengtong.systems.complaints.models.handling import ComplaintAct, ComplaintDraft, ComplaintFile, PublicAnswer

__all__ = [
    "Complaint",
    "ComplaintAct",
    "ComplaintClock",
    "ComplaintCounter",
    "ComplaintDraft",
    "ComplaintExtension",
    "ComplaintFile",
    "ComplaintPause",
    "PublicAnswer",
]
