"""The honesty meter: how far the run is from the same at half the time step and in float64."""
