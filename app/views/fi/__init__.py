"""The f-I curve; the view is found by this import."""

from .view import FI as FI
