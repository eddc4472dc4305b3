"""Floor 2: the time loop and what it records."""

from .events import Crowded as Crowded
from .loop import Cancelled as Cancelled
from .recording import Recording as Recording
from .scan import scan as scan
from .simulate import simulate as simulate
