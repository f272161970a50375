"""Working days (行政许可法第八十二条), as the State Council has published them."""
