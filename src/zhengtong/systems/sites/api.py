"""The door of the site group."""

from zhengtong.systems.sites.engine.shelf import Kept, Place, Shelf
from zhengtong.systems.sites.selectors.desk import own_sites, page_in_reach, waiting_to_be_signed
from zhengtong.systems.sites.selectors.hosts import hosts, main_address
from zhengtong.systems.sites.selectors.inspection_board import late_inspection
from zhengtong.systems.sites.selectors.migrating import count_words, report_lines
from zhengtong.systems.sites.selectors.moments import late_moments
from zhengtong.systems.sites.selectors.public import (
    navigation,
    portal,
    published_page,
    site_by_code,
    site_by_host,
    sites_of_kind,
)
from zhengtong.systems.sites.selectors.reviewing import review_drawing, review_process_missing, review_tasks
from zhengtong.systems.sites.selectors.sharing import Answer
from zhengtong.systems.sites.services.banners import approve_banner, end_banner, propose_banner
from zhengtong.systems.sites.services.binning import delete_page, empty_bins, restore_page
from zhengtong.systems.sites.services.closing import ask_to_close, close_site, decide_closing
from zhengtong.systems.sites.services.drafting import draft_article
from zhengtong.systems.sites.services.duties import end_duty, set_duty
from zhengtong.systems.sites.services.editions import renew, shelf, shelf_folder
from zhengtong.systems.sites.services.explaining import explain_finding, review_explanation
from zhengtong.systems.sites.services.facts import set_facts
from zhengtong.systems.sites.services.files import PlainPicture, plain_picture
from zhengtong.systems.sites.services.handing_over import hand_over_site
from zhengtong.systems.sites.services.holding import hold_page, release_page, take_over_page
from zhengtong.systems.sites.services.hosts import free_host, set_host
from zhengtong.systems.sites.services.importing import ArticleWords, import_articles
from zhengtong.systems.sites.services.inspecting import inspect_again, inspect_county, inspect_site
from zhengtong.systems.sites.services.looks import WishedLook, set_look
from zhengtong.systems.sites.services.migrating import (
    begin_migration,
    plan_migration,
    samples,
    save_rules,
    start_migration,
    stop_migration,
    work_through,
)
from zhengtong.systems.sites.services.migration_plan import run_planning
from zhengtong.systems.sites.services.migration_write import run_writing
from zhengtong.systems.sites.services.opening import Opened, open_site, open_sites
from zhengtong.systems.sites.services.packing import Packed, export_site
from zhengtong.systems.sites.services.previewing import end_preview_link, make_preview_link, read_by_link, token_of
from zhengtong.systems.sites.services.publishing import publish_page, withdraw_page
from zhengtong.systems.sites.services.review_plans import set_reviews
from zhengtong.systems.sites.services.reviewing import (
    begin_review_process,
    decide_review,
    submit_page,
    withdraw_submission,
)
from zhengtong.systems.sites.services.scheduling import cancel_schedule, run_due, schedule_down
from zhengtong.systems.sites.services.sharing import decline_offer, offer_article, take_offer
from zhengtong.systems.sites.services.unpacking import import_site
from zhengtong.systems.sites.services.whereabouts import still_there
from zhengtong.systems.sites.services.work_reports import begin_work_report, publish_work_report, write_work_report

__all__ = [
    "Answer",
    "ArticleWords",
    "Kept",
    "Opened",
    "Packed",
    "Place",
    "PlainPicture",
    "Shelf",
    "WishedLook",
    "approve_banner",
    "ask_to_close",
    "begin_migration",
    "begin_review_process",
    "begin_work_report",
    "cancel_schedule",
    "close_site",
    "count_words",
    "decide_closing",
    "decide_review",
    "decline_offer",
    "delete_page",
    "draft_article",
    "empty_bins",
    "end_banner",
    "end_duty",
    "end_preview_link",
    "explain_finding",
    "export_site",
    "free_host",
    "hand_over_site",
    "hold_page",
    "hosts",
    "import_articles",
    "import_site",
    "inspect_again",
    "inspect_county",
    "inspect_site",
    "late_inspection",
    "late_moments",
    "main_address",
    "make_preview_link",
    "navigation",
    "offer_article",
    "open_site",
    "open_sites",
    "own_sites",
    "page_in_reach",
    "plain_picture",
    "plan_migration",
    "portal",
    "propose_banner",
    "publish_page",
    "publish_work_report",
    "published_page",
    "read_by_link",
    "release_page",
    "renew",
    "report_lines",
    "restore_page",
    "review_drawing",
    "review_explanation",
    "review_process_missing",
    "review_tasks",
    "run_due",
    "run_planning",
    "run_writing",
    "samples",
    "save_rules",
    "schedule_down",
    "set_duty",
    "set_facts",
    "set_host",
    "set_look",
    "set_reviews",
    "shelf",
    "shelf_folder",
    "site_by_code",
    "site_by_host",
    "sites_of_kind",
    "start_migration",
    "still_there",
    "stop_migration",
    "submit_page",
    "take_offer",
    "take_over_page",
    "token_of",
    "waiting_to_be_signed",
    "withdraw_page",
    "withdraw_submission",
    "work_through",
    "write_work_report",
]
