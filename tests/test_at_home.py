"""Names and habits that users of the upstream library bring along, and the front door of the package."""

import inspect
import json
import re
import subprocess
import sys
from typing import Any, cast

import jax.numpy as jnp
import numpy as np
import pytest

import spark
from spark.core.plain import VERSION
from spark.nn import initializers
from spark.nn.initializers import Normal
from spark.nn.somas import AdaptiveExponentialSomaConfig, LeakySoma, LeakySomaConfig
from tests.common import SOMAS

KINDS: list[Any] = [*(kind.config_class for kind in SOMAS.values()), *spark.stimuli.catalogue().values()]

LAZY = """
import sys, spark
later = ("spark.analysis", "spark.export", "spark.io", "spark.presets")
assert not set(later) & set(sys.modules), sys.modules
assert set(name.split(".")[1] for name in later) <= set(dir(spark))
spark.presets.presets, spark.analysis.rheobase, spark.io.write, spark.export.methods
assert set(later) <= set(sys.modules)
"""


def test_rooms_are_imported_when_they_are_asked_for() -> None:
    subprocess.run([sys.executable, "-c", LAZY], check=True, timeout=120)
    with pytest.raises(AttributeError, match="module 'spark' has no attribute 'simulat'"):
        spark.simulat  # type: ignore[attr-defined]  # noqa: B018


def test_what_is_offered_is_ours() -> None:
    assert {"simulate", "scan", "nn", "presets", "Recording"} <= set(dir(spark))
    for name in dir(spark):
        thing = getattr(spark, name)
        home = thing.__name__ if inspect.ismodule(thing) else getattr(thing, "__module__", "spark")
        assert home.startswith("spark") and (name[0] != "_" or name == "__version__"), name


def test_help_of_spark_is_a_map() -> None:
    doc = inspect.getdoc(spark) or ""
    for name in ("nn.somas", "nn.initializers", "stimuli", "solvers", "simulate", "scan", *spark.LATER):
        assert f"    spark.{name} " in doc
    assert re.findall(r'presets\(\)\["(\w+)"\]', doc)[0] in spark.presets.presets()
    example = doc.split("    import spark\n")[1].split("\n\nWhat is where")[0]
    exec("import spark\n" + inspect.cleandoc("    " + example.lstrip()), {})


def test_names_at_the_top_and_of_initializers() -> None:
    for name in ("SpikeArray", "CurrentArray", "PotentialArray"):
        assert getattr(spark, name) is getattr(spark.core.payloads, name)  # type: ignore[attr-defined]
    assert spark.PortSpecs(spark.CurrentArray, (3,)).size == 3
    for name in ("Constant", "Uniform", "Normal", "LogNormal"):
        assert getattr(initializers, f"{name}Initializer") is getattr(initializers, name)
    assert LeakySoma(threshold=initializers.ConstantInitializer(-50.0)).parameters((2,)).threshold.shape == (2,)


@pytest.mark.parametrize("current", [np.array([1j]), 2j, "500", None])
def test_what_is_no_current_is_refused(current: Any) -> None:
    with pytest.raises(TypeError, match="LeakySoma takes a current in pA, an array of numbers, not "):
        LeakySoma()(current)


@pytest.mark.parametrize("name", SOMAS)
def test_a_soma_tells_its_shape_and_its_potential(name: str) -> None:
    soma = SOMAS[name]()
    assert soma.units is None and SOMAS[name](units=(2, 3)).units == (2, 3)
    assert soma.get_input_specs()["current"].shape == () and set(soma.get_output_specs()) == {"spikes", "potential"}
    with pytest.raises(RuntimeError, match=r"is not built yet: call build"):
        soma.potential  # noqa: B018
    out = soma(np.full((2, 3), 100.0))
    assert soma.units == (2, 3)
    np.testing.assert_array_equal(soma.potential, np.asarray(out["potential"]))
    given, got = soma.get_input_specs(), soma.get_output_specs()
    assert given["current"].payload_type is spark.CurrentArray and given["current"].shape == (2, 3)
    for port, spec in got.items():
        assert isinstance(out[port], spec.payload_type)
        assert (out[port].shape, out[port].dtype) == (spec.shape, spec.dtype)
    SOMAS[name]().build(given)


