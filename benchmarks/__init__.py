"""Benchmarks: speed as ratios against peers measured in the same run; no test fails on a timing."""
