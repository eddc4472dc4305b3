"""Floor 1: initializers and components."""

from . import initializers as initializers
from . import somas as somas
