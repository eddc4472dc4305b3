"""Small files of a made cell in each format that labs have: what is read must be what is written here."""

from __future__ import annotations

import importlib
import struct
from pathlib import Path
from typing import Any

import numpy as np

DT = 0.1
SWEEPS, SAMPLES = 3, 400
COMMANDS = np.zeros((SWEEPS, SAMPLES))
COMMANDS[:, 106:206] = np.array([-50.0, 0.0, 100.0])[:, None]
"""pA; in an ABF a 64th of a sweep comes before its first epoch (106 = 400 // 64 + 100)."""


def potentials() -> np.ndarray:
    """mV: a leaky membrane of 10 ms and 100 MOhm, with a spike in the last sweep."""
    found, v = np.empty((SWEEPS, SAMPLES)), np.full(SWEEPS, -70.0)
    for k in range(SAMPLES):
        found[:, k] = v
        v = v + DT / 10 * (-70 + 0.1 * COMMANDS[:, k] - v)
    found[2, 150:155] = [-30.0, 10.0, 30.0, 0.0, -40.0]
    return found


def abf1(path: Path) -> Path:
    """A potential alone, of version 1; its header is longer than what pyABF writes of so short a recording."""
    importlib.import_module("pyabf.abfWriter").writeABF1(potentials(), str(path), 1000 / DT, units="mV")
    path.write_bytes(path.read_bytes().ljust(8192, b"\0"))
    return path


