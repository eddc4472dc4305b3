"""Floor 1: initializers and components."""

from . import initializers as initializers
from .components import somas as somas
