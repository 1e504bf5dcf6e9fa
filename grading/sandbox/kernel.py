"""One sandboxed kernel: starts it, runs cells and requests in it with limits, and ends it."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field

import zmq
from jupyter_client import KernelManager

from grading.sandbox.channels import ChannelClosedError, Channels, is_last
from grading.sandbox.limits import MB, Limits
from grading.sandbox.provisioner import NAME, SandboxSpecs
from grading.sandbox.watch import Watch, end
from grading.scratch import scratch

# More than this in one cell is a flood: it is not drained, the kernel is ended.
MOST_STREAMED = 64 * MB
READY_SECONDS, GRACE_SECONDS = 40.0, 3.0
KEPT = ("stream", "display_data", "execute_result", "error")


class KernelDiedError(Exception):
    """Raised when the kernel is no more; the message says why, in words for the student's card."""


class KernelHungError(KernelDiedError):
    """Raised when the kernel was ended because what it ran would not stop."""


@dataclass
class Ran:
    """What running a cell gave: raw outputs (type, content), as far as they fit, and whether it was stopped."""

    outputs: list[tuple[str, dict]] = field(default_factory=list)
    cut: bool = False
    stopped: bool = False


class Kernel:
    """One kernel in its sandbox. Use as a context; nothing of it is left afterwards."""

    def __init__(self, box: str, files: str, limits: Limits, unsafe: bool = False) -> None:
        self.limits = limits
        self._config = {"box": box, "files": files, "limits": asdict(limits), "unsafe": unsafe}

    def __enter__(self) -> Kernel:
        self._folder = scratch()
        channel = self._folder.name
        self._manager = KernelManager(
            kernel_name=NAME,
            kernel_spec_manager=SandboxSpecs(config_of_kernel=self._config),
            transport="ipc",
            ip=os.path.join(channel, "k"),
            connection_file=os.path.join(channel, "connection.json"),
            context=zmq.Context(),
        )
        self._manager.context.setsockopt(zmq.LINGER, 0)
        try:
            self._manager.start_kernel()
            self._process = self._manager.provisioner.process
            self._watch = Watch(self._process.pid, channel, self.limits)
            self._watch.start()
            self._channels = Channels(self._manager, lambda: self._process.poll() is None)
            with self._named():
                if not self._channels.wait_until_ready(READY_SECONDS):
                    raise RuntimeError("the sandboxed kernel does not start")
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *exc: object) -> None:
        if hasattr(self, "_watch"):
            self._watch.stop()
        if hasattr(self, "_process"):
            end(self._process.pid)
            self._process.wait()
        self._manager.context.destroy(linger=0)
        self._folder.cleanup()

    def run(self, code: str) -> Ran:
        """Run a cell; a cell that takes too long is interrupted, and the kernel ended if that does not help."""
        content = {"code": code, "silent": False, "store_history": True, "user_expressions": {}}
        content |= {"allow_stdin": False, "stop_on_error": False}
        ran, streamed, room = Ran(), 0, self.limits.output
        with self._asking("execute_request", content, self.limits.cell_seconds) as (messages, state):
            for channel, message in messages:
                streamed += message["size"]
                if streamed > MOST_STREAMED:
                    end(self._process.pid)
                    raise KernelDiedError(f"it put out more than {MOST_STREAMED // MB} MB")
                if channel == "iopub" and message["msg_type"] in KEPT:
                    room -= message["size"]
                    ran.cut = ran.cut or room < 0
                    if room >= 0 and len(ran.outputs) < 1000:
                        ran.outputs.append((message["msg_type"], message["content"]))
        ran.stopped = state["interrupted"]
        return ran

    def ask(self, content: dict, seconds: float) -> dict:
        """Send a request to the collector and return its reply, or that it had to be stopped."""
        reply: dict = {}
        with self._asking("collect_request", content, seconds) as (messages, state):
            for channel, message in messages:
                if channel == "shell":
                    reply = message["content"]
        return {"stopped": True} if state["interrupted"] else reply

    @contextmanager
    def _asking(self, kind: str, content: dict, seconds: float) -> Iterator[tuple[Iterator, dict]]:
        state = {"interrupted": False}
        with self._named():
            asked = self._channels.send("shell", kind, content)
            yield self._until_done(asked, seconds, state), state

    @contextmanager
    def _named(self) -> Iterator[None]:
        """Say why, when the kernel turns out to be gone."""
        try:
            yield
        except ChannelClosedError as error:
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
                end(self._process.pid)
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
