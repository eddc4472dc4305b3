"""Settings of a run that belong to no soma."""

from spark.core.choices import Whole
from spark.core.config import Config
from spark.core.quantity import Quantity


class RunSettings(Config):
    """How long, how many, and what is shown."""

    duration = Quantity(
        1000.0,
        unit="ms",
        symbol="T",
        bounds=(1, 100_000),
        span=(10, 5000),
        log=True,
        scalar=True,
        title="duration",
        doc="Length of the run.",
    )
    units = Whole(1, bounds=(1, 10_000), doc="Number of neurons, each with its own draw of the spread values.")
    shown = Whole(3, bounds=(1, 10), doc="How many of the first neurons are drawn as traces.")
