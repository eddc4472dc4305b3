"""Igor binary waves, by igor2: one quantity each, so that a potential and a current come as two files."""

from __future__ import annotations

import importlib
from typing import IO, Any

import numpy as np

from ...core.fault import Fault
from .sweep import Sweep
from .units import factor, quantity_of

VERSIONS = {b"\x02\x00", b"\x03\x00", b"\x05\x00", b"\x00\x02", b"\x00\x03", b"\x00\x05"}
MISSING = 'IBW files need igor2: pip install "spark-somas[recordings]"'


def read(stream: IO[bytes], name: str, largest: int) -> list[Sweep]:
    """The sweeps of a wave; the columns of one of two dimensions are sweeps.

    Args:
        stream: the file.
        name: of the sweeps, where the wave has none.
        largest: bytes that its numbers may take.

    Raises:
        Fault: it is no wave of a potential or a current; says what it is.
        ImportError: igor2 is not installed.
    """
    try:
        binarywave: Any = importlib.import_module("igor2.binarywave")
    except ImportError as error:
        raise ImportError(MISSING) from error
    wave = binarywave.load(stream)["wave"]
    header, data = wave["wave_header"], np.asarray(wave["wData"])
    if data.dtype.kind not in "fi" or data.ndim not in (1, 2) or not data.size:
        raise Fault(f"it holds {data.dtype} of shape {data.shape}, not samples of one quantity")
    if 8 * data.size > largest:
        raise Fault(f"its numbers take {8 * data.size:,} bytes, of at most {largest:,}")
    unit, across = _text(header, "dataUnits"), _text(header, "dimUnits", "xUnits") or "s"
    quantity = quantity_of(unit)
    if quantity in ("", "time"):
        raise Fault(f"its unit is {unit or 'not said'}, none of a potential or a current")
    if quantity_of(across) != "time":
        raise Fault(f"its samples are {across} apart, which is no time")
    step = header["sfA"][0] if "sfA" in header else header["hsA"]
    dt = float(step) * factor(across, "time")
    title = _text(header, "bname") or name
    columns = np.asarray(data, np.float64).reshape(data.shape[0], -1).T * factor(unit, title)
    return [
        Sweep(title if len(columns) == 1 else f"{title} {k}", dt, **{quantity: values}, stored={quantity: unit})
        for k, values in enumerate(columns)
    ]


def _text(header: dict[str, Any], *names: str) -> str:
    """The first of these that is there: bytes, in lists of lists, up to the first zero; Igor's µ is of Mac OS Roman."""
    for name in names:
        if name in header:
            raw = b"".join(np.asarray(header[name]).ravel()[:32].astype("S").tolist())
            return raw.split(b"\0")[0].decode("mac_roman").strip()
    return ""
