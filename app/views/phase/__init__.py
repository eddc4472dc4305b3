"""The phase plane; the view is found by this import."""

from .view import Phase as Phase
