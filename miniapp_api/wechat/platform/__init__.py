"""WeChat's own API: tokens, calls, and what their fields may hold."""
