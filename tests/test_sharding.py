"""Runs on many devices and in several processes: the same, bit for bit, as on one device.

How many devices a processor is split into must be said before JAX starts, so what is tested runs in processes of its
own: `python -m tests.test_sharding CASE FOLDER ...` is how this file calls itself.
"""

import json
import os
import re
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from jax.sharding import Mesh, NamedSharding, PartitionSpec

import spark
from spark.nn.components.somas import (
    AdaptiveExponentialSoma,
    AdaptiveLeakySoma,
    IzhikevichSoma,
    LeakySoma,
    RefractoryLeakySoma,
    Soma,
)
from spark.nn.initializers import Normal
from spark.simulation import loop, sharding
from spark.simulation.simulate import variables
from spark.solvers import RK4, Euler
from spark.stimuli import OrnsteinUhlenbeck, Step
from tests.common import SOMAS

ROOT = Path(__file__).resolve().parents[1]
COLLECTIVES = re.compile(
    r" ((?:all-(?:reduce|gather|to-all)|collective-\w+|reduce-scatter|send|recv|partition-id)[\w-]*)\("
)
"""Instructions of compiled programs that concern other devices."""
EXACT = jax.__version_info__ < (0, 11)
"""JAX 0.12 compiles the loops of two somas so that they round in the last place by how many units there are."""
LAST_PLACES = {"rtol": 2.5e-7, "atol": 1e-8}
"""Two units in the last place of a float32."""
LIMIT = 240
"""Seconds after which a process is ended."""


def whole_mesh() -> Mesh:
    return jax.make_mesh((jax.device_count(),), ("units",))


def run(kind: type[Soma], units: int, **options: Any) -> spark.Recording:
    """Every unit has a current of its own, from none to twice what is usual."""
    usual = 10.0 / kind().config.resistance if "Izhikevich" in kind.__name__ else 500.0
    amplitudes = np.random.default_rng(3).permutation(np.linspace(0.0, 2 * usual, units))
    settings: dict[str, Any] = {"duration": 60.0, "units": units, "record": variables(kind)}
    return spark.simulate(kind(), Step(onset=2.0, duration=50.0, amplitude=amplitudes), **(settings | options))


def differences(one: spark.Recording, other: spark.Recording) -> list[str]:
    """The names of what is not equal: in every bit, or with newer versions of JAX to the last places of a float.

    Which units fired in which steps is the same with every version.
    """
    pairs = dict(zip(("step", "unit", "offset"), zip(one.events or (), other.events or (), strict=True), strict=False))
    pairs |= {f"statistics {name}": (v, vars(other.statistics)[name]) for name, v in vars(one.statistics).items()}
    for part in ("recorded", "final", "parameters"):
        mine, theirs = getattr(one, part), getattr(other, part)
        assert list(mine) == list(theirs)
        pairs |= {f"{part} {name}": (value, theirs[name]) for name, value in mine.items()}
    pairs["traced"] = (one.traced, other.traced)
    return [name for name, (a, b) in pairs.items() if not same(a, b)]


def same(a: Any, b: Any) -> bool:
    if EXACT or not np.issubdtype(np.asarray(a).dtype, np.floating):
        return np.array_equal(a, b, equal_nan=np.ndim(a) > 0)
    return np.shape(a) == np.shape(b) and np.allclose(a, b, **LAST_PLACES, equal_nan=True)


def eight(folder: Path) -> None:
    """One process that has eight devices."""
    mesh, found = whole_mesh(), dict[str, Any]()
    assert mesh.size == 8
    for name, kind in SOMAS.items():
        one = run(kind, 150)  # not a multiple of eight
        assert one.spike_count > 5
        found[name] = differences(one, run(kind, 150, sharding=mesh))
    for kind in (RefractoryLeakySoma, IzhikevichSoma):  # they differed with three units to each device
        few: dict[str, Any] = {"units": 19, "solver": Euler(on_grid=True)}
        found[f"few of {kind.__name__}"] = differences(run(kind, **few), run(kind, **few, sharding=mesh))
    named = jax.make_mesh((2, 4), ("hosts", "cards"))
    noise = OrnsteinUhlenbeck(mean=300.0, std=200.0)
    soma = AdaptiveLeakySoma(resistance=Normal(mean=0.1, std=0.01), seed=4)
    some: list[tuple[str, dict[str, Any]]] = [
        ("alone", {"units": 1}),
        ("frozen", {"current": OrnsteinUhlenbeck(frozen=True)}),
        ("on the grid", {"solver": Euler(on_grid=True)}),
        ("traces", {"traces": [140, 3, 3, 77]}),
        ("no traces", {"traces": 0}),
        ("statistics", {"events": False, "traces": 2, "record": ("threshold", "current")}),
        ("array", {"current": np.full(600, 500.0), "duration": None}),
        ("goes on", {"initial": run(AdaptiveLeakySoma, 150).final}),
    ]
    loop.CHUNK_BYTES = 150 * 5 * 200  # so that each run has several
    for what, options in some:
        settings: dict[str, Any] = {"current": noise, "units": 150, "duration": 60.0} | options
        found[what] = differences(*(spark.simulate(soma, **settings, sharding=dealt) for dealt in (None, named)))
    page = (ROOT / "docs" / "scaling.md").read_text("utf-8")
    shown: dict[str, Any] = {}
    exec(compile(re.findall(r"```python\n(.*?)```", page, re.S)[0], "scaling.md", "exec"), shown)
    assert shown["run"].units == 10_000 and shown["rates"].shape == (1_001,)
    (folder / "eight.json").write_text(json.dumps({"differences": found, "collectives": collectives(mesh)}))


