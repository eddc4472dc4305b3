"""HDF5 that may come from anybody: every part is in this very file, holds numbers, and has a known size."""

from __future__ import annotations

import math
from typing import Any

from ...core.fault import Fault

SIGNATURE = b"\x89HDF"
PLAIN_FILTERS = (1, 2, 3)
"""Deflate, shuffle and checksum: others are loaded from wherever HDF5 looks for plugins."""


def within(root: Any, path: str) -> Any:
    """The object at this path, or None; no link is followed out of the file.

    Raises:
        Fault: a part of the path is a link to somewhere else.
    """
    import h5py

    here = root
    for part in path.split("/"):
        if not isinstance(here, h5py.Group):
            return None
        try:
            link = here.id.links.get_info(part.encode())  # which, unlike `in`, follows nothing
        except (KeyError, RuntimeError):
            return None
        if link.type != h5py.h5l.TYPE_HARD:
            raise Fault(f"{path} is a link to somewhere else, which is not followed")
        here = here[part]
    return here


def dataset(root: Any, path: str) -> Any:
    """The dataset at this path, of which every part is in this very file.

    Raises:
        Fault: there is none.
    """
    import h5py

    here = within(root, path)
    if here is None:
        raise Fault(f"it lacks {path}")
    if not isinstance(here, h5py.Dataset):
        raise Fault(f"{path} is no dataset")
    if here.external or here.is_virtual:
        raise Fault(f"{path} is kept in another file, which is not opened")
    return here


def plain(dataset: Any, path: str, kinds: str = "fi") -> Any:
    """The same dataset, if it holds numbers that need nothing but HDF5 to be read."""
    if dataset.shape is None or dataset.dtype.kind not in kinds:
        raise Fault(f"{path} holds {dataset.dtype}, which is not read")
    plist = dataset.id.get_create_plist()
    if any(plist.get_filter(i)[0] not in PLAIN_FILTERS for i in range(plist.get_nfilters())):
        raise Fault(f"{path} is packed by a filter that is not read")
    return dataset


def size(dataset: Any) -> int:
    """Bytes that it takes to read it: of all, or of the chunk that HDF5 unpacks where that is more."""
    shapes = [shape for shape in (dataset.shape, dataset.chunks) if shape is not None]
    return int(max((math.prod(map(int, shape)) for shape in shapes), default=0)) * int(dataset.dtype.itemsize)
