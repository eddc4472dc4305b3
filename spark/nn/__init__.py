"""Floor 1: initializers and components."""

from . import initializers as initializers
from . import somas as somas
from .components.somas import left_out as left_out
from .components.somas import register as register
from .components.somas import unregister as unregister
