"""Public fakes: they pass the same contract suites as the real adapters."""