def abf2(
    path: Path, current: bool = False, command_unit: str = "pA", source: int = 1, channel_unit: str = "mV"
) -> Path:
    """Version 2, with a protocol of steps: the first half of its 512-byte blocks are its sections.

    Args:
        path: of the file.
        current: whether the current is recorded as well, in nA.
        command_unit: of the protocol.
        source: of the command: 1 for its table of epochs, 2 for another file.
        channel_unit: of the first channel.
    """
    channels = 2 if current else 1
    texts = ["", "clampex", "IN 0", channel_unit, "Cmd 0", command_unit, "IN 1", "nA", "none", "/etc/passwd"]
    strings = b"SSCH\x00\x00" + b"\x00".join(text.encode() for text in texts) + b"\x00"
    protocol, adc, dac = bytearray(512), bytearray(256 * channels), bytearray(256)
    for form, place, value in (
        ("h", 0, 5),
        ("f", 2, 1000 * DT),
        ("f", 14, 1.0),
        ("i", 22, SAMPLES * channels),
        ("f", 110, 10.0),
        ("i", 118, 32768),
    ):
        struct.pack_into(f"<{form}", protocol, place, value)
    scales = (0.01, 1.0)  # V per mV: 10 V are 1,000 mV; V per nA: 10 nA
    for k in range(channels):
        at = 128 * k
        for form, place, value in (
            ("h", 0, k),
            ("h", 26, k),
            ("f", 28, 1.0),
            ("f", 40, scales[k]),
            ("f", 48, 1.0),
            ("i", 74, (3, 7)[k] - 1),
            ("i", 78, (4, 8)[k] - 1),
        ):
            struct.pack_into(f"<{form}", adc, at + place, value)
    for form, place, value in (("i", 24, 4), ("i", 28, 5), ("h", 40, 1), ("h", 42, source), ("i", 158, 9)):
        struct.pack_into(f"<{form}", dac, place, value)
    epochs = b""
    for number, (level, more, length) in enumerate(((0.0, 0.0, 100), (-50.0, 75.0, 100))):
        epochs += struct.pack("<hhhffiiii", number, 0, 1, level, more, length, 0, 0, 0).ljust(48, b"\0")
    digital = b"".join(struct.pack("<hh", number, 0).ljust(32, b"\0") for number in range(2))
    held = [potentials() * scales[0]] + ([_recorded() * scales[1]] if current else [])
    data = np.round(np.stack(held, axis=-1) * 3276.8).astype("<i2").tobytes()
    lengths = b"".join(struct.pack("<ii", k * SAMPLES * channels, SAMPLES * channels) for k in range(SWEEPS))
    whole, header = bytearray(512), {}
    for name, content, size, count in (
        ("protocol", bytes(protocol), 512, 1),
        ("adc", bytes(adc), 128, channels),
        ("dac", bytes(dac), 256, 1),
        ("epoch", digital, 32, 2),
        ("perdac", epochs, 48, 2),
        ("strings", strings, len(strings), 1),
        ("sweeps", lengths, 8, SWEEPS),
        ("data", data, 2, len(data) // 2),
    ):
        header[name] = (len(whole) // 512, size, count)
        whole += content.ljust(-(-len(content) // 512) * 512, b"\0")
    places = {
        "protocol": 76,
        "adc": 92,
        "dac": 108,
        "epoch": 124,
        "perdac": 156,
        "strings": 220,
        "data": 236,
        "sweeps": 316,
    }
    for name, place in places.items():
        struct.pack_into("<IIi", whole, place, *header[name])
    struct.pack_into("<4s4B", whole, 0, b"ABF2", 0, 0, 6, 2)
    struct.pack_into("<III", whole, 8, 512, SWEEPS, 20200101)
    struct.pack_into("<h", whole, 30, 0)
    struct.pack_into("<I", whole, 60, 1)
    path.write_bytes(bytes(whole))
    return path


def _recorded() -> np.ndarray:
    """nA: what flows is a little less than what was asked for."""
    return 0.98 * COMMANDS / 1000


def nwb(path: Path, stimulus: bool = True, table: bool = False) -> Path:
    """Potentials in mV with a conversion, currents in pA with one and an offset; by pynwb."""
    from datetime import UTC, datetime

    from pynwb import NWBHDF5IO, NWBFile
    from pynwb.icephys import CurrentClampSeries, CurrentClampStimulusSeries

    file = NWBFile("a made cell", "cell", datetime(2026, 1, 1, tzinfo=UTC))
    electrode = file.create_icephys_electrode("e", description="e", device=file.create_device("d"))
    for k, (v, i) in enumerate(zip(potentials(), COMMANDS, strict=True)):
        common: dict[str, Any] = {"electrode": electrode, "rate": 1000 / DT, "gain": 1.0}
        common |= {} if table else {"sweep_number": np.uint64(k)}
        answer = CurrentClampSeries(name=f"a{k}", data=v, conversion=1e-3, **common)
        asked = CurrentClampStimulusSeries(name=f"b{7 - k}", data=i - 5.0, conversion=1e-12, offset=5e-12, **common)
        file.add_acquisition(answer)
        if stimulus:
            file.add_stimulus(asked, use_sweep_table=False)
        if table:
            file.add_intracellular_recording(electrode=electrode, stimulus=asked, response=answer)
    with NWBHDF5IO(path, "w") as io:
        io.write(file)
    return path


def ibw(path: Path, values: np.ndarray, unit: str, step: float = DT / 1000, across: str = "s") -> Path:
    """An Igor binary wave of version 2, of floats of 32 bits."""
    data = np.asarray(values, "<f4").tobytes()
    name, units = path.stem[:18].encode(), (unit.encode(), across.encode())
    wave = struct.pack("<hI20shhI4s4sih", 2, 0, name, 0, 0, 0, *units, values.size, 0)
    wave += struct.pack("<ddhhhdd", step, 0.0, 0, 0, 0, 0.0, 0.0) + struct.pack("<2sIiI2sII", b"", 0, 0, 0, b"", 0, 0)
    header = struct.pack("<hiiih", 2, len(wave) + len(data) + 16, 0, 0, 0)
    total = sum(struct.unpack(f"<{(len(header + wave)) // 2}h", header + wave)) & 0xFFFF
    checksum = -total & 0xFFFF
    header = header[:-2] + struct.pack("<H", checksum)
    path.write_bytes(header + wave + data + bytes(16))
    return path
