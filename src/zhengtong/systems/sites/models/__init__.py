"""Tables of the site group: sites, their pages in Wagtail's tree, and the way of a page to the public and back."""

from zhengtong.systems.sites.models.bin import DeletedPage
from zhengtong.systems.sites.models.closing import Closing
from zhengtong.systems.sites.models.duties import Duty
from zhengtong.systems.sites.models.pages import ArticlePage, ColumnPage, CountyPage, HomePage, SitePage
from zhengtong.systems.sites.models.previews import PreviewLink
from zhengtong.systems.sites.models.reviewing import ReviewPlan, Submission
from zhengtong.systems.sites.models.scheduling import Schedule
from zhengtong.systems.sites.models.sites import GovernmentSite

__all__ = [
    "ArticlePage",
    "Closing",
    "ColumnPage",
    "CountyPage",
    "DeletedPage",
    "Duty",
    "GovernmentSite",
    "HomePage",
    "PreviewLink",
    "ReviewPlan",
    "Schedule",
    "SitePage",
    "Submission",
]
