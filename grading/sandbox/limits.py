"""What one submission may use."""

from dataclasses import dataclass

MB = 2**20


@dataclass(frozen=True)
class Limits:
    """What one submission may use. Bytes and seconds; the watch outside enforces what the system does not."""

    memory: int = 2048 * MB
    address_space: int = 8192 * MB
    cpu: int = 240
    processes: int = 64
    threads: int = 128
    files: int = 256
    file_size: int = 64 * MB
    disk: int = 64 * MB
    entries: int = 20_000
    terminals: int = 16
    output: int = 2 * MB  # of a cell
    all_output: int = 16 * MB
    cell_seconds: float = 30.0
    seconds: float = 300.0

    def inside(self) -> dict[str, int]:
        """Return what the sandboxed process sets on itself before anything of the student's runs."""
        return {
            "AS": self.address_space,
            "CPU": self.cpu,
            "NPROC": self.threads,
            "NOFILE": self.files,
            "FSIZE": self.file_size,
        }
