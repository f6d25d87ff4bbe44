"""Processes that ask for tasks and do them until they are killed, one after the other.

Run as `python -m tests.support.infrastructure.killed_tasks URL FILE KILLS`: prints how many tasks
were told to be taken in, and writes a line to FILE for each that was begun.
"""

from .errands import run_errands
from .killing import kill_workers

if __name__ == "__main__":
    kill_workers(run_errands, seed=67)
