"""模拟上级平台: nobody is there; packages are taken, judged and kept in the state folder."""

from collections.abc import Sequence

from zhengtong.capabilities.exchange.services.simulated import answer_built_in, built_in_certificate


class SimulatedUpper:
    """Takes packages within this process; see ``registry.Transport``."""

    label = "模拟上级平台（演示，不离开本机）"
    simulated = True

    def problem(self) -> str:
        """Always there."""
        return ""

    def where(self) -> str:
        """The folder."""
        return "状态目录 upper/"

    def trusted(self) -> Sequence[str]:
        """Its own certificate."""
        return [built_in_certificate()]

    def call(self, subject: str, body: bytes) -> bytes:
        """Its answer."""
        return answer_built_in(subject, body)
