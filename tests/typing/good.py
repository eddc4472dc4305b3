"""A script as users write them: no type checker finds fault with it."""

import jax.numpy as jnp
import numpy as np

import spark
from spark.core.quantity import Quantity
from spark.nn.initializers import Normal
from spark.nn.somas import AdaptiveExponentialSoma, LeakySoma, LeakySomaConfig
from spark.solvers import RK4
from spark.stimuli import OrnsteinUhlenbeck, Sine, Step

config = LeakySomaConfig(threshold=-50, resistance=[0.1, 0.2], dt=0.05, solver=RK4(), units=2)
config.threshold = -50.5
config.threshold = np.linspace(-55.0, -50.0, 2)
config.potential_tau = Normal(10.0, 1.0)
config.resistance = jnp.full(2, 0.1)
half: float = config.dt / 2
unchecked = LeakySomaConfig(__skip_validation__=True, threshold=np.float32(-5000.0))
leaky = LeakySoma(config)
leaky.config.potential_rest = -71.0
soma = AdaptiveExponentialSoma(adaptation_tau=200, threshold=0.0, dtype="float32", seed=3, units=(2,))
soma.config.adaptation_delta = 50.0
changed = soma.config.copy(spike_slope=3.0)
stimulus = Step(amplitude=700.0, onset=50) + Sine(frequency=8.0)
noise = OrnsteinUhlenbeck(mean=400.0, std=np.array([100.0, 200.0]), frozen=True, seed=1)
noise.tau = 3
scaled = 2 * stimulus - Step() / 3 + 50.0
total = spark.simulate(leaky, sum([Step(), Sine()]), duration=10.0).spike_count + spark.simulate(leaky, 500.0).units
least = (
    spark.analysis.rheobase(LeakySoma()).current,
    spark.analysis.rheobase(LeakySoma, LeakySoma().config.values()).current,
)
points = spark.analysis.fixed_points(LeakySoma(), current=100.0)[0].potential + 1.0
spark.presets.presets()["naud2008_regular_bursting"].make_soma()
run: spark.Recording = spark.simulate(soma, stimulus, duration=300.0, record=("potential", "adaptation"), solver=RK4())
highest = float(run.potential.max()) + float(run.adaptation[-1, 0]) + run.spike_times[0].size + run.time[-1]
other = run.recorded["adaptation"].mean()
output = leaky(jnp.zeros(2))
fired = output["spikes"].value.any()
for name, kind in spark.nn.somas.catalogue().items():
    print(name, kind(threshold=-40.0), spark.stimuli.catalogue()["Step"](amplitude=3.0))


class SlowConfig(LeakySomaConfig):
    """A config of the user's own, with a field that is annotated so that checkers find it."""

    slowness: Quantity = Quantity(3.0, unit="ms", bounds=(0, None))


slow = SlowConfig(slowness=4.0, threshold=-40.0)
slow.slowness = 5.0
