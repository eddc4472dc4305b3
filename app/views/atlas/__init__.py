"""The atlas, a map of two quantities; the view is found by this import."""

from .view import Atlas as Atlas
