"""Garbled files: each is refused in a sentence, or gives the very recording that was written."""

import io
import random
import re
from collections.abc import Callable
from functools import cache
from typing import Any

import h5py
import pytest

import spark
import spark.io
from spark.nn.somas import AdaptiveExponentialSoma
from spark.simulation import Recording
from tests.io import runs

READERS: dict[str, Callable[..., Any]] = {
    "npz": spark.io.read_npz,
    "nwb": spark.io.read_nwb,
    "spikes.csv": spark.io.about,
}
WORDS = (0, 1, 2**31, 2**32 - 1, 2**40, 2**63 - 1, 2**64 - 1)
"""What sizes and addresses are hurt by."""
ROOMS = ("acquisition", "processing", "scratch", "stimulus")


@cache
def sent() -> Recording:
    return runs.of(AdaptiveExponentialSoma, duration=10.0, units=2)


@cache
def whole(kind: Any) -> bytes:
    file = io.BytesIO()
    spark.io.write(sent(), file, kind, state=runs.STATE)
    if kind != "nwb":
        return file.getvalue()
    small = io.BytesIO()  # without the specification of NWB, which is most of a small file, and is never read
    with h5py.File(file, "r") as old, h5py.File(small, "w") as new:
        for room in ROOMS:
            old.copy(room, new)
    return small.getvalue()


def garbled(data: bytes, chance: random.Random) -> bytes:
    """The same with bytes overwritten, cut out, doubled or torn off."""
    at = chance.randrange(len(data))
    match chance.randrange(6):
        case 0:
            return data[:at]
        case 1:
            return data[:at] + data[at + chance.choice((1, 4, 100)) :]
        case 2:
            return data[:at] + data[max(0, at - chance.choice((1, 8, 300))) :]
        case 3:
            return data[:at] + chance.choice(WORDS).to_bytes(8, "little") + data[at + 8 :]
        case 4:
            return data[:at] + bytes([data[at] ^ (1 << chance.randrange(8))]) + data[at + 1 :]
        case _:
            return data[:at] + chance.randbytes(chance.choice((1, 2, 16))) + data[at + 1 :]


def survives(kind: str, seeds: range) -> None:
    read, original, refused = READERS[kind], whole(kind), 0
    for seed in seeds:
        try:
            got = read(io.BytesIO(garbled(original, random.Random(seed))))
        except ValueError as error:
            refused += 1
            assert re.fullmatch(r"the file cannot be read as an? .*file of Spark: .*\.", str(error)), (seed, str(error))
        else:
            if isinstance(got, Recording):
                runs.assert_equal(got, sent())
    assert len(seeds) / 20 < refused < len(seeds)


@pytest.mark.parametrize("kind", READERS)
def test_a_garbled_file_is_refused_or_harmless(kind: str) -> None:
    survives(kind, range(200))


@pytest.mark.thorough
@pytest.mark.parametrize("kind", READERS)
def test_two_thousand_garbled_files(kind: str) -> None:
    survives(kind, range(200, 2200))


def test_the_heap_of_strings_is_never_read() -> None:
    """A size in it that was garbled (this one) hung HDF5 2.0 for good."""
    data = bytearray(whole("nwb"))
    heaps = [found.end() for found in re.finditer(b"GCOL\x01\x00\x00\x00", bytes(data))]
    assert heaps
    for place in heaps:
        data[place + 1] = 0x18
    runs.assert_equal(spark.io.read_nwb(io.BytesIO(data)), sent())
