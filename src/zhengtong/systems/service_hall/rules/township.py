"""上报规则：where the paper originals are, said in one sentence."""

import datetime as dt


def paper_place(*, intake: str, unit: str, state: str, day: dt.date | None, reason: str = "") -> str:
    """Where the papers of an application are: ``state`` of its last list line, empty while none was passed up."""
    when = f"{day.month}月{day.day}日" if day else ""
    return {
        "": f"您交来的纸质材料在{intake}，还没有送到{unit}；电子材料已经送到，办理时间从提交时算起。",
        "sent": f"您交来的纸质材料{when}由{intake}送往{unit}，还没有签收。",
        "received": f"您交来的纸质材料{when}已由{unit}签收。",
        "missing": f"{unit}{when}核对清单时没有收到您的纸质材料（{reason}），正在向{intake}查找。",
        "returned": f"您交来的纸质材料{when}由{unit}退回{intake}：{reason}",
    }[state]


def batch_number(org_code: str, day: dt.date, sequence: int) -> str:
    """DJ, the unit that hands over, the day, its list of that day: ``DJT0220261123001``."""
    return f"DJ{org_code}{day:%Y%m%d}{sequence:03d}"
