"""Floor 3: a soma, or a run, as code that runs elsewhere, as a table and as a sentence."""

from .agreement import agreement as agreement
from .for_brian2 import brian2_script as brian2_script
from .for_nest import nest_script as nest_script
from .for_spark import spark_script as spark_script
from .javascript import javascript as javascript
from .methods import methods as methods
from .table import parameter_table as parameter_table
