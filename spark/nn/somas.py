"""The somas, by a shorter name."""

from .components.somas import *  # noqa: F403
