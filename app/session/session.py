"""What is chosen, and how it is run. No panel here: a session can be tested, saved and restored by itself."""

from __future__ import annotations

import math
import numbers
from typing import Any, cast

import numpy as np
import param

from spark.core.config import Config
from spark.core.echo import echo
from spark.core.quantity import Quantity
from spark.core.sizes import LARGEST, as_float
from spark.nn.components.somas import Soma, SomaConfig, catalogue
from spark.nn.initializers import Normal
from spark.presets import Preset, presets
from spark.stimuli import OrnsteinUhlenbeck, Step, Stimulus, Sum

from . import membrane
from .job import Job
from .lasting import UNTIL_END, Lasting, choose, lasting, reaches, timed, times
from .limits import steps_of
from .settings import RunSettings
from .suited import answered, suited

MAX_PARTS = 8


class Session:
    """Model, values, stimulus and simulation settings of one visitor.

    Every change goes through one of its methods. A single value that is out of bounds is refused with an error and
    changes nothing; values that contradict each other are kept, and `job()` says what is wrong with them.
    """

    def __init__(self) -> None:
        self.preset: Preset | None = None
        self.soma: type[Soma] = next(iter(catalogue().values()))
        self._base: tuple[Any, Session] | None = None
        self._scale: float | None = None
        self._last: dict[str, tuple[dict[str, Any], Any]] = {}
        self.capacitive = False
        """Whether the membrane is shown by C and g_L, where it has them: see `shown`."""
        self._clear()

    def _clear(self) -> None:
        self.config: SomaConfig = tolerant(self.soma.config_class())
        self.parts: list[Stimulus] = [tolerant(Step())]
        self.settings = RunSettings()
        self.spread: dict[str, float] = {}
        self.initial: dict[str, float] = {}
        self.lasting = Lasting()
        """How long stimuli lasted before the run, or their onset, was moved."""

    @property
    def fields(self) -> dict[str, Any]:
        """The soma's quantities by name, as people set them (without the time step)."""
        return {name: q for name, q in self.soma.config_class.quantities().items() if not q.scalar}

    @property
    def shown(self) -> dict[str, Quantity]:
        """The soma's quantities by path, in the words that are chosen for its membrane."""
        own = {f"config.{name}": quantity for name, quantity in self.fields.items()}
        if not (self.capacitive and self.has_capacitance and self.get(membrane.RESISTANCE) > 0):
            return own
        others = dict(zip((membrane.TAU, membrane.RESISTANCE), membrane.QUANTITIES.items(), strict=True))
        return dict(others.get(path, (path, quantity)) for path, quantity in own.items())

    @property
    def has_capacitance(self) -> bool:
        """Whether the soma's membrane can be shown by C and g_L."""
        return membrane.applies(self.fields)

    def show_capacitance(self, capacitive: bool) -> None:
        """Show the membrane by C and g_L, or by its time constant and resistance.

        Raises:
            ValueError: there is no resistance, and so no end to the conductance.
        """
        if capacitive and self.has_capacitance and self.get(membrane.RESISTANCE) == 0:
            raise ValueError("A membrane resistance of 0 GΩ has no leak conductance: give it a value above 0 first.")
        self.capacitive = capacitive

    def choose_model(self, name: str) -> None:
        """Switch to another soma.

        Values that were changed from their default, or the preset's, are kept where the new soma has the same
        quantity: the same name and meaning (a firing threshold is no spike cut-off).
        """
        if name not in catalogue():
            raise ValueError(f"there is no model {echo(name)}: choose from {', '.join(catalogue())}.")
        old = self.config
        moved = {k: getattr(old, k) for k in old.fields() if getattr(old, k) != self.default(f"config.{k}")}
        self.soma, self.preset, self.initial = catalogue()[name], None, {}
        self.config = tolerant(self.soma.config_class())
        for field in set(moved) & set(self.config.fields()):
            before, after = type(old).param[field], type(self.config).param[field]
            if not isinstance(before, Quantity) or before.words == after.words:
                setattr(self.config, field, moved[field])
        self._settle()
        self.spread = {k: v for k, v in self.spread.items() if k in self.fields}

    def _settle(self) -> None:
        """Let go of carried values that contradict the new soma's own: a switch of model should show a picture."""
        config = self.config
        for lower, upper in config.ordered:
            if getattr(config, lower) >= getattr(config, upper):
                for field in (lower, upper):
                    setattr(config, field, config.param[field].default)

    def choose_preset(self, key: str) -> None:
        """Take over a published parameter set with its stimulus, duration, time step and initial state."""
        if key not in presets():
            raise ValueError(f"there is no preset {echo(key)}.")
        self._take(presets()[key])

    def _take(self, preset: Preset) -> None:
        self.preset, self.soma = preset, catalogue()[preset.soma]
        self._clear()
        self.config = tolerant(preset.make_soma().config)
        self.parts = [tolerant(part) for part in preset.make_stimulus().parts]
        self.settings.duration = preset.duration
        self.initial = dict(preset.initial)

    def reset(self) -> None:
        """Everything back to the preset, or to the model's defaults."""
        if self.preset:
            self._take(self.preset)
        else:
            self._clear()

    def take(self, other: Session) -> None:
        """Become what another session is, which is given up."""
        self.preset, self.soma, self.config, self.parts = other.preset, other.soma, other.config, other.parts
        self.settings, self.spread, self.initial = other.settings, other.spread, other.initial
        self.capacitive, self.lasting = other.capacitive, other.lasting

    def leave_preset(self) -> None:
        """Everything back to the model's defaults."""
        self.preset = None
        self._clear()

    def start_from(self, initial: dict[str, float]) -> None:
        """Begin the run in this state; what it does not name is at rest."""
        self.initial = dict(initial)

    def default(self, path: str) -> Any:
        """The value of `path` in the preset, or the declared default."""
        if path.startswith("spread."):
            return 0.0
        other = self._baseline()
        if path in membrane.QUANTITIES:
            return other.get(path)
        if path.endswith(UNTIL_END):
            index = int(path.split(".")[1])
            return reaches(times(self._fresh(type(self.parts[index]), index)), other.settings.duration)
        field = self._find(path)[1]
        if path.startswith("stimulus."):
            index = int(path.split(".")[1])
            return getattr(self._fresh(type(self.parts[index]), index), field)
        return getattr(other._find(path)[0], field)

    @property
    def untouched(self) -> bool:
        """Whether model and stimulus are as the preset, or the model's defaults, have them."""
        other = self._baseline()
        mine, theirs = ([one.config, *one.parts] for one in (self, other))
        runs = other.settings.duration, self.settings.duration

        def same(mine: Config, theirs: Config) -> bool:
            values = theirs.values()
            if timed(theirs):  # with the run, so lasts what is in it
                values["duration"] = lasting(values["onset"], values["duration"], *runs)
            return type(mine) is type(theirs) and all(_equal(v, values[k]) for k, v in mine.values().items())

        return len(mine) == len(theirs) and all(map(same, mine, theirs)) and self.initial == other.initial

    @property
    def modified(self) -> bool:
        """Whether anything is otherwise that the preset, or the model's defaults, decide (not how many neurons)."""
        theirs = self._baseline().settings
        return not self.untouched or self.settings.duration != theirs.duration or any(self.spread.values())

    @property
    def start(self) -> dict[str, float] | None:
        """The state that the run begins in ({} is rest); None if it is that of the preset."""
        return None if self.initial == self._baseline().initial else self.initial

    @property
    def given_start(self) -> dict[str, float]:
        """The state that the preset, or the model's defaults, begin in."""
        return self._baseline().initial

    def _baseline(self) -> Session:
        """The session as the preset, or the model's defaults, make it; kept until either changes."""
        of = (self.soma, self.preset and self.preset.id)
        if self._base is None or self._base[0] != of:
            other = Session()
            other.soma = self.soma
            if self.preset:
                other._take(self.preset)
            else:
                other._clear()
            self._base, self._scale = (of, other), None
        return self._base[1]

    @property
    def scale(self) -> float:
        """A current, pA, that the preset's neuron, or the model's, answers."""
        other = self._baseline()
        if self._scale is None:
            self._scale = answered(other.job())
        return self._scale

    def _fresh(self, kind: type[Stimulus], index: int) -> Stimulus:
        """A stimulus as it is when it is chosen: the preset's, or one that suits it."""
        other = self._baseline()
        if index < len(other.parts) and type(other.parts[index]) is kind:
            return other.parts[index]
        tau = getattr(other.config, "potential_tau", None)
        return suited(kind, self.scale, tau, other.settings.duration)

    def get(self, path: str) -> Any:
        """The value of a path: `config.potential_tau`, `stimulus.0.amplitude`, `run.units`, `spread.threshold`,
        `membrane.capacitance`."""
        if path.startswith("spread."):
            return self.spread.get(path.removeprefix("spread."), 0.0)
        if path in membrane.QUANTITIES and self.has_capacitance:
            return membrane.derived(self.get(membrane.TAU), self.get(membrane.RESISTANCE))[path]
        if path.endswith(UNTIL_END):
            return reaches(times(self._timed(path)), self.settings.duration)
        holder, field = self._find(path)
        return getattr(holder, field)

    def set(self, values: dict[str, Any]) -> None:
        """Set values by path, all of them or, with an error that says why, none.

        Raises:
            ValueError: a value out of its bounds, or a path that does not exist.
            TypeError: a value of the wrong kind.
        """
        values = self._by_config(values)
        before = {path: self.get(path) for path in values}
        moved = [
            (part, times(part), self.settings.duration)
            for index, part in enumerate(self.parts)
            if f"stimulus.{index}.onset" in values and f"stimulus.{index}.duration" not in values and timed(part)
        ]
        try:
            for path, value in values.items():
                self.put(path, value)
        except Exception:
            for path, value in before.items():
                self.put(path, value)
            raise
        for part, then, run in moved:
            self.lasting.follow_onset(part, then, run)

    def _by_config(self, values: dict[str, Any]) -> dict[str, Any]:
        """The same with C and g_L as time constant and resistance, which have both."""
        asked = {
            path: _number(membrane.QUANTITIES[path], value) if path in membrane.QUANTITIES else value
            for path, value in values.items()
        }
        if not (asked.keys() & membrane.QUANTITIES.keys()) or not self.has_capacitance:
            return values
        now = {path: self.get(path) for path in (*membrane.QUANTITIES, membrane.RESISTANCE)}
        found = membrane.plain(asked, now)
        for path in {membrane.TAU, membrane.RESISTANCE} & found.keys():
            if membrane.same(found[path], self.default(path)):
                found[path] = self.default(path)  # which may have more digits than C and g_L are told with
        return found

    def put(self, path: str, value: Any) -> None:
        """Set one value; raises like `set`."""
        if path.startswith("spread."):
            name = path.removeprefix("spread.")
            if name not in self.fields:
                raise ValueError(f"{self.soma.__name__} has no quantity {echo(name)}.")
            number = isinstance(value, numbers.Real) and not isinstance(value, bool)
            spread = as_float(value) if number else math.nan
            if not 0 <= spread <= LARGEST:
                unit = self.fields[name].unit
                raise ValueError(
                    f"The spread of {self.fields[name].words} must be at least 0 {unit} and at most {LARGEST:g} {unit}."
                )
            self.spread[name] = spread
            return
        if path.endswith(UNTIL_END):
            if not isinstance(value, bool):
                raise TypeError(f"Whether a stimulus lasts until the end is True or False, not {echo(value)}.")
            choose(self._timed(path), value, self.settings.duration)
            return
        if path == "config.units":
            raise ValueError("The number of neurons is set by run.units.")
        holder, field = self._find(path)
        parameter = type(holder).param[field]
        if isinstance(parameter, Quantity):
            value = _number(parameter, value)
        elif field == "dtype":
            raise ValueError("The floating-point type of a run is the server's: it cannot be set.")
        elif isinstance(parameter, param.Integer):
            low, high = cast(tuple[int, int], parameter.bounds)
            if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
                words = {"units": "number of neurons", "shown": "number of traces"}.get(field, field)
                raise ValueError(f"The {words} must be a whole number from {low:,} to {high:,}, not {echo(value)}.")
        before = self.settings.duration
        setattr(holder, field, value)
        if path == "run.duration":
            self.lasting.follow_run(self.parts, before, self.settings.duration)

    def _timed(self, path: str) -> Stimulus:
        """The stimulus of a path that ends in `UNTIL_END`."""
        part = self._find(path.removesuffix(UNTIL_END) + ".duration")[0]
        if not isinstance(part, Stimulus) or not timed(part):
            raise ValueError(f"{echo(path)} is nothing that can be set.")
        return part

    def _find(self, path: str) -> tuple[Config, str]:
        head, *rest = path.split(".")
        holder: Any = {"config": self.config, "run": self.settings}.get(head)
        if head == "stimulus" and len(rest) == 2 and rest[0] in map(str, range(len(self.parts))):
            holder, rest = self.parts[int(rest[0])], rest[1:]
        if head == "spread" and rest and rest[0] in self.fields:
            return self.config, rest[0]
        if holder is None or len(rest) != 1 or rest[0] not in holder.fields():
            raise ValueError(f"{echo(path)} is nothing that can be set.")
        return holder, rest[0]

    def choose_stimulus(self, kind: type[Stimulus]) -> None:
        """Replace the stimulus by one of this kind; values that were changed and both have are kept."""
        new = tolerant(self._fresh(kind, 0))
        if len(self.parts) == 1:
            old = self.parts[0]
            for name in set(new.fields()) & set(old.fields()):
                if not np.array_equal(getattr(old, name), self.default(f"stimulus.0.{name}")):
                    setattr(new, name, getattr(old, name))
        self.parts = [new]

    def add_stimulus(self, kind: type[Stimulus]) -> None:
        """Add a stimulus to those that there are."""
        if len(self.parts) >= MAX_PARTS:
            raise ValueError(f"At most {MAX_PARTS} stimuli can be added: remove one first.")
        new = tolerant(self._fresh(kind, len(self.parts)))
        if isinstance(new, OrnsteinUhlenbeck):
            new.mean = 0.0  # noise on top of what there is
        self.parts.append(new)

    def remove_stimulus(self, index: int) -> None:
        """Remove one of several stimuli."""
        if len(self.parts) > 1 and 0 <= index < len(self.parts):
            del self.parts[index]

    def job(self) -> Job:
        """What would run now.

        Raises:
            ValueError: values contradict each other, or the run is too large; says what to change.
        """
        units = self.settings.units
        steps = steps_of(self.settings.duration, self.config.dt, units)
        values = self.config.values()
        if units > 1:
            for name, std in self.spread.items():
                if std > 0:
                    values[name] = self._distribution(name, values[name], std)
        config = self._checked("config", type(self.config), values)
        parts = [self._checked(f"stimulus.{i}", type(part), part.values()) for i, part in enumerate(self.parts)]
        stimulus = parts[0] if len(parts) == 1 else Sum(parts=parts)
        return Job(self.soma(config), stimulus, self.config.dt, steps, units, dict(self.initial))

    def _checked(self, what: str, kind: type[Config], values: dict[str, Any]) -> Any:
        """A sealed config with these values, which agree with each other; that of the last job if it is equal."""
        last = self._last.get(what)
        if last is None or type(last[1]) is not kind or not _same(last[0], values):
            last = self._last[what] = (values, kind(**values).seal())
        return last[1]

    def _distribution(self, name: str, mean: float, std: float) -> Normal:
        low, high = self.fields[name].bounds
        floor = None if low is None else low + 1e-3 * abs(mean - low)
        return Normal(mean, std, low=floor, high=high)


def _number(quantity: Quantity, value: Any) -> float:
    """The value as the quantity takes it; raises like `Session.set`."""
    if not isinstance(value, numbers.Real) or isinstance(value, bool):
        raise TypeError(f"The {quantity.words} takes one number here, not {echo(value)}.")
    return cast(float, quantity.accept(value, f"The {quantity.words}"))


def _same(one: dict[str, Any], other: dict[str, Any]) -> bool:
    """Whether two sets of values are equal, arrays by identity."""
    return one.keys() == other.keys() and all(
        a is b or (not isinstance(a, np.ndarray) and a == b) for a, b in zip(one.values(), other.values(), strict=True)
    )


def tolerant(config: Any) -> Any:
    """A copy that keeps values which contradict each other, until they are put right."""
    return type(config)(__skip_validation__=True, **config.values())


def _equal(one: Any, other: Any) -> bool:
    """Whether two values are equal, lists and arrays in all that they hold; at once where they are numbers."""
    if one is other:
        return True
    if type(one) is float and type(other) is float:
        return one == other
    return np.array_equal(one, other)
