export PATH=/work/main/.venv/bin:$PATH PYTHONPATH=/tmp/wt6
