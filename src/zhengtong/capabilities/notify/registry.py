"""Extension points of messages: the kinds of messages there are, and who takes part in a matter."""

import dataclasses
from collections.abc import Callable, Mapping

from zhengtong.kernel.actors import Actor, ObjectRef
from zhengtong.kernel.registry import Registry


@dataclasses.dataclass(frozen=True, kw_only=True)
class MessageKind:
    """A kind of message with its words: title and body are sent by site and mail, ``sms`` as short message.

    ``variables`` are the names that stand in braces in the words, each with its label and a sample value. A kind
    without ``sms`` sends none. ``sms_only``: words around a code, which never stands on the site: no title, no body,
    see ``api.words_of_code``. ``urgent``: also at night (codes). ``required``: the law wants it told, so that the
    person's own choice of channels does not hold it back.
    """

    key: str
    label: str
    title: str = ""
    body: str = ""
    sms: str = ""
    variables: Mapping[str, tuple[str, str]] = dataclasses.field(default_factory=dict)
    urgent: bool = False
    required: bool = False
    sms_only: bool = False

    @property
    def samples(self) -> dict[str, str]:
        """A sample value for each variable."""
        return {name: sample for name, (_label, sample) in self.variables.items()}


#: key → kind; registered in ``apps.ready()`` by the app that sends such messages
message_kinds: Registry[MessageKind] = Registry("message_kinds")

#: kind of object → whether an official takes part in that matter and may see how its messages fare
matter_guards: Registry[Callable[[Actor, ObjectRef], bool]] = Registry("matter_guards")
