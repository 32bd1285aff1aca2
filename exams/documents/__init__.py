"""Plain rows to files that people open elsewhere. It knows nothing of where the rows come from."""
