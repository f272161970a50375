"""Cases: what their papers, numbers, clocks and pages are measured by."""
