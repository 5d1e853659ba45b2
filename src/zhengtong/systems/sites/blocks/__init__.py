"""What pages are built of: the modules of a home, the parts of an article."""

from zhengtong.systems.sites.blocks.articles import ArticleBlock
from zhengtong.systems.sites.blocks.media import AttachmentBlock, AttachmentsBlock, PictureBlock
from zhengtong.systems.sites.blocks.module import Module
from zhengtong.systems.sites.blocks.modules import MODULES, ModulesBlock, combinations

__all__ = [
    "MODULES",
    "ArticleBlock",
    "AttachmentBlock",
    "AttachmentsBlock",
    "Module",
    "ModulesBlock",
    "PictureBlock",
    "combinations",
]
