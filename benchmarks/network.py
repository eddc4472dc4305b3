"""What a step costs in a network that is stepped by hand: `python -m benchmarks.network`.

A hundred neurons with random synapses, as docs/jax.md has them, and the same neurons in `spark.scan`, which cannot feed
back. Prints medians of rounds in which they take turns.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from statistics import median
from typing import Any

import jax
import jax.numpy as jnp

import spark
from spark.nn.components.somas import catalogue

from .page import conditions, sentence, table

UNITS, STEPS, ROUNDS, SYNAPSE = 100, 10_000, 9, 5.0


def network(soma: Any) -> Callable[..., Any]:
    """Steps by hand: each spike arrives where in the step it happened."""
    dt = soma.config.dt
    weights = 40.0 * jax.random.normal(jax.random.key(0), (UNITS, UNITS))

    def run(parameters: Any, state: Any, drive: jax.Array) -> Any:
        def step(carry: Any, external: jax.Array) -> Any:
            state, synaptic = carry
            state, output = soma.step(parameters, state, external + synaptic)
            arrived = output.spikes * jnp.exp(-(dt - output.offset) / SYNAPSE)
            return (state, synaptic * jnp.exp(-dt / SYNAPSE) + weights @ arrived), output.spikes.sum()

        return jax.lax.scan(step, (state, jnp.zeros(UNITS)), drive)

    return jax.jit(run)


def alone(soma: Any) -> Callable[..., Any]:
    """The same neurons without synapses."""
    return jax.jit(lambda *given: spark.scan(soma, *given)[1].spikes.sum())


def microseconds(run: Callable[..., Any], *given: Any) -> float:
    """What a step takes, us."""
    begin = time.perf_counter()
    jax.block_until_ready(run(*given))
    return (time.perf_counter() - begin) / STEPS * 1e6


def main() -> None:
    rows = []
    for name, kind in catalogue().items():
        soma = kind()
        given = (*soma.init(UNITS), jnp.full(STEPS, 700.0))
        runs = [network(soma), alone(soma)]
        for run in runs:
            jax.block_until_ready(run(*given))
        took = [[microseconds(run, *given) for run in runs] for _ in range(ROUNDS)]
        rows.append([f"`{name}`", *(f"{median(column):.2f}" for column in zip(*took, strict=True))])
    print(sentence(conditions()))
    print(table(["soma", "us per step, by hand, with synapses", "us per step, spark.scan"], rows))


if __name__ == "__main__":
    main()
