"""The measured case: 开办餐饮店一件事 — open, accept, four units review, decide, issue: eight steps, eight commits."""

from pathlib import Path

import zhengtong

DRAWING = Path(zhengtong.__file__).parent / "entry" / "demo" / "data" / "processes" / "restaurant.bpmn"
STEPS = 8
#: node of each review and the unit that does it
REVIEWS = {"review_fire": "H05", "review_signboard": "G11", "review_housing": "G10", "review_tobacco": "H04"}
OPINION = "经审查，材料齐全，符合要求。"
