"""The WeChat door: pushes of the official account, answers to them, and the platform's API."""
