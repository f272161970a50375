"""Numbers without gaps, and digits that catch slips in typing them."""
