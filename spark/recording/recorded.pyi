"""Made by `python -m docs.make_stubs` from what is declared: do not edit."""

import numpy as np

class Recorded:
    potential: np.ndarray
    threshold: np.ndarray
    current: np.ndarray
    adaptation: np.ndarray
    recovery: np.ndarray
