"""What must hold on every screen of a page, whatever it is about."""

from tests.browser.test_access import LOW_CONTRAST, TOO_SMALL, sideways

LEFT_OUT = ("大字", "提交")
"""How those begin that are not measured here."""


def each(page, site, screens, heading):
    """Open the screens, by path and heading, one after the other, everything unfolded."""
    for path, title in screens.items():
        page.goto(site + path)
        heading(page, title)
        page.locator("details").evaluate_all("all => all.forEach((details) => (details.open = true))")
        yield path


def low_contrast(page, site, screens, heading):
    """By path, what can hardly be read (WCAG AA)."""
    return {path: page.evaluate(LOW_CONTRAST) for path in each(page, site, screens, heading)}


def too_small(page, site, screens, heading, least):
    """By path, what can hardly be tapped: smaller than so many pixels."""
    found = {path: page.evaluate(TOO_SMALL, least) for path in each(page, site, screens, heading)}
    return {path: [what for what in small if not what.startswith(LEFT_OUT)] for path, small in found.items()}


def sticking_out(page, site, screens, heading):
    """By path, by how many pixels anything sticks out sideways."""
    return {path: set(sideways(page)) for path in each(page, site, screens, heading)}
