"""Floor 3.2: models of recordings: what a recording says of its cell by itself.

cell = spark.io.read("steps.abf")
print(spark.fit.passive(cell))
"""

from .passive import Estimate as Estimate
from .passive import Passive as Passive
from .passive import passive as passive
