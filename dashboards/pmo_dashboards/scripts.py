"""What a page does in its reader's browser by itself."""

from __future__ import annotations

# Tabulator's scrolling part can take the focus and has no role, which a grid's children must have; its rows' links take the focus already.
# What turns its pages stands within the grid too: to a screen reader it is a last row of one cell.
GRID = """
const FOOT = {'tabulator-footer': 'rowgroup', 'tabulator-footer-contents': 'row', 'tabulator-paginator': 'gridcell'}
const mend = root => { for (const node of root.querySelectorAll('*')) {
  if (node.classList.contains('tabulator-tableholder')) { node.removeAttribute('tabindex'); node.setAttribute('role', 'presentation') }
  for (const part in FOOT) if (node.classList.contains(part)) node.setAttribute('role', FOOT[part])
  if (node.shadowRoot) mend(node.shadowRoot) } }
for (const wait of [0, 300, 1000, 3000]) setTimeout(() => mend(document), wait)
"""

# Panel's table does not redraw before its style sheets have loaded, and asks without a pause; of sheets that Bokeh has replaced meanwhile it never hears.
SHEETS = """
const settled = (view, seen) => { if (seen.has(view)) return
  seen.add(view)
  for (const sheet of view._initialized_stylesheets?.keys() ?? []) view._initialized_stylesheets.set(sheet, true)
  for (const part of [...(view.child_views ?? []), ...(view.element_views ?? [])]) settled(part, seen) }
for (const wait of [1000, 3000, 10000]) setTimeout(() => { for (const root of Bokeh.index.roots) settled(root, new Set()) }, wait)
"""

# A card that folds on a phone: its title is the finding, a tap shows the rest. `layout.css` and `page.css` know the classes.
FOLDS = """
document.addEventListener('click', event => {
  const path = event.composedPath(), button = path.find(node => node.classList?.contains('unfold'))
  if (button) button.setAttribute('aria-expanded', path.find(node => node.classList?.contains('folds')).classList.toggle('unfolded')) })
"""