def collectives(mesh: Mesh) -> dict[str, list[str]]:
    """What the compiled loops ask of other devices; RK4 has loops and branches inside a step that depend on units."""
    soma, found = LeakySoma(), dict[str, str]()
    p = soma.parameters((256,))
    arguments: tuple[Any, ...] = (p, soma.system.initial(p, p.potential_rest), jnp.zeros((100, 1)), 0.1)
    static: tuple[Any, ...] = (soma.system, RK4(), ("potential",))
    mesh = sharding.Share(mesh, 256).mesh
    ours = sharding.many_loops.lower(mesh, *static, False, *arguments, False, None)
    found["ours"] = ours.compile().as_text() or ""
    dealt = jax.device_put(arguments[:2], NamedSharding(mesh, PartitionSpec("units")))
    found["partitioned by XLA"] = loop.time_loop.lower(*static, *dealt, *arguments[2:]).compile().as_text() or ""
    assert all("while" in text for text in found.values())
    return {name: sorted(set(COLLECTIVES.findall(text))) for name, text in found.items()}


def joined(folder: Path, number: str, port: str) -> None:
    """One of two processes, each of which has two devices."""
    jax.distributed.initialize(f"127.0.0.1:{port}", num_processes=2, process_id=int(number))
    mesh = whole_mesh()
    assert (mesh.size, jax.local_device_count()) == (4, 2)
    own = sharding.own_units(mesh, 130)
    recording = run(AdaptiveExponentialSoma, 130, sharding=mesh, traces=range(20, 130))
    assert recording.units == len(own)
    with pytest.raises(ValueError, match="20 units on 4 devices, 16 on each, leave process 1 without any"):
        run(LeakySoma, 20, sharding=mesh)
    np.savez(
        folder / f"{number}.npz",
        own=own,
        traced=recording.traced,
        potential=recording.potential,
        **(recording.events._asdict() if recording.events else {}),
        **{f"final_{name}": value for name, value in recording.final.items()},  # type: ignore[arg-type]
    )
    jax.distributed.shutdown()


class Processes(list[subprocess.Popen[str]]):
    """Processes of this file, which do not outlive the test."""

    def begin(self, devices: int, *words: str) -> None:
        flags = f"{os.environ.get('XLA_FLAGS', '')} --xla_force_host_platform_device_count={devices}"
        environment = os.environ | {"XLA_FLAGS": flags.strip(), "JAX_PLATFORMS": "cpu"}
        command = [sys.executable, "-m", "tests.test_sharding", *words]
        self.append(
            subprocess.Popen(
                command, cwd=ROOT, env=environment, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
            )
        )

    def finish(self) -> None:
        for process in self:
            said, _ = process.communicate(timeout=LIMIT)
            assert process.returncode == 0, said[-3000:]


@pytest.fixture
def processes() -> Iterator[Processes]:
    started = Processes()
    yield started
    for process in started:
        process.kill()
        process.communicate()


@pytest.mark.thorough
def test_eight_devices_equal_one(processes: Processes, tmp_path: Path) -> None:
    processes.begin(8, "eight", str(tmp_path))
    processes.finish()
    found = json.loads((tmp_path / "eight.json").read_text())
    assert len(found["differences"]) == len(SOMAS) + 2 + 8
    assert not {case: names for case, names in found["differences"].items() if names}
    assert found["collectives"]["ours"] == []
    assert "all-reduce" in found["collectives"]["partitioned by XLA"]  # so it would have been seen


def test_two_processes_equal_one(processes: Processes, tmp_path: Path) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    for number in "01":
        processes.begin(2, "joined", str(tmp_path), number, str(port))
    one = run(AdaptiveExponentialSoma, 130, traces=range(20, 130))
    processes.finish()
    assert one.events is not None
    parts = [np.load(tmp_path / f"{number}.npz") for number in "01"]
    np.testing.assert_array_equal(np.concatenate([part["own"] for part in parts]), np.arange(130))
    np.testing.assert_array_equal(np.hstack([part["potential"] for part in parts]), one.potential)
    for name, value in one.final.items():
        np.testing.assert_array_equal(np.concatenate([part[f"final_{name}"] for part in parts]), value)
    for part in parts:
        mine = np.isin(one.events.unit, part["own"])
        assert 5 < mine.sum() < one.spike_count
        np.testing.assert_array_equal(part["unit"] + part["own"][0], one.events.unit[mine])
        for name in ("step", "offset"):
            np.testing.assert_array_equal(part[name], getattr(one.events, name)[mine])
        np.testing.assert_array_equal(part["own"][part["traced"]], part["own"][part["own"] >= 20])


def test_a_mesh_of_one_device() -> None:
    mesh = jax.make_mesh((1,), ("units",))
    assert sharding.own_units(mesh, 7) == range(7)
    assert not differences(run(LeakySoma, 7), run(LeakySoma, 7, sharding=mesh))
    with pytest.raises(TypeError, match=r"sharding takes a jax\.sharding\.Mesh.*not 8"):
        run(LeakySoma, 7, sharding=8)


def test_changed_values_do_not_compile() -> None:
    mesh = jax.make_mesh((1,), ("units",))
    spark.simulate(LeakySoma(), Step(), units=3, sharding=mesh)
    before = sharding.many_loops._cache_size()  # type: ignore[attr-defined]
    spark.simulate(LeakySoma(resistance=0.2), Step(amplitude=90.0), units=3, sharding=mesh)
    assert sharding.many_loops._cache_size() == before  # type: ignore[attr-defined]


if __name__ == "__main__":
    cases: dict[str, Any] = {"eight": eight, "joined": joined}
    cases[sys.argv[1]](Path(sys.argv[2]), *sys.argv[3:])
