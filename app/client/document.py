"""The HTML in which the page comes: the template's own, and a script that begins it anew where it cannot be opened."""

from __future__ import annotations

from functools import cache
from typing import Any

import panel as pn

from .bundle import page_script

TEXT = """{% extends base %}
{% block loader_script %}
{{ super() }}
<script type="module">
{{ reopen }}
</script>
{% endblock %}
"""


@cache
def template() -> Any:
    """For `Page(template=...)`; the components must be imported before, whose template this one is made of."""
    base = pn.io.resources.BASE_TEMPLATE
    return base.environment.from_string(TEXT, {"base": base, "reopen": page_script("keeper/reopen.js")})