@pytest.mark.parametrize("dtype", [jnp.float16, jnp.bfloat16, np.float16])
def test_short_floats_are_taken(dtype: Any) -> None:
    soma, current = LeakySoma(), jnp.full(4, 520.0, dtype)
    out = soma(spark.CurrentArray(current))
    assert out["potential"].dtype == np.float32
    np.testing.assert_array_equal(np.asarray(out["potential"]), np.asarray(LeakySoma()(np.full(4, 520.0))["potential"]))
    for held in (jnp.full(300, 520.0, dtype), np.full(300, 520.0, dtype), current[0]):
        run = spark.simulate(LeakySoma(), held, duration=30.0)
        assert run.potential.dtype == np.float32 and run.steps == 300
        np.testing.assert_array_equal(run.potential, spark.simulate(LeakySoma(), np.full(300, 520.0)).potential)
    assert LeakySoma(threshold=jnp.full(2, -50.0, dtype)).parameters((2,)).threshold.tolist() == [-50.0, -50.0]


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_files_give_back_what_was_written(kind: Any, tmp_path: Any) -> None:
    config, abstract = kind(), cast(Any, kind.__mro__[1])
    field = next(iter(kind.per_unit()), None)
    for value in (1 / 3, np.array([0.1, 0.7]), Normal(1 / 3, float(np.float32(0.1)))) if field else (None,):
        changed = kind(__skip_validation__=True, **({field: value} if field else {}))
        changed.to_file(tmp_path / "it.json")
        assert kind.from_file(tmp_path / "it.json", check=False) == changed
    config.to_file(tmp_path / "it.json")
    assert json.loads((tmp_path / "it.json").read_text("utf-8"))["version"] == VERSION
    assert kind.from_file(tmp_path / "it.json") == config == abstract.from_file(tmp_path / "it.json")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "is no file that LeakySomaConfig.to_file has written"),
        ("[]", "is no file that"),
        ('{"version": 1}', "is no file that"),
        ('{"version": 1, "content": {"type": 3}}', "holds no 3 that can be read: 3 is not a kind of LeakySomaConfig"),
        (
            '{"version": 9, "content": {"type": "LeakySomaConfig"}}',
            "is of version 9, and this Spark reads version 1",
        ),
        ('{"version": 1, "content": {"type": "Step"}}', "'Step' is not a kind of LeakySomaConfig"),
        ('{"version": 1, "content": {"type": "LeakySomaConfig", "thresold": 1}}', "did you mean 'threshold'"),
        ('{"version": 1, "content": {"type": "LeakySomaConfig", "threshold": 1e9}}', "out of bounds"),
        ('{"version": 1, "content": {"type": "LeakySomaConfig", "threshold": {"type": "array"}}}', "holds no Leaky"),
    ],
)
def test_other_files_are_refused_in_a_sentence(text: str, words: str, tmp_path: Any) -> None:
    (tmp_path / "it.json").write_text(text, "utf-8")
    with pytest.raises(ValueError, match=words):
        LeakySomaConfig.from_file(tmp_path / "it.json")


def test_validate_merge_and_diff() -> None:
    wild = LeakySomaConfig(__skip_validation__=True, threshold=5000.0)
    with pytest.raises(ValueError, match=r"LeakySomaConfig\.threshold = 5000 mV is out of bounds"):
        wild.validate()
    config = LeakySomaConfig(resistance=np.array([0.1, 0.2]))
    config.validate()
    other = AdaptiveExponentialSomaConfig(potential_tau=8.0, threshold=-20.0, potential_reset=-60.0)
    merged = config.merge(other)
    assert type(merged) is LeakySomaConfig and (merged.potential_tau, merged.threshold) == (8.0, -20.0)
    assert config.potential_tau == 10.0 and config.merge({"threshold": -52.0}).threshold == -52.0
    with pytest.raises(TypeError, match="did you mean 'threshold'"):
        config.merge({"thresold": -52.0})
    changed = config.copy(threshold=-50.0, resistance=0.3)
    differing = config.diff(changed)
    assert set(differing) == {"threshold", "resistance"} and differing["threshold"] == (-55.0, -50.0)
    with pytest.raises(TypeError, match="merge takes values from a config or a dict, not from None"):
        config.merge(None)  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="diff compares with another config, not with 3"):
        config.diff(3)  # type: ignore[arg-type]
    assert config.diff(config.copy()) == {} and "adaptation_tau" not in config.diff(other)
