"""A run as an NWB file, the neurophysiologists' format: potentials as current clamp, spikes as units, all in SI."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from io import BytesIO
from typing import Any

import numpy as np

from ..core.variable import CURRENT, POTENTIAL
from ..recording import Recording
from ..recording.header import as_text
from ..recording.parts import arrays_of, digest_of

MISSING = "NWB files need {name}, which is not installed: run pip install 'spark-somas[io]'."
HEADER = "spark"
"""What the run's header is called in the scratch space."""
DIGEST = "sha256"
"""And what tells whether anything was changed since: HDF5 keeps no checksums of its own."""
SI = {
    "mV": ("volts", 1e-3),
    "pA": ("amperes", 1e-12),
    "ms": ("seconds", 1e-3),
    "mV/ms": ("volts/second", 1.0),
    "nS": ("siemens", 1e-9),
    "": ("1", 1.0),
}
"""Our units as NWB wants them. Numbers stay as they are: a factor beside them leads to SI."""
NOBODY = {
    "subject_id": "simulated",
    "description": "No animal: a simulated point neuron.",
    "species": "http://purl.obolibrary.org/obo/NCBITaxon_32630",  # "synthetic construct"
    "sex": "U",
    "age": "P0D",
}
"""NWB asks for a subject: its taxonomy has a name for what no nature made."""


def nwb(
    recording: Recording, header: dict[str, Any], started: datetime | None, progress: Callable[[float], object]
) -> bytes:
    """The run as the content of an NWB file."""
    try:
        import h5py
        import pynwb
    except ImportError as error:
        raise ImportError(MISSING.format(name=error.name)) from error
    progress(0.0)
    text, arrays = as_text(header), arrays_of(recording)
    began = (started or datetime.now(UTC)).astimezone()
    digest = digest_of(text, arrays)
    file = pynwb.NWBFile(
        session_description=f"Simulation of {header['soma']}: {header['units']} units for {recording.duration:g} ms",
        identifier=f"{digest} {began.isoformat()}",
        session_start_time=began,
        file_create_date=began,
        experiment_description=f"spark.simulate with {recording.solver} at dt = {recording.dt:g} ms",
        keywords=["simulation", header["soma"]],
        source_script=f"Spark {header['spark']}",
        source_script_file_name="spark.io.write",
        subject=pynwb.file.Subject(**NOBODY),
    )
    _traces(file, recording, header)
    if recording.events is not None and recording.events.step.size:  # a table without one is taken for a mistake
        file.units = _spikes(recording)
    file.add_scratch(text, name=HEADER, description="All of the run but its arrays, as JSON: spark.io.about")
    file.add_scratch(digest, name=DIGEST, description="SHA-256 of the run, as spark.io.read_nwb checks it")
    for name, array in arrays.items():
        if not name.startswith("recorded/") or not recording.traced.size:
            file.add_scratch(array, name=name.replace("/", "_"), description=f"{name} of the run, as it was computed")
    whole, done = max(sum(array.nbytes for array in arrays.values()), 1), 0

    class Telling(pynwb.NWBHDF5IO):
        def write_dataset(self, *args: Any, **options: Any) -> Any:
            nonlocal done
            progress(min(done / whole, 1.0))
            made = super().write_dataset(*args, **options)
            done += sum(getattr(getattr(each, "data", None), "nbytes", 0) for each in (*args, *options.values()))
            return made

    content = BytesIO()
    with h5py.File(content, "w") as target, Telling(file=target, mode="w") as writer:
        writer.write(file)
        for name, line in ((HEADER, text), (DIGEST, digest)):
            _fixed(target["scratch"], name, line)
    progress(1.0)
    return content.getvalue()


def _fixed(scratch: Any, name: str, text: str) -> None:
    """Write a text anew with its length fixed: HDF5's heap of other strings can hang its reader when it is garbled."""
    attributes = dict(scratch[name].attrs)
    del scratch[name]
    scratch.create_dataset(name, data=np.bytes_(text)).attrs.update(attributes)


def series_of(name: str, neuron: int) -> str:
    """Where the trace of this variable and neuron is in the file, without its dataset."""
    room = {POTENTIAL.name: "acquisition", CURRENT.name: "stimulus/presentation"}.get(name, "processing/icephys")
    return f"{room}/{name}_{neuron}"


def _traces(file: Any, recording: Recording, header: dict[str, Any]) -> None:
    from pynwb import TimeSeries
    from pynwb.icephys import CurrentClampSeries, CurrentClampStimulusSeries

    clock = {"starting_time": 0.0, "rate": 1000.0 / (recording.every * recording.dt)}
    # A neuron may be traced twice; its columns are the same.
    columns = {number: column for column, number in enumerate(recording.traced.tolist())}
    if not recording.recorded or not columns:
        return
    others = [name for name in recording.recorded if name not in (POTENTIAL.name, CURRENT.name)]
    clamp = others != list(recording.recorded)
    device = clamp and file.create_device(name="Spark", description=f"Spark {header['spark']}, on {recording.device}")
    module: Any = others and file.create_processing_module(
        "icephys", "What a neuron's state holds beside its potential."
    )
    stimulus = header["stimulus"]
    protocol = stimulus if isinstance(stimulus, str) else (stimulus or {}).get("type", "N/A")
    for number, column in columns.items():
        pair = {}
        electrode = clamp and file.create_icephys_electrode(
            name=f"neuron_{number}", device=device, description="none: a simulated neuron", cell_id=f"neuron_{number}"
        )
        for name, trace in recording.recorded.items():
            variable = header["variables"][name]
            unit, factor = SI.get(variable["unit"], (variable["unit"], 1.0))
            told = {
                "name": f"{name}_{number}",
                "data": np.ascontiguousarray(trace[:, column]),
                "conversion": factor,
                "description": f"{variable['words']}, {variable['symbol']}, of neuron {number}",
            }
            if name == POTENTIAL.name:
                pair["response"] = CurrentClampSeries(**told, **clock, electrode=electrode)
                file.add_acquisition(pair["response"])
            elif name == CURRENT.name:
                pair["stimulus"] = CurrentClampStimulusSeries(
                    **told, **clock, electrode=electrode, stimulus_description=protocol
                )
                file.add_stimulus(pair["stimulus"])
            else:
                module.add(TimeSeries(**told, **clock, unit=unit))
        if pair:
            file.add_intracellular_recording(electrode=electrode, **pair)


def _spikes(recording: Recording) -> Any:
    """All spike times in s, in one table without a Python call per unit."""
    from hdmf.common import VectorData, VectorIndex
    from pynwb.misc import Units

    assert recording.events is not None
    unit, times = recording.events.by_unit(recording.dt)
    ends = np.searchsorted(unit, np.arange(1, recording.units + 1)).astype(np.uint64)
    flat = VectorData(name="spike_times", description="time of each spike, s", data=times / 1000.0)
    step = 1.0 if recording.solver.on_grid else np.finfo(recording.events.offset.dtype).eps
    return Units(
        name="units",
        description="one row for each neuron, silent ones too",
        id=np.arange(recording.units),
        columns=[flat, VectorIndex(name="spike_times_index", target=flat, data=ends)],
        resolution=float(step) * recording.dt / 1000.0,
    )
