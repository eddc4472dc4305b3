"""The glossary: every term that the page shows, in one sentence. Tips, help and docs/glossary.md all read this list.

Quantities of models are not here: each is declared once, with its own sentence, in `spark` (docs/somas.md).
"""

from __future__ import annotations

from dataclasses import asdict, dataclass

BOOK = "https://neuronaldynamics.epfl.ch/online/"
SCHOLARPEDIA = "http://www.scholarpedia.org/article/"
PATTERNS, READOUTS, LEVELS = "Firing patterns", "Read-outs", "Currents, potentials and thresholds"
PLANE, CURVE, RESET = "Phase plane", "f–I curve", "Reset map"
OTHER, SLIDERS, RUN, POPULATION = "Other views", "Sliders", "The run and its accuracy", "Population"

PLAIN = ("run", "theory", "expected", "stimulus", "rate", "slope", "cycle", "trail", "hold", "without input", "spread")
"""Names that are terms only where they stand alone: a sentence may say "in theory"."""


@dataclass(frozen=True)
class Term:
    """A term of the page.

    Attributes:
        name: as it is shown.
        words: what it is, in one sentence.
        group: under what it stands in the list.
        unit: of its values, "" where it has none.
        also: other spellings in sentences.
        labels: what it is called where it stands alone, on a read-out, an axis or in a legend; a word that means many
            things elsewhere.
        link: where more is written about it, "" for nowhere.
    """

    name: str
    words: str
    group: str
    unit: str = ""
    also: tuple[str, ...] = ()
    labels: tuple[str, ...] = ()
    link: str = ""

    @property
    def plain(self) -> bool:
        """Whether its name means something else in most sentences."""
        return self.name in PLAIN


