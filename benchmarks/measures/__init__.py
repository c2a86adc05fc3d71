"""What `benchmarks.bench` measures, one module a subject. Ratios are of one run, to mean something on any machine."""
