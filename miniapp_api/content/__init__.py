"""The catalogue as it is served: checked, compiled, versioned."""
