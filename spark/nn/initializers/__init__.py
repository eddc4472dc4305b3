"""Initializers draw one value per unit for any config field.

Each has a second name, such as `ConstantInitializer`, by which other libraries know it.
"""

from .base import Initializer as Initializer
from .common import Constant as Constant
from .common import Constant as ConstantInitializer
from .common import LogNormal as LogNormal
from .common import LogNormal as LogNormalInitializer
from .common import Normal as Normal
from .common import Normal as NormalInitializer
from .common import Uniform as Uniform
from .common import Uniform as UniformInitializer

__all__ = [
    "Constant",
    "ConstantInitializer",
    "Initializer",
    "LogNormal",
    "LogNormalInitializer",
    "Normal",
    "NormalInitializer",
    "Uniform",
    "UniformInitializer",
]
