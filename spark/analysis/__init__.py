"""Floor 3: what can be read off a run.

What is about a neuron takes a soma: `rheobase(soma)`, `fixed_points(soma, 500.0)`, `theory_rate(soma, currents)`.
A class and values by name, such as those of `recording.parameters_of(unit)`, do as well: `rheobase(LeakySoma, values)`.
"""

from .atlas import Atlas as Atlas
from .atlas import atlas as atlas
from .counts import PSTH as PSTH
from .counts import fano_factor as fano_factor
from .counts import psth as psth
from .currents import MembraneCurrents as MembraneCurrents
from .currents import current_names as current_names
from .currents import membrane_currents as membrane_currents
from .curves import FICurve as FICurve
from .curves import RampSweep as RampSweep
from .curves import fi_curve as fi_curve
from .curves import ramp_sweep as ramp_sweep
from .curves import single_neuron as single_neuron
from .distance import coincidence_factor as coincidence_factor
from .distance import coincidences as coincidences
from .distance import van_rossum as van_rossum
from .distance import victor_purpura as victor_purpura
from .impedance import Impedance as Impedance
from .impedance import impedance as impedance
from .intervals import Histogram as Histogram
from .intervals import histogram as histogram
from .intervals import order_units as order_units
from .intervals import return_map as return_map
from .intervals import spike_intervals as spike_intervals
from .intervals import unit_rates as unit_rates
from .patterns import PATTERNS as PATTERNS
from .patterns import Firing as Firing
from .patterns import classify as classify
from .phase_plane import FixedPoint as FixedPoint
from .phase_plane import Nullclines as Nullclines
from .phase_plane import Plane as Plane
from .phase_plane import Rheobase as Rheobase
from .phase_plane import Trajectory as Trajectory
from .phase_plane import fixed_points as fixed_points
from .phase_plane import nullclines as nullclines
from .phase_plane import plane_of as plane_of
from .phase_plane import rheobase as rheobase
from .phase_plane import trajectory as trajectory
from .phase_response import PhaseResponse as PhaseResponse
from .phase_response import phase_response as phase_response
from .regularity import cv2 as cv2
from .regularity import lv as lv
from .regularity import lvr as lvr
from .reset_map import AdaptationMap as AdaptationMap
from .reset_map import adaptation_map as adaptation_map
from .sensitivity import Sensitivity as Sensitivity
from .sensitivity import differences as differences
from .sensitivity import sensitivity as sensitivity
from .sensitivity import stepped as stepped
from .spike_time_derivatives import SpikeTimeDerivatives as SpikeTimeDerivatives
from .spike_time_derivatives import spike_time_derivatives as spike_time_derivatives
from .spikes import SpikeStatistics as SpikeStatistics
from .spikes import spike_statistics as spike_statistics
from .sweep import IMPOSSIBLE as IMPOSSIBLE
from .sweep import Sweep as Sweep
from .sweep import sweep as sweep
from .theory import TheoryRate as TheoryRate
from .theory import theory_rate as theory_rate
from .tracks import tracks as tracks
from .triggered import SpikeTriggeredAverage as SpikeTriggeredAverage
from .triggered import spike_triggered_average as spike_triggered_average
