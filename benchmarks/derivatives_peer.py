"""eventax for `benchmarks/derivatives.py`: the same neuron, written in its API, and its gradients by EventProp.

Runs in an environment of its own, without Spark. Each line of its input is a task as JSON, answered by a line: what
the gradients are and how long the first call took, or why it failed; then `{"again": true}` is answered by the time
of one more call. The potential is counted from the threshold, so that every parameter enters through the flow, the
reset and the initial state: EventProp has no derivative by what its spike condition holds.
"""

import json
import re
import sys
import time

import diffrax
import equinox as eqx
import jax
import jax.numpy as jnp
import optimistix
from eventax.adjoint import EventPropAdjoint
from eventax.evnn import EvNN
from eventax.neuron_models import NeuronModel

jax.config.update("jax_enable_x64", True)
FIRST_STEP = 0.01
"""Of the solver in each interval, ms; its length adapts from there."""


class Neuron(NeuronModel):
    """Leaky, exponential or adaptive exponential, by the parameters there are. State: V - threshold, w, current."""

    p: dict
    scale: tuple = eqx.field(static=True)

    def __init__(self, key, n_neurons, in_size, wmask, dtype, values, plain):
        super().__init__(dtype=dtype)
        self.p = {name: jnp.asarray(value, dtype) for name, value in values.items()}
        self.scale = ()
        if "spike_slope" in values and not plain:
            slope = values["spike_slope"]
            self.scale = (float(jnp.exp((values["rheobase_threshold"] - values["threshold"]) / slope)), slope)

    def init_state(self, n_neurons):
        rest = self.p["potential_rest"] - self.p["threshold"]
        return jnp.stack([rest, 0 * rest, 0 * rest])[None]

    def dynamics(self, t, y, args):
        p, w = self.p, y[:, 1]
        v = y[:, 0] + p["threshold"]
        drive = p["potential_rest"] - v + p["resistance"] * (y[:, 2] - w)
        if "spike_slope" in p:
            drive += p["spike_slope"] * jnp.exp((v - p["rheobase_threshold"]) / p["spike_slope"])
        adapting = 0 * w
        if "adaptation_tau" in p:
            adapting = (p["adaptation_subthreshold"] * (v - p["potential_rest"]) - w) / p["adaptation_tau"]
        return jnp.stack([drive / p["potential_tau"], adapting, 0 * w], axis=1)

    def spike_condition(self, t, y, **given):
        """V - threshold, or what has the same zero and rises evenly where V diverges: root finders need that."""
        if not self.scale:
            return y[:, 0]
        size, slope = self.scale
        return -size * jnp.expm1(-y[:, 0] / slope)

    def input_spike(self, y, from_idx, to_idx, valid_mask):
        """The one input spike is the onset of the current; what the neuron sends to itself does nothing."""
        return y.at[0, 2].add(jnp.where(from_idx == 1, self.p["amplitude"], 0.0))

    def reset_spiked(self, y, mask):
        p = self.p
        v = jnp.where(mask, p["potential_reset"] - p["threshold"], y[:, 0])
        return jnp.stack([v, y[:, 1] + jnp.where(mask, p.get("adaptation_delta", 0.0), 0.0), y[:, 2]], axis=1)


def gradients(task):
    """The compiled function, and its argument."""
    tolerance, spikes = task["tolerance"], task["spikes"]
    network = EvNN(
        neuron_model=Neuron,
        n_neurons=1,
        in_size=1,
        key=jax.random.PRNGKey(0),
        max_solver_time=task["duration"],
        max_event_steps=spikes + 2,
        solver_stepsize=FIRST_STEP,
        solver=getattr(diffrax, task["solver"])(),
        stepsize_controller=diffrax.PIDController(rtol=tolerance, atol=tolerance),
        root_finder=optimistix.Newton(tolerance, tolerance, optimistix.rms_norm),
        adjoint=EventPropAdjoint(),
        dtype=jnp.float64,
        values=task["values"],
        plain=task["plain"],
    )

    def times(p):
        moved = eqx.tree_at(lambda net: net.neuron_model.p, network, p)
        return moved.spikes_until_t(p["onset"].reshape(1, 1), task["duration"], max_spikes=spikes)[0]

    def loss(p):
        return jnp.sum(times(p))

    return jax.jit(jax.jacrev(times) if task["all"] else jax.grad(loss)), network.neuron_model.p


def said(error):
    """What went wrong, in a few words: of what eqx raises inside a compiled function, its own sentence."""
    told = re.findall(r"EquinoxRuntimeError: ([^\n]*)", str(error)) or [str(error).strip().split("\n")[0]]
    return f"{type(error).__name__}: {told[-1]}"


def answers(lines):
    call, p = None, None
    for line in lines:
        asked = json.loads(line)
        start = time.perf_counter()
        if "again" in asked:
            jax.block_until_ready(call(p))
            yield {"ms": 1e3 * (time.perf_counter() - start)}
            continue
        try:
            call, p = gradients(asked)
            slopes = {name: jnp.atleast_1d(value).tolist() for name, value in call(p).items()}
            yield {"first_s": time.perf_counter() - start, "slopes": slopes}
        except Exception as error:  # a point that fails is a row of the table
            yield {"fails": said(error)}


def main():
    for answer in answers(sys.stdin):
        print("\n" + json.dumps(answer), flush=True)


if __name__ == "__main__":
    main()
