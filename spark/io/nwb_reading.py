"""A run out of an NWB file: by HDF5 alone, which follows nothing out of the file and reads nothing of unknown size."""

from __future__ import annotations

from typing import IO, Any

import numpy as np

from ..core.fault import Fault
from ..recording import Recording
from ..recording.header import parsed
from ..recording.opening import LARGEST, Source, opened
from ..recording.parts import digest_of, names_of, recording_of
from .nwb import DIGEST, HEADER, MISSING, series_of
from .readers.hdf5 import SIGNATURE, dataset, plain, size


def read_nwb(file: Source, *, largest: int = LARGEST) -> Recording:
    """The recording that `spark.io.write` wrote as NWB, equal in every bit.

    Links, external and virtual datasets are refused, and the sizes of all arrays are added up before one is read.
    HDF5 is C code that a garbled file may crash: read files of strangers in a process of their own.

    Args:
        file: a path, or a binary file that can seek.
        largest: bytes that the file may have, and that its arrays may take.

    Raises:
        ValueError: it is no such file, damaged, too large, or of a soma that is not in the catalogue; says which file
            and what is wrong.
        ImportError: h5py is not installed.
        OSError: it cannot be opened.
    """
    with opened(file, "an NWB file", largest) as stream, _hdf5(stream) as root:
        text = _text(root, HEADER)
        header = parsed(text)
        numbers = dataset(root, "scratch/traced")
        if size(numbers) > root.id.get_filesize():  # each of these numbers is looked for
            raise Fault("it traces more neurons than it has room for")
        traced = plain(numbers, "traced")[()]
        places = {name: _places(name, traced) for name in names_of(header)}
        datasets = {place: dataset(root, place) for several in places.values() for place in several}
        for place, one in datasets.items():
            plain(one, place)
        needed = sum(size(datasets[place]) for several in places.values() for place in several)
        if needed > largest:
            raise Fault(f"its arrays take {needed:,} bytes, of at most {largest:,}: a larger `largest` lets it in")
        arrays = {}
        for name, several in places.items():
            columns = [datasets[place][()] for place in several]
            series = name.startswith("recorded/") and traced.size
            arrays[name] = np.stack(columns, axis=1) if series else columns[0]
        recording = recording_of(header, arrays, Recording)
        if digest_of(text, arrays) != _text(root, DIGEST):
            raise Fault("it was changed since Spark wrote it")
        return recording


def header_in(stream: IO[bytes]) -> dict[str, Any]:
    """What the file says of its run."""
    with _hdf5(stream) as root:
        return parsed(_text(root, HEADER))


def _hdf5(stream: IO[bytes]) -> Any:
    try:
        import h5py
    except ImportError as error:
        raise ImportError(MISSING.format(name="h5py")) from error
    if stream.read(len(SIGNATURE)) != SIGNATURE:
        raise Fault("it is no NWB file")
    return h5py.File(stream, "r")


def _text(root: Any, name: str) -> str:
    text = dataset(root, f"scratch/{name}")
    if text.shape != () or text.dtype.kind != "S" or not 0 < text.dtype.itemsize <= root.id.get_filesize():
        raise Fault(f"its {name} is no line of text")
    return str(text[()].decode("ascii"))


def _places(name: str, traced: np.ndarray) -> list[str]:
    group, _, own = name.rpartition("/")
    if group == "recorded" and traced.size:
        return [f"{series_of(own, number)}/data" for number in traced.tolist()]
    return [f"scratch/{name.replace('/', '_')}"]
