"""Floor 3: runs out of Spark as files, and back; recordings of real cells in.

`write` makes CSV tables for other programs, and NPZ and NWB files from which `read_npz` and `read_nwb` make the same
recording again, bit for bit. Each file says with which soma, values, solver and version it was made: `about`.

`read` takes current-clamp recordings out of CSV, NPZ, ABF, NWB and IBW files, `read_apart` those of strangers.
"""

from .apart import read_apart as read_apart
from .asked import about as about
from .npz_reading import read_npz as read_npz
from .nwb_reading import read_nwb as read_nwb
from .readers.sweep import Sweep as Sweep
from .reading import read as read
from .recordings import Recordings as Recordings
from .recordings import joined as joined
from .recordings import stimulus_of as stimulus_of
from .writing import write as write
