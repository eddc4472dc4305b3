"""What `panel serve app` runs for every visitor. Keep nothing here: this module is emptied when the visit ends."""

import panel as pn

from .page.workbench import Workbench

pn.extension("katex")
Workbench().servable()
