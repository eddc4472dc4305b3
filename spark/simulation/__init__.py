"""Floor 2: the time loop and what it records."""

from ..recording import Recording as Recording
from ..recording.events import Crowded as Crowded
from .diverged import Diverged as Diverged
from .loop import Cancelled as Cancelled
from .scan import scan as scan
from .simulate import simulate as simulate
