"""The corpus: what is thrown, where, what the page must say, what must come back; how it is thrown stands elsewhere."""

from tests.bad_input.corpus.case import Case
from tests.bad_input.corpus.machines import MACHINES
from tests.bad_input.corpus.transport import TRANSPORT
from tests.bad_input.corpus.typed import TYPED
from tests.bad_input.corpus.uploads import UPLOADS

CASES: tuple[Case, ...] = (*UPLOADS, *TYPED, *MACHINES, *TRANSPORT)

__all__ = ["CASES", "Case"]
