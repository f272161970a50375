"""The web chat page and the checklist pages: plain HTML, CSS and ES modules, no build step."""
