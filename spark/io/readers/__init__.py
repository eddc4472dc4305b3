"""What current-clamp recordings come in: a module for each kind of file, by NumPy and that kind's own library alone.

Nothing in here imports more of Spark than `spark.core.fault`, so that a process of its own can read a stranger's file
without waiting for JAX (`spark.io.apart`).
"""
