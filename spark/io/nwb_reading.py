"""A run out of an NWB file: by HDF5 alone, which follows nothing out of the file and reads nothing of unknown size."""

from __future__ import annotations

import math
from typing import IO, Any

import numpy as np

from ..recording import Recording
from ..recording.header import Fault, parsed
from ..recording.opening import LARGEST, Source, opened
from ..recording.parts import digest_of, names_of, recording_of
from .nwb import DIGEST, HEADER, MISSING, series_of

SIGNATURE = b"\x89HDF"
PLAIN_FILTERS = (1, 2, 3)
"""Deflate, shuffle and checksum: others are loaded from wherever HDF5 looks for plugins."""


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
        numbers = _dataset(root, "scratch/traced")
        if _size(numbers) > root.id.get_filesize():  # each of these numbers is looked for
            raise Fault("it traces more neurons than it has room for")
        traced = _plain(numbers, "traced")[()]
        places = {name: _places(name, traced) for name in names_of(header)}
        datasets = {place: _dataset(root, place) for several in places.values() for place in several}
        for place, dataset in datasets.items():
            _plain(dataset, place)
        size = sum(_size(datasets[place]) for several in places.values() for place in several)
        if size > largest:
            raise Fault(f"its arrays take {size:,} bytes, of at most {largest:,}: a larger `largest` lets it in")
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
    dataset = _dataset(root, f"scratch/{name}")
    if dataset.shape != () or dataset.dtype.kind != "S" or not 0 < dataset.dtype.itemsize <= root.id.get_filesize():
        raise Fault(f"its {name} is no line of text")
    return str(dataset[()].decode("ascii"))


def _places(name: str, traced: np.ndarray) -> list[str]:
    group, _, own = name.rpartition("/")
    if group == "recorded" and traced.size:
        return [f"{series_of(own, number)}/data" for number in traced.tolist()]
    return [f"scratch/{name.replace('/', '_')}"]


def _dataset(root: Any, path: str) -> Any:
    """The dataset at this path, of which every part is in this very file."""
    import h5py

    here = root
    for part in path.split("/"):
        try:
            link = here.id.links.get_info(part.encode())  # which, unlike `in`, follows nothing
        except (KeyError, RuntimeError):
            raise Fault(f"it lacks {path}") from None
        if link.type != h5py.h5l.TYPE_HARD:
            raise Fault(f"{path} is a link to somewhere else, which is not followed")
        here = here[part]
    if not isinstance(here, h5py.Dataset):
        raise Fault(f"{path} is no dataset")
    if here.external or here.is_virtual:
        raise Fault(f"{path} is kept in another file, which is not opened")
    return here


def _plain(dataset: Any, path: str) -> Any:
    """The same dataset, if it holds numbers that need nothing but HDF5 to be read."""
    if dataset.shape is None or dataset.dtype.kind not in "fi":
        raise Fault(f"{path} holds {dataset.dtype}, which is not read")
    plist = dataset.id.get_create_plist()
    if any(plist.get_filter(i)[0] not in PLAIN_FILTERS for i in range(plist.get_nfilters())):
        raise Fault(f"{path} is packed by a filter that is not read")
    return dataset


def _size(dataset: Any) -> int:
    """Bytes that it takes to read it: of all, or of the chunk that HDF5 unpacks where that is more."""
    shapes = [shape for shape in (dataset.shape, dataset.chunks) if shape is not None]
    return int(max((math.prod(map(int, shape)) for shape in shapes), default=0)) * int(dataset.dtype.itemsize)
