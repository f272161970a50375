#!/bin/sh
# Prints a Python 3.10 for Rasa: one on PATH, else one of pyenv's, else the bare version, which uv fetches.
set -u
if path=$(command -v python3.10) && "$path" -c '' 2>/dev/null; then echo "$path"; exit; fi
if prefix=$(pyenv prefix 3.10 2>/dev/null) && [ -x "$prefix/bin/python3.10" ]; then echo "$prefix/bin/python3.10"; exit; fi
echo 3.10
