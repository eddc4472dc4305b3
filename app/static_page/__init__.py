"""A neuron with its sliders as one HTML file, which needs no server: `live_page`."""

from .live_page import live_page as live_page
