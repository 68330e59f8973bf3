"""Benchmarks: each runs alone as ``python -m bench.NAME --json``."""
