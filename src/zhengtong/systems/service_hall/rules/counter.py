"""窗口代录规则：where an application is taken in."""

_CHANNELS = {"乡镇级": "township", "村(社区)级": "village", "村（社区）级": "village"}


def channel_of_level(level: str) -> str:
    """counter, township or village, by the level of the organisation whose window it is."""
    return _CHANNELS.get(level, "counter")
