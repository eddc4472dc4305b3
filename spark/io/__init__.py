"""Floor 3: runs out of Spark as files, and back.

`write` makes CSV tables for other programs, and NPZ and NWB files from which `read_npz` and `read_nwb` make the same
recording again, bit for bit. Each file says with which soma, values, solver and version it was made: `about`.
"""

from .asked import about as about
from .npz_reading import read_npz as read_npz
from .nwb_reading import read_nwb as read_nwb
from .writing import write as write
