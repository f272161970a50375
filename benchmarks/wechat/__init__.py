"""The WeChat door, measured through the simulator, on the real system."""
