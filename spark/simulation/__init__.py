"""Floor 2: the time loop and what it records."""

from .loop import Cancelled as Cancelled
from .recording import Recording as Recording
from .simulate import simulate as simulate
