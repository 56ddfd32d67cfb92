"""How fast the model is, measured side by side in one run: `make bench` writes `benchmarks/RESULTS.md`."""
