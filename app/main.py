"""What `panel serve app` runs for every visitor. Keep nothing here: this module is emptied when the visit ends."""

import panel as pn

from .page.building import build

build(pn.state.curdoc)
