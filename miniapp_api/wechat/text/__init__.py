"""Answers as WeChat shows them: text, links, and choices to tap or to number."""
