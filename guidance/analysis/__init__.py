"""What linter and authoring tools share: the parts of conditions, priors, and all situations as one diagram."""
