"""Where a run goes, and by which loop."""

import importlib
import subprocess
import sys
from types import SimpleNamespace
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import pytest

import spark
from spark.nn.components.somas import LeakySoma
from spark.recording import events
from spark.simulation import device

CPU = jax.local_devices(backend="cpu")[0]
GPU: Any = SimpleNamespace(platform="gpu", id=0, compute_capability="9.0")
OLD: Any = SimpleNamespace(platform="gpu", id=0, compute_capability="7.5")
OTHER: Any = SimpleNamespace(platform="gpu", id=0, compute_capability="gfx90a")
MANY = device.LEAST_UNITS["fused"]
LONG = device.LEAST_WORK["fused"] // MANY + 1
SCANNED = device.LEAST_UNITS["scan"]
SCANNED_LONG = device.LEAST_WORK["scan"] // SCANNED + 1


@pytest.mark.parametrize(
    ("asked", "backend", "units", "steps", "expected"),
    [
        ("auto", "auto", MANY, LONG, GPU),
        ("auto", "auto", MANY, LONG - 2, CPU),
        ("auto", "auto", MANY - 1, 10 * LONG, CPU),
        ("auto", "auto", 1, device.LEAST_WORK["fused"], CPU),
        ("auto", "scan", SCANNED, SCANNED_LONG, GPU),
        ("auto", "scan", SCANNED, SCANNED_LONG - 2, CPU),
        ("auto", "scan", SCANNED - 1, 10 * SCANNED_LONG, CPU),
        ("auto", "fused", 1, 1, GPU),
        ("auto", "scan", 1, 1, CPU),
        ("cpu", "auto", MANY, LONG, CPU),
        ("gpu", "auto", 1, 1, GPU),
    ],
)
def test_where_there_is_a_gpu(
    asked: Any, backend: Any, units: int, steps: int, expected: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(device, "gpus", lambda: [GPU, SimpleNamespace(platform="gpu", id=1)])
    assert device.placed(asked, units, steps, backend) is expected


def test_where_there_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(device, "gpus", list)
    assert device.placed("auto", MANY, LONG) is device.usual()
    with pytest.raises(ValueError, match=r'^device = "gpu", but JAX sees no GPU here: install .*"auto"\.$'):
        spark.simulate(LeakySoma(), np.zeros(5), device="gpu")


def test_a_default_of_ones_own_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(device, "gpus", lambda: [GPU])
    for own in (CPU, "cpu"):
        with jax.default_device(own):
            assert device.placed("auto", MANY, LONG) is device.usual() is CPU


@pytest.mark.parametrize(
    ("backend", "where", "expected"),
    [
        ("auto", CPU, "scan"),
        ("auto", GPU, "fused"),
        ("auto", OLD, "scan"),
        ("auto", OTHER, "scan"),
        ("scan", GPU, "scan"),
        ("fused", GPU, "fused"),
        ("fused", CPU, "fused"),
    ],
)
def test_which_loop(backend: Any, where: Any, expected: str) -> None:
    """The kernel only where it has been run."""
    assert device.loop_on(backend, where) == expected


def test_what_a_device_cannot_run_is_refused() -> None:
    tpu: Any = SimpleNamespace(platform="tpu", id=3)
    assert device.loop_on("auto", tpu) == "scan"
    with pytest.raises(ValueError, match=r'"fused" runs on a GPU.*tpu:3: use "scan"'):
        device.loop_on("fused", tpu)


@pytest.mark.parametrize("error", [NotImplementedError, ValueError, jax.errors.JaxRuntimeError])
@pytest.mark.filterwarnings("error")
def test_what_the_kernel_lacks_is_left_to_the_scan(error: type[Exception], monkeypatch: pytest.MonkeyPatch) -> None:
    """A soma or solver of one's own: said once, and not tried again."""
    module: Any = sys.modules["spark.simulation.simulate"]
    fused: Any = importlib.import_module("spark.simulation.fused")
    tried = []

    def refuses(*_: Any) -> None:
        tried.append(1)
        raise error("digamma")

    monkeypatch.setattr(module, "loop_on", lambda backend, _: "fused" if backend == "auto" else backend)
    monkeypatch.setattr(module, "LACKING", set())
    monkeypatch.setattr(fused, "fused_loop", refuses)
    noise = spark.stimuli.OrnsteinUhlenbeck(seed=3)
    options: dict[str, Any] = {"duration": 20.0, "units": 3, "traces": 2, "every": 5}
    with pytest.warns(UserWarning, match=r"^LeakySoma runs by the scan: the kernel refuses it\. .*digamma"):
        run = spark.simulate(LeakySoma(), noise, **options)
    assert run.backend == "scan" and run.potential.shape == (40, 2)
    np.testing.assert_array_equal(
        run.potential, spark.simulate(LeakySoma(), noise, backend="scan", **options).potential
    )
    assert spark.simulate(LeakySoma(), noise, **options).backend == "scan" and tried == [1]
    with pytest.raises(error, match="digamma"):
        spark.simulate(LeakySoma(), noise, backend="fused", **options)


def test_what_others_raise_is_not_the_kernels(monkeypatch: pytest.MonkeyPatch) -> None:
    def told(part: float) -> None:
        raise NotImplementedError("my own")

    with pytest.raises(NotImplementedError, match="my own"):
        spark.simulate(LeakySoma(), np.zeros(5), backend="fused", device="cpu", progress=told)


def test_spikes_picked_on_a_device_are_those_found_here() -> None:
    rng = np.random.default_rng(7)
    for part in (0.0, 0.1, 1.0):
        spikes = rng.random((300, 50)) < part
        offsets = rng.random((300, 50), np.float32)
        for late in (offsets, np.zeros((1, 1), np.float32)):
            here = events.Events.of(spikes, late)
            place, offset = events.fetched(jnp.asarray(spikes), jnp.asarray(late))
            np.testing.assert_array_equal(place, here.step * 50 + here.unit)
            np.testing.assert_array_equal(offset, here.offset)


def test_the_recording_says_which() -> None:
    run = spark.simulate(LeakySoma(), np.zeros(5), device="cpu")
    assert (run.backend, run.device, run.every) == ("scan", "cpu:0", 1)
    run = spark.simulate(LeakySoma(), np.zeros(5), backend="fused", device="cpu", every=2)
    assert (run.backend, run.device, run.every) == ("fused", "cpu:0", 2)
    assert run.head(3, 1).device == "cpu:0" and run.head(3, 1).time.tolist() == [0.0, 0.2]


SECOND = """
import sys, jax, numpy as np, spark
module = sys.modules["spark.simulation.simulate"]
in_chunks, used, told = module.in_chunks, set(), []

def watched(loop, *rest):
    def run(**given):
        out = loop(**given)
        used.update(*(value.devices() for value in jax.tree.leaves(out[3])))
        return out
    return in_chunks(run, *rest)

def simulate(**options):
    used.clear()
    return spark.simulate(spark.nn.somas.LeakySoma(), np.full((300, 3), 900.0), **options)

module.in_chunks = watched
here, there = jax.devices()
base = simulate()
assert used == {here} and base.device == "cpu:0" and base.spike_count
for backend in ("scan", "fused"):
    for options in ({}, {"progress": told.append}):
        spark.simulation.loop.CHUNK = 300 if options else 500_000
        run = simulate(device=there, backend=backend, **options)
        assert used == {there} and (run.device, run.backend) == ("cpu:1", backend)
        np.testing.assert_array_equal(run.spikes, base.spikes)
assert len(told) == 6, told
with jax.default_device(there):
    assert simulate().device == "cpu:1" and used == {there}
    assert simulate(device=here).device == "cpu:0" and used == {here}
print("well")
"""


def test_a_device_of_ones_choice() -> None:
    """On two CPU devices: the arrays of the run are there, not only its name in the recording."""
    command = [sys.executable, "-c", SECOND]
    environment = {"XLA_FLAGS": "--xla_force_host_platform_device_count=2", "JAX_PLATFORMS": "cpu", "PATH": ""}
    done = subprocess.run(command, capture_output=True, text=True, env=environment, check=False)
    assert done.stdout == "well\n", done.stderr


@pytest.mark.parametrize(
    ("options", "error", "words"),
    [
        ({"device": "tpu"}, TypeError, '"auto", "cpu", "gpu"'),
        ({"device": 0}, TypeError, "jax.Device"),
        ({"backend": "pallas"}, ValueError, '\'pallas\'.*"scan" or "fused"'),
        ({"backend": None}, ValueError, "backend"),
        ({"every": 0}, ValueError, "every = 0.*at least 1"),
        ({"every": 1.5}, ValueError, "every"),
        ({"every": True}, ValueError, "every"),
        ({"sharding": jax.make_mesh((1,), ("units",)), "backend": "fused"}, ValueError, "no sharding"),
        ({"sharding": jax.make_mesh((1,), ("units",)), "device": CPU}, ValueError, "leave device out"),
    ],
    ids=str,
)
def test_errors_say_what_is_wrong(options: dict, error: type[Exception], words: str) -> None:
    with pytest.raises(error, match=words):
        spark.simulate(LeakySoma(), np.zeros(5), **options)
