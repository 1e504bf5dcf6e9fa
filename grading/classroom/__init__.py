"""A whole class at once: several submissions are graded side by side, and one process writes the gradebook.

What runs a submission and judges it goes to the processes of an executor, on this machine or, by Dask, on others
(`executors`). Bytes go out, plain data comes back and is looked at before it is believed (`parcels`). nbgrader's own
steps stay in this process, one submission at a time (`hands`), so that its gradebook has one writer.
"""
