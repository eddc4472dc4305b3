"""Components: things that are built, reset and called."""

from .base import Component as Component