TERMS = (
    Term(
        "firing pattern",
        "The kind of spike train, told from the intervals between the spikes of one neuron.",
        PATTERNS,
        labels=("pattern", "pattern of neuron 1"),
        link=BOOK + "Ch6.S2.html",
    ),
    Term("silent", "No spike from the onset of the stimulus on.", PATTERNS),
    Term(
        "transient",
        "Spikes in a part of the stimulus only, mostly at its beginning, or only after it; then silence.",
        PATTERNS,
        also=("phasic",),
    ),
    Term(
        "tonic",
        "Spikes at nearly equal intervals for as long as the stimulus lasts.",
        PATTERNS,
        also=("tonic spiking",),
    ),
    Term("adapting", "Spikes whose intervals grow longer while the stimulus stays the same.", PATTERNS),
    Term("accelerating", "Spikes whose intervals grow shorter while the stimulus stays the same.", PATTERNS),
    Term(
        "initial burst", "A group of spikes close together at the beginning, then single ones further apart.", PATTERNS
    ),
    Term(
        "bursting",
        "Groups of spikes close together, with pauses between them, again and again.",
        PATTERNS,
        also=("burst", "bursts", "regular bursting", "chattering"),
        link=SCHOLARPEDIA + "Bursting",
    ),
    Term(
        "irregular",
        "Spikes whose intervals vary without a pattern that repeats, because of noise or of chaos.",
        PATTERNS,
    ),
    Term("delayed", "The first spike comes late: much later after the onset than one interval.", PATTERNS),
    Term(
        "rebound",
        "Spikes after an inhibiting (negative) current has ended.",
        PATTERNS,
        also=("rebound spike", "rebound burst"),
    ),
    Term("impossible", "With this value the model cannot be run, such as a reset above the threshold.", PATTERNS),
    Term(
        "diverged",
        "The variables grew without bound: the time step is too long for these values, or the model has no answer.",
        PATTERNS,
    ),
    Term(
        "depolarisation block",
        "Under too strong a current a real neuron stays depolarised and silent; no soma here does, since none has "
        "channels that inactivate.",
        PATTERNS,
        also=("depolarization block",),
    ),
    Term(
        "spike",
        "The moment at which the potential reaches the firing level; it jumps to the reset from there.",
        READOUTS,
        also=("spikes", "upstroke", "upstrokes"),
    ),
    Term(
        "rate",
        "Spikes per second: those of the first neuron while the stimulus is on, over the time that it is on.",
        READOUTS,
        "Hz",
        ("firing rate", "mean rate"),
        ("rate, stimulus on",),
        BOOK + "Ch7.S2.html",
    ),
    Term(
        "first spike after",
        "Time from the onset of the stimulus to the first spike, also called latency.",
        READOUTS,
        "ms",
        ("latency", "spike latency"),
        ("first spike",),
    ),
    Term(
        "mean interval",
        "Mean time from one spike to the next.",
        READOUTS,
        "ms",
        ("intervals", "interspike interval"),
        ("interval", "interval (ms)", "interval number"),
    ),
    Term(
        "CV",
        "Coefficient of variation of the intervals, their standard deviation over their mean: 0 for a clock, "
        "about 1 for random (Poisson) spikes.",
        READOUTS,
        also=("coefficient of variation",),
        link=BOOK + "Ch7.S3.html",
    ),
    Term(
        "adaptation index",
        "Mean relative change from one interval to the next: 0 tonic, positive slowing down, negative speeding up.",
        READOUTS,
    ),
    Term(
        "time-step error",
        "The honesty meter: by how much the first neuron's spikes move at half the time step, in float64; "
        "amber above 0.1 ms, red when their number changes.",
        READOUTS,
        "ms",
        ("honesty meter",),
    ),
    Term("rate of all", "Mean rate of all neurons while the stimulus is on.", READOUTS, "Hz", ("population rate",)),
    Term(
        "rheobase",
        "The weakest steady current under which the neuron cannot stay at rest.",
        LEVELS,
        "pA",
        link=BOOK + "Ch5.S1.html",
    ),
    Term(
        "firing threshold",
        "The potential at which a spike is counted and the reset follows.",
        LEVELS,
        "mV",
        ("firing level", "spike cut-off", "cut-off", "spike peak", "threshold"),
        ("firing",),
    ),
    Term(
        "rheobase threshold",
        "The potential to which a steady current can lift an exponential soma; above it the upstroke runs away by "
        "itself.",
        LEVELS,
        "mV",
        ("soft threshold",),
        link=BOOK + "Ch5.S2.html",
    ),
    Term("reset", "Where a spike leaves the potential.", LEVELS, "mV", ("reset potential",)),
    Term(
        "potential",
        "Voltage across the membrane, inside against outside.",
        LEVELS,
        "mV",
        ("membrane potential",),
        ("V",),
    ),
    Term("resting state", "The state in which nothing changes without input.", LEVELS, "mV", ("at rest",), ("rest",)),
    Term(
        "stimulus",
        "The current that is injected into the neuron over time.",
        LEVELS,
        "pA",
        ("input current",),
        ("input", "current"),
    ),
    Term("onset", "Time at which the stimulus begins.", LEVELS, "ms"),
    Term(
        "refractory period",
        "Time after a spike during which no other spike can come.",
        LEVELS,
        "ms",
        ("refractory", "refractoriness"),
    ),
    Term(
        "adaptation",
        "A slow variable that every spike changes, so that the next spike comes later.",
        LEVELS,
        also=("adaptation current", "recovery"),
        labels=("w", "u"),
    ),
    Term(
        "gain",
        "How much the rate rises when the current does: the slope of the f–I curve.",
        CURVE,
        "Hz/pA",
    ),
    Term(
        "f–I curve",
        "Firing rate against a constant current; the dot is the present run.",
        CURVE,
        "Hz",
        ("f-I curve",),
        link=BOOK + "Ch4.S4.html",
    ),
    Term("first interval", "The rate that the first interval alone would give.", CURVE, "Hz"),
    Term("steady rate", "The rate when adaptation has settled.", CURVE, "Hz"),
    Term("theory", "The rate in closed form, which leaky somas have.", CURVE, "Hz", link=BOOK + "Ch1.S3.html"),
    Term(
        "up and down",
        "A staircase of currents upwards and down again, with the state carried on from step to step.",
        CURVE,
        labels=("up", "down"),
    ),
    Term("bistable", "Between these currents it rests or fires, depending on where it comes from.", CURVE),
    Term("hysteresis", "On the way up it behaves otherwise than on the way down.", CURVE),
    Term(
        "class 1",
        "Firing can set in arbitrarily slowly at the rheobase.",
        CURVE,
        also=("class 1 excitability",),
        link=SCHOLARPEDIA + "Neuronal_excitability",
    ),
    Term(
        "class 2",
        "Firing sets in at the rheobase with a rate that is not small.",
        CURVE,
        also=("class 2 excitability",),
        link=SCHOLARPEDIA + "Neuronal_excitability",
    ),
    Term(
        "phase plane",
        "Potential against the second variable: a point is a state, a run is a path.",
        PLANE,
        link=BOOK + "Ch4.S3.html",
    ),
    Term(
        "nullcline",
        "The line on which one variable does not change: its derivative is 0.",
        PLANE,
        also=("nullclines", "dV/dt = 0", "dw/dt = 0", "du/dt = 0", "dθ/dt = 0"),
        link=BOOK + "Ch4.S3.html",
    ),
    Term("dV/dt", "How fast the potential changes.", PLANE, "mV/ms", labels=("zero",)),
    Term("without input", "The nullcline of the potential when no current is injected.", PLANE),
    Term("run", "What is simulated and shown: the path of the first neuron.", PLANE, labels=("path",)),
    Term(
        "fixed point",
        "A state in which nothing changes, where nullclines cross: filled where stable, hollow where not.",
        PLANE,
        also=("fixed points", "equilibrium"),
    ),
    Term("stable", "Whoever comes near stays near.", PLANE),
    Term("unstable", "Whoever is near goes away.", PLANE),
    Term("node", "A fixed point that is approached, or left, without turning around it.", PLANE),
    Term("focus", "A fixed point that is approached, or left, in a spiral.", PLANE),
    Term("saddle", "A fixed point that attracts along one direction and repels along another.", PLANE),
    Term("degenerate", "A fixed point about to change its kind: an eigenvalue has no real part.", PLANE),
    Term(
        "saddle-node",
        "A bifurcation: the resting state and a saddle meet and vanish, and firing sets in slowly.",
        PLANE,
        also=("saddle-node bifurcation",),
        link=SCHOLARPEDIA + "Saddle-node_bifurcation",
    ),
    Term(
        "Hopf",
        "A bifurcation: the resting state begins to oscillate with growing swings, and firing sets in at once.",
        PLANE,
        also=("Hopf bifurcation", "Andronov–Hopf"),
        link=SCHOLARPEDIA + "Andronov-Hopf_bifurcation",
    ),
    Term(
        "bifurcation",
        "A value at which fixed points, or cycles, appear, vanish or change their stability.",
        PLANE,
    ),
    Term(
        "reset map",
        "From the second variable right after one spike to the same after the next spike; written Φ.",
        RESET,
        also=("adaptation map", "map Φ"),
        labels=("Φ",),
        link="https://doi.org/10.1007/s00422-008-0267-4",
    ),
    Term(
        "cobweb",
        "The staircase between map and diagonal that follows a run from spike to spike.",
        RESET,
        also=("staircase",),
    ),
    Term("expected", "What would follow a first spike, where the run has no two of its own.", RESET),
    Term("slope", "Of the map at a fixed point: below 1 in size, neighbouring runs come nearer.", RESET),
    Term("cycle", "Values that repeat after n spikes: a burst of n spikes.", RESET, also=("period",)),
    Term("chaos", "A rule without chance whose run never repeats.", RESET),
    Term(
        "return map",
        "Each interval against the one before: a point is a regular train, a few points a burst, a cloud an "
        "irregular one.",
        OTHER,
        also=("diagonal", "clusters"),
        labels=("interval n (ms)", "interval n + 1 (ms)"),
    ),
    Term("histogram", "How many values fall into each bar.", OTHER, labels=("count",)),
    Term(
        "atlas",
        "A map over two values: the pattern or the rate at every point, all of it simulated.",
        OTHER,
        link="https://doi.org/10.1007/s00422-008-0264-7",
    ),
    Term(
        "membrane currents",
        "What flows through the membrane: inward currents lift the potential, and all add up to C dV/dt.",
        OTHER,
        "pA",
        ("C dV/dt", "inward current"),
        ("currents", "inward current (pA)"),
    ),
    Term("leak", "The current that pulls the potential back to rest.", OTHER, "pA", ("leak current",)),
    Term(
        "spike initiation",
        "The current that drives the upstroke of an exponential or quadratic soma.",
        OTHER,
        "pA",
        labels=("initiation",),
    ),
    Term("hold", "What keeps the potential in its place during the refractory period.", OTHER, "pA"),
    Term("compare", "Two runs on the same input: what is pinned, another model or another preset.", OTHER),
    Term(
        "pinned run",
        "A run that stays behind the later ones, to compare with.",
        OTHER,
        also=("pinned", "ghost"),
        labels=("pin",),
    ),
    Term("trail", "The last few runs, fading.", OTHER),
    Term(
        "mystery",
        "A neuron of which some values are hidden, measured with the same current as the run.",
        OTHER,
        also=("mystery neuron",),
    ),
    Term(
        "coincidence factor",
        "Γ, how many spikes of two trains coincide, less what chance would do: 1 for equal trains, about 0 for chance.",
        OTHER,
        also=("Γ",),
    ),
    Term(
        "Victor–Purpura distance",
        "The least price of turning one train into the other, by moving, adding and removing spikes.",
        OTHER,
        also=("Victor–Purpura", "Victor-Purpura"),
    ),
    Term(
        "foresight",
        "Colours along a slider: what would happen at each of its values, with everything else as it is.",
        SLIDERS,
        also=("strips",),
    ),
    Term(
        "rheobase mark",
        "A black tick on a slider: firing begins or ends there, as at the rheobase.",
        SLIDERS,
        also=("black tick",),
    ),
    Term("default mark", "A small triangle on a slider: the value that its reset brings back.", SLIDERS),
    Term(
        "hint ▲▼",
        "What one step up of a slider does to the rate, or to the first spike where the rate stays: ▲ more, ▼ less, "
        "≈ 0 hardly any, – nothing.",
        SLIDERS,
        labels=("▲", "▼", "≈"),
    ),
    Term("time step", "dt, the length of one step of the solver.", RUN, "ms", labels=("dt",)),
    Term(
        "solver",
        "The rule that takes the state from one step to the next.",
        RUN,
        labels=("Euler", "ExponentialEuler", "Heun", "RK4", "SequentialEuler"),
    ),
    Term("on the grid", "Spikes fall on time steps instead of between them, as in fixed-step simulators.", RUN),
    Term("scan", "The compiled loop over the steps of a run, used on every device.", RUN),
    Term("fused kernel", "The same loop as one program of a GPU.", RUN),
    Term("steps × neurons", "The size of a run: how many steps for how many neurons.", RUN, labels=("steps",)),
    Term("raster", "One row for each neuron, one stroke for each spike.", POPULATION),
    Term(
        "spread",
        "Standard deviation of a value between the neurons of a population.",
        POPULATION,
        also=("standard deviation",),
        labels=("σ",),
    ),
    Term("seed", "The number that fixes what is drawn at random: the same seed, the same run.", POPULATION),
)
"""Grouped; within a group, what is needed first comes first."""


def known() -> dict[str, Term]:
    """Every term by each of its spellings, in small letters."""
    return {spelling.lower(): term for term in TERMS for spelling in (term.name, *term.also, *term.labels)}


def told() -> list[dict[str, object]]:
    """The glossary as the page takes it."""
    return [asdict(one) | {"plain": one.plain} for one in TERMS]
