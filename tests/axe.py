"""axe-core on the page that the browser shows: what is serious or critical, in light and in dark.

It comes from the wheel axe-core-python; no page loads it.
"""

from importlib.resources import files
from typing import Any

AXE = files("axe_core_python").joinpath("axe.min.js")
# What is folded is looked at too, and without a transition that would show colors half way. Seen once is enough: the
# rows of the ledger are all made by one template, and a formula has the color of its sentence.
PREPARE = """
    const still = document.createElement('style');
    still.textContent = '* { transition: none !important; animation: none !important; }';
    document.head.append(still);
    document.querySelectorAll('table.ledger > tbody:nth-of-type(n+8), mjx-container').forEach(it => it.remove());
    document.querySelectorAll('details').forEach(it => { it.open = true; });
"""
RUN = """
    const [theme, done] = arguments;
    const rules = theme === 'dark' ? {runOnly: ['color-contrast']} : {};  // the only one that sees colors
    document.documentElement.dataset.theme = document.documentElement.dataset.mode = theme;
    axe.run(document, rules).then(({violations}) => done(violations.flatMap(
        ({id, impact, nodes}) => ['serious', 'critical'].includes(impact)
            ? nodes.map(it => `${theme} ${impact} ${id}: ${it.target} ${it.any.map(one => one.message)}`) : []
    )), error => done([String(error)]));
"""


def violations(driver: Any) -> list[str]:
    """A line for each element; the page is not what it was after this."""
    driver.set_script_timeout(120)  # a shared machine can be slow
    driver.execute_script(PREPARE + AXE.read_text("utf-8"))
    return [found for theme in ("light", "dark") for found in driver.execute_async_script(RUN, theme)]
