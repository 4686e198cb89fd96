"""How a page looks, narrow and wide, light and dark: no fault that axe finds, nothing that scrolls sideways.

The page is loaded once and given one size after the other, so that a look costs no signing in and no data.
PICTURES names a folder for pictures of all that is looked at, NAME-WIDTH-SCHEME.png.
"""

import os
from collections.abc import Callable

from axe_playwright_python.base import AXE_SCRIPT

EVERY_SIZE = [(width, scheme) for width in (320, 768, 1280) for scheme in ("light", "dark")]
PICTURES = os.environ.get("PICTURES", "")
# Two that differ in both show nearly all; every one is looked at for a release, or to take pictures.
SIZES = EVERY_SIZE if os.environ.get("AFTERWORD_FULL") or PICTURES else [EVERY_SIZE[0], EVERY_SIZE[-1]]
# What people begin with whose pages are looked at: where least has room.
NARROW = {"viewport": {"width": 320, "height": 800}}
SETTLED = "() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))"
# Only sound and films would have to be loaded before, and the pages may show neither.
AXE = "() => axe.run({resultTypes: ['violations'], preload: false}).then(found => found.violations)"
WIDE = "() => document.documentElement.scrollWidth > document.documentElement.clientWidth"
DARK = "() => matchMedia('(prefers-color-scheme: dark)').matches"


def look(page, name: str, *, whole: bool = True, also: Callable[[], list[str]] = list) -> list[str]:
    """The faults of an open page in every size, each with the page's name and the size where it stands.

    `also` says what else is wrong in a size. Pictures are of the whole page, or of the window alone. The page
    has its own size and colours back, and stays without motion.
    """
    page.wait_for_load_state()
    had = page.viewport_size, "dark" if page.evaluate(DARK) else "light"
    if page.evaluate("() => typeof axe") == "undefined":
        page.evaluate(AXE_SCRIPT)
    found = []
    for width, scheme in SIZES:
        _turn(page, {"width": width, "height": 800}, scheme)
        page.evaluate(SETTLED)
        found += [f"{name} {width} {scheme}: {fault}" for fault in [*_faults(page), *also()]]
        if PICTURES:
            page.screenshot(path=f"{PICTURES}/{name}-{width}-{scheme}.png", full_page=whole)
    _turn(page, *had)
    return found


def _turn(page, size: dict[str, int], scheme: str) -> None:
    """Give a page a size and colours; without motion, no colour fades over."""
    page.set_viewport_size(size)
    page.emulate_media(color_scheme=scheme, reduced_motion="reduce")


def _faults(page) -> list[str]:
    found = [f"{one['id']}: {one['nodes'][0]['html'][:120]}" for one in page.evaluate(AXE)]
    return found + (["scrolls sideways"] if page.evaluate(WIDE) else [])
