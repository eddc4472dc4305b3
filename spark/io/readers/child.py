"""Run as a program, in a process of its own: bounds itself, reads one recording, and writes its sweeps as NPZ.

Spark's packages are here as bare folders: what their own `__init__` imports (JAX) takes seconds, and much memory.
"""

import contextlib
import importlib
import io
import json
import os
import sys
import types
from pathlib import Path


def main() -> None:
    """Read what the argument says."""
    answer = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what a library prints is no answer
    asked = json.loads(sys.argv[1])
    root = Path(__file__).resolve().parents[2]
    for name, path in (("spark", root), ("spark.core", root / "core"), ("spark.io", root / "io")):
        bare = types.ModuleType(name)
        bare.__path__ = [str(path)]
        sys.modules[name] = bare
    kinds, fault = importlib.import_module("spark.io.readers.kinds"), importlib.import_module("spark.core.fault")
    import numpy as np

    for library in ("h5py", "pyabf", "igor2.binarywave"):  # their own memory is not the file's
        with contextlib.suppress(ImportError):
            importlib.import_module(library)
    bound(asked["memory"], asked["seconds"])
    said: dict = {}
    arrays: dict = {}
    try:
        said["kind"], sweeps = kinds.sweeps_of(asked["path"], asked["columns"], asked["dt"], asked["largest"])
        said["sweeps"] = []
        for k, sweep in enumerate(sweeps):
            there = [name for name in ("potential", "current", "spikes") if getattr(sweep, name) is not None]
            arrays |= {f"{k}/{name}": getattr(sweep, name) for name in there}
            own = {"name": sweep.name, "dt": sweep.dt, "protocol": sweep.protocol, "stored": sweep.stored}
            said["sweeps"].append(own | {"there": there})
        size = sum({id(array): array.nbytes for array in arrays.values()}.values())
        if size > asked["output"]:
            raise fault.Fault(f"its sweeps take {size:,} bytes, of at most {asked['output']:,}")
    except MemoryError:
        raise
    except ImportError as error:
        said, arrays = {"missing": str(error)}, {}
    except Exception as error:
        said, arrays = {"fault": fault.why(error)}, {}
    file = io.BytesIO()
    np.savez(file, said=np.array(json.dumps(said)), **arrays)
    with answer:
        answer.write(file.getvalue())


def bound(memory: int, seconds: float) -> None:
    """From here on no more than this; Windows knows no such bounds."""
    try:
        import resource
    except ImportError:
        return
    taken = 0
    with contextlib.suppress(OSError):
        taken = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
    for name, most in (
        ("RLIMIT_AS", taken + memory),
        ("RLIMIT_CPU", int(seconds) + 1),
        ("RLIMIT_FSIZE", 0),
        ("RLIMIT_CORE", 0),
        ("RLIMIT_NOFILE", 64),
    ):
        with contextlib.suppress(OSError, ValueError):
            resource.setrlimit(getattr(resource, name), (most, most))


if __name__ == "__main__":
    main()
