"""One sandboxed kernel: starts it, runs cells and requests in it with limits, and ends it."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import asdict, dataclass, field

import psutil
from jupyter_client import KernelManager

from grading.sandbox.channels import MOST_RECEIVED, Channels, FloodedError, is_last
from grading.sandbox.limits import MB, Limits
from grading.sandbox.provisioner import NAME, SandboxSpecs
from grading.sandbox.storage import Storage
from grading.sandbox.watch import Watch, end, tree_of
from grading.sandbox.zmtp import ConnectionClosedError
from grading.scratch import CONNECTION_FILE, Scratch

READY_SECONDS, GRACE_SECONDS = 40.0, 3.0
MOST_OUTPUTS = 1000
KEPT = ("stream", "display_data", "execute_result", "error")


class KernelDiedError(Exception):
    """Raised when the kernel is no more; the message says why, in words for the student's card."""


class KernelHungError(KernelDiedError):
    """Raised when what was asked of the kernel took too long and could not be interrupted: its own fault, surely."""


@dataclass
class Ran:
    """What running a cell gave: raw outputs (type, content), as far as they fit, and whether it was stopped.

    `seconds` is the limit that it had, `size` what its outputs have in bytes.
    """

    outputs: list[tuple[str, dict]] = field(default_factory=list)
    cut: bool = False
    stopped: bool = False
    seconds: float = 0.0
    size: int = 0


class Kernel:
    """One kernel in its sandbox, until `deadline` on the monotonic clock. Use as a context; nothing of it is left."""

    def __init__(
        self, box: str, files: str, limits: Limits, unsafe: bool = False, deadline: float | None = None
    ) -> None:
        self.limits, self._unsafe = limits, unsafe
        self._deadline = time.monotonic() + limits.seconds if deadline is None else deadline
        self._config = {"box": box, "files": files, "limits": asdict(limits), "unsafe": unsafe}

    def __enter__(self) -> Kernel:
        with ExitStack() as stack:
            folder = stack.enter_context(Scratch())
            # The sandbox sees of this folder only the connection file, and that it cannot change.
            manager = KernelManager(
                kernel_name=NAME,
                kernel_spec_manager=SandboxSpecs(config_of_kernel=self._config),
                transport="ipc",
                ip=os.path.join(folder, "k"),
                connection_file=os.path.join(folder, CONNECTION_FILE),
            )
            stack.callback(manager.context.destroy, linger=0)
            manager.start_kernel()
            self._process = manager.provisioner.process
            stack.callback(self._process.wait)
            stack.callback(self.end)
            self._watch = Watch(self._process.pid, self.limits, self._deadline)
            self._watch.start()
            stack.callback(self._watch.stop)
            with self._reason_given():
                self._channels = Channels(manager, lambda: self._process.poll() is None, READY_SECONDS)
                stack.callback(self._channels.close)
                if not self._channels.wait_until_ready(READY_SECONDS):
                    raise RuntimeError("the sandboxed kernel does not start")
                self._own = {process.pid for process in tree_of(self._process.pid)}
                if not self._unsafe:
                    storage = Storage(self._process.pid, self.limits)
                    stack.callback(storage.close)
                    self._watch.look = storage.too_much
            self._stack = stack.pop_all()
        return self

    def __exit__(self, *exc: object) -> None:
        self._stack.close()

    def end(self) -> None:
        """Kill the kernel and everything that it started."""
        end(self._process.pid)

    def end_what_was_left_running(self) -> None:
        """Kill every process that a cell started and that is still there."""
        for process in tree_of(self._process.pid):
            if process.pid not in self._own:
                with suppress(psutil.NoSuchProcess):
                    process.kill()

    @property
    def seconds_left(self) -> float:
        """How much is left of the time of the submission."""
        return self._deadline - time.monotonic()

    def limited(self, seconds: float) -> float:
        """Return `seconds`, or less towards the end: nothing takes more than a fifth of what is left."""
        return max(min(seconds, self.seconds_left / 5), 0.5)

    def run(self, code: str, most: int = sys.maxsize) -> Ran:
        """Run a cell and keep of its outputs what a cell may put out, and at most `most` bytes.

        A cell that takes too long is interrupted, and the kernel ended if that does not help.
        """
        content = {"code": code, "silent": False, "store_history": True, "user_expressions": {}}
        content |= {"allow_stdin": False, "stop_on_error": False}
        most = min(most, self.limits.output)
        ran = Ran(seconds=self.limited(self.limits.cell_seconds))
        with self._asking("execute_request", content, ran.seconds) as (messages, state):
            for channel, message in messages:
                if channel == "iopub" and message["msg_type"] in KEPT:
                    if ran.size + message["size"] > most or len(ran.outputs) == MOST_OUTPUTS:
                        ran.cut = True
                    else:
                        ran.size += message["size"]
                        ran.outputs.append((message["msg_type"], message["content"]))
        ran.cut = ran.cut or self._channels.dropped
        ran.stopped = state["interrupted"]
        return ran

    def ask(self, content: dict, seconds: float) -> dict:
        """Send a request to the collector and return its reply, or that it had to be stopped."""
        reply: dict = {}
        with self._asking("collect_request", content, self.limited(seconds)) as (messages, state):
            for channel, message in messages:
                if channel == "shell":
                    reply = message["content"]
        return {"stopped": True} if state["interrupted"] else reply

    @contextmanager
    def _asking(self, kind: str, content: dict, seconds: float) -> Iterator[tuple[Iterator, dict]]:
        state = {"interrupted": False}
        with self._reason_given():
            asked = self._channels.send("shell", kind, content)
            yield self._until_done(asked, seconds, state), state

    @contextmanager
    def _reason_given(self) -> Iterator[None]:
        """Say why, when the kernel turns out to be gone, or cannot be talked to."""
        try:
            yield
        except FloodedError as error:
            self.end()
            raise KernelDiedError(f"it put out more than {MOST_RECEIVED // MB} MB") from error
        except ConnectionClosedError as error:
            self.end()
            raise KernelDiedError(self._why()) from error

    def _until_done(self, asked: str, seconds: float, state: dict) -> Iterator[tuple[str, dict]]:
        """Yield what belongs to the request until it is answered and its outputs are through."""
        waiting, deadline = {"shell", "iopub"}, time.monotonic() + seconds
        while waiting:
            for channel, message in self._channels.messages(deadline):
                if message["parent_header"].get("msg_id") != asked:
                    continue
                yield channel, message
                if is_last(channel, message):
                    waiting.discard(channel)
                if not waiting:
                    return
            if state["interrupted"]:
                self.end()
                raise KernelHungError(f"it was still running after {seconds:g} seconds, and would not stop")
            state["interrupted"] = True
            self._channels.send("control", "interrupt_request", {})
            deadline = time.monotonic() + GRACE_SECONDS

    def _why(self) -> str:
        for _ in range(20):  # the watch may be just about to say
            if self._watch.reason:
                return self._watch.reason
            time.sleep(0.01)
        return "it ended the kernel"

    @property
    def reason(self) -> str:
        """Why the watch ended this kernel, or nothing."""
        return self._watch.reason
