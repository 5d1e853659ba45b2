"""What goes into one step of a case (commands) and what comes out of it (effects the caller writes)."""

from dataclasses import dataclass

from zhengtong.capabilities.cases.engine.marking import PARALLEL


@dataclass(frozen=True, slots=True)
class Complete:
    """A user task is done; the caller has already put its outcome into the variables."""

    token: int


@dataclass(frozen=True, slots=True)
class ServiceDone:
    """The job of a service, send or business-rule task has answered."""

    token: int


@dataclass(frozen=True, slots=True)
class ServiceFailed:
    """The service has answered with an error of the trade: the nearest error event that catches `code` goes on."""

    token: int
    code: str


@dataclass(frozen=True, slots=True)
class FireTimer:
    """The timer of `node`, armed on `token`, has run out."""

    token: int
    node: str


@dataclass(frozen=True, slots=True)
class Message:
    """A message has arrived; `token` and `node` choose when several places wait for the same name."""

    name: str
    token: int | None = None
    node: str | None = None


@dataclass(frozen=True, slots=True)
class ReturnTo:
    """退回: cancel everything open in the scope of `node` and open `node` again (sibling branches included)."""

    token: int
    node: str


@dataclass(frozen=True, slots=True)
class ReturnBranch:
    """退回单个分支: open one branch again, the others keep their work.

    Without `node` the branch of `token` starts again. With `node` (a task inside a fork/join block, or a
    multi-instance activity together with `item`) also a branch that has already finished, even after the join.
    """

    token: int
    node: str | None = None
    item: str | None = None


@dataclass(frozen=True, slots=True)
class AddSigner:
    """加签: `item` signs before, after or beside the user task of `token`.

    Before (前加签): the task cannot be completed until the signer is done. After (后加签): the signer's turn comes
    when the task is completed, and the token moves on after that. Parallel (并签): both must finish; beside an
    instance of a multi-instance activity the signer becomes one more instance.
    """

    token: int
    item: str
    where: str = PARALLEL


@dataclass(frozen=True, slots=True)
class RemoveSigner:
    """减签: drop the signer or instance `token`; or, with `item`, one by name of the task or activity of `token`."""

    token: int
    item: str | None = None


@dataclass(frozen=True, slots=True)
class Jump:
    """跳转: go on at `node`, done before or not; what is open in its scope, or in its branch, is cancelled."""

    token: int
    node: str


@dataclass(frozen=True, slots=True)
class Recall:
    """撤回: undo the completion of `token`, as long as nobody has worked on what it brought."""

    token: int


@dataclass(frozen=True, slots=True)
class Cancel:
    """撤回、终止: everything open ends, the case is done."""


Command = (
    Complete
    | ServiceDone
    | ServiceFailed
    | FireTimer
    | Message
    | ReturnTo
    | ReturnBranch
    | AddSigner
    | RemoveSigner
    | Jump
    | Recall
    | Cancel
)


@dataclass(frozen=True, slots=True)
class OpenTask:
    """Write a work item; `adhoc` is before, after or parallel for an added signer, whose unit `item` names."""

    token: int
    node: str
    item: str | None
    adhoc: str = ""


@dataclass(frozen=True, slots=True)
class CancelTask:
    """The work item of this token is cancelled."""

    token: int


@dataclass(frozen=True, slots=True)
class ArmTimer:
    """Write a timer row; `duration` is ISO 8601 (P20D, PT4H) or working time such as "5 WD"."""

    token: int
    node: str
    duration: str


@dataclass(frozen=True, slots=True)
class DisarmTimers:
    """All unfired timers of this token are off."""

    token: int


@dataclass(frozen=True, slots=True)
class Subscribe:
    """`node` now waits for the message `name`."""

    token: int
    node: str
    name: str


@dataclass(frozen=True, slots=True)
class Unsubscribe:
    """This token waits for no message any more."""

    token: int


@dataclass(frozen=True, slots=True)
class CallService:
    """Enqueue a job in the same transaction; the token waits for ServiceDone."""

    token: int
    node: str
    topic: str
    item: str | None = None


@dataclass(frozen=True, slots=True)
class CancelService:
    """The answer of this job is no longer wanted; a late ServiceDone will be refused."""

    token: int


@dataclass(frozen=True, slots=True)
class StillOpen:
    """`node` has occurred again, but what it brought the last time is still open: nothing was opened."""

    token: int
    node: str


@dataclass(frozen=True, slots=True)
class Ended:
    """An end event was reached (in a sub-process or in the whole process)."""

    node: str


@dataclass(frozen=True, slots=True)
class Done:
    """The case is closed; `cancelled` when it ended by the command Cancel."""

    cancelled: bool = False


Effect = (
    OpenTask
    | CancelTask
    | ArmTimer
    | DisarmTimers
    | Subscribe
    | Unsubscribe
    | CallService
    | CancelService
    | StillOpen
    | Ended
    | Done
)
