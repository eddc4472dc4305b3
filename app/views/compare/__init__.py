"""Comparison with another run; the view is found by this import."""

from .view import Compare as Compare
