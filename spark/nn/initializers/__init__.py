"""Initializers draw one value per unit for any config field."""

from .base import Initializer as Initializer
from .common import Constant as Constant
from .common import LogNormal as LogNormal
from .common import Normal as Normal
from .common import Uniform as Uniform

__all__ = ["Constant", "Initializer", "LogNormal", "Normal", "Uniform"]
