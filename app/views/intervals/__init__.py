"""Intervals between spikes; the view is found by this import."""

from .view import Intervals as Intervals
