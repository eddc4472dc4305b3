"""A run out of an NWB file: by HDF5 alone, which follows nothing out of the file and reads nothing of unknown size."""

from __future__ import annotations

from typing import IO, Any

import numpy as np

from ..simulation import Recording
from .header import Fault, parsed
from .nwb import HEADER, MISSING, series_of
from .opening import LARGEST, Source, opened
from .parts import names_of, recording_of

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
        header = _header(root)
        numbers = _dataset(root, "scratch/traced")
        _affordable([numbers], largest)
        traced = _plain(numbers, "traced")[()]
        places = {name: _places(name, traced) for name in names_of(header)}
        datasets = {place: _dataset(root, place) for several in places.values() for place in several}
        for place, dataset in datasets.items():
            _plain(dataset, place)
        _affordable(list(datasets.values()), largest)
        arrays = {}
        for name, several in places.items():
            columns = [datasets[place][()] for place in several]
            if name.startswith("recorded/"):
                arrays[name] = np.stack(columns, axis=1) if columns else _nothing(header)
            else:
                (arrays[name],) = columns
        return recording_of(header, arrays)


def header_in(stream: IO[bytes]) -> dict[str, Any]:
    """What the file says of its run."""
    with _hdf5(stream) as root:
        return _header(root)


def _hdf5(stream: IO[bytes]) -> Any:
    try:
        import h5py
    except ImportError as error:
        raise ImportError(MISSING.format(name="h5py")) from error
    if stream.read(len(SIGNATURE)) != SIGNATURE:
        raise Fault("it is no NWB file")
    return h5py.File(stream, "r")


def _header(root: Any) -> dict[str, Any]:
    import h5py

    dataset = _dataset(root, f"scratch/{HEADER}")
    if dataset.shape != () or h5py.check_string_dtype(dataset.dtype) is None:
        raise Fault("its header is no line of text")
    return parsed(dataset.asstr()[()])


def _places(name: str, traced: np.ndarray) -> list[str]:
    group, _, own = name.rpartition("/")
    if group == "recorded":
        return [f"{series_of(own, number)}/data" for number in traced.tolist()]
    return [f"scratch/{name.replace('/', '_')}"]


def _nothing(header: dict[str, Any]) -> np.ndarray:
    """Traces of no neuron."""
    return np.zeros((-(-header["steps"] // header["every"]), 0), np.float32)


def _dataset(root: Any, path: str) -> Any:
    """The dataset at this path, of which every part is in this very file."""
    import h5py

    here = root
    for part in path.split("/"):
        try:
            link = here.id.links.get_info(part.encode())  # which, unlike `in`, follows nothing
        except KeyError:
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


def _affordable(datasets: list[Any], largest: int) -> None:
    size = 0
    for dataset in datasets:
        for shape in (dataset.shape, dataset.chunks or ()):
            count = dataset.dtype.itemsize
            for length in shape or ():
                count *= int(length)
            size += count
    if size > largest:
        raise Fault(f"its arrays take {size:,} bytes, of at most {largest:,}: a larger `largest` lets it in")
