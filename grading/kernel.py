"""Talks to one sandboxed kernel and believes nothing it says: every message is bounded while it streams."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field

import zmq
from jupyter_client import KernelManager

from grading.sandbox import MB, NAME, Limits, SandboxSpecs
from grading.scratch import scratch
from grading.watching import Watch, end

# The largest single message; a figure or an answer is far below.
MOST_MESSAGE = 16 * MB
# More than this in one cell is a flood: it is not drained, the kernel is ended.
MOST_STREAMED = 64 * MB
QUEUED = 32
READY_SECONDS, GRACE_SECONDS = 40.0, 3.0
KEPT = ("stream", "display_data", "execute_result", "error")


class KernelDiedError(Exception):
    """Raised when the kernel is no more; the message says why, in words for the student's card."""


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
            self._connect()
            self._wait_until_ready()
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

    def _connect(self) -> None:
        info, context = self._manager.get_connection_info(), self._manager.context
        kinds = {"shell": zmq.DEALER, "control": zmq.DEALER, "iopub": zmq.SUB}
        self._sockets = {}
        for name, kind in kinds.items():
            socket = context.socket(kind)
            socket.setsockopt(zmq.MAXMSGSIZE, MOST_MESSAGE)
            socket.setsockopt(zmq.RCVHWM, QUEUED)
            if kind == zmq.SUB:
                socket.setsockopt(zmq.SUBSCRIBE, b"")
            socket.connect(f"ipc://{info['ip']}-{info[f'{name}_port']}")
            self._sockets[name] = socket

    def _wait_until_ready(self) -> None:
        """Ask until both channels answer; then forbid reconnecting: the socket's name is the sandbox's to change."""
        deadline = time.monotonic() + READY_SECONDS
        while True:
            with_reply = self._send("shell", "kernel_info_request", {})
            idle = reply = False
            for channel, message in self._messages(min(deadline, time.monotonic() + 1.0)):
                if message["parent_header"].get("msg_id") == with_reply:
                    reply = reply or channel == "shell"
                    idle = idle or message["content"].get("execution_state") == "idle"
                if reply and idle:
                    break
            if reply and idle:
                break
            if time.monotonic() > deadline:
                raise RuntimeError("the sandboxed kernel does not start")
        for socket in self._sockets.values():
            socket.setsockopt(zmq.RECONNECT_IVL, -1)

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
        asked, state = self._send("shell", kind, content), {"interrupted": False}
        yield self._until_done(asked, seconds, state), state

    def _until_done(self, asked: str, seconds: float, state: dict) -> Iterator[tuple[str, dict]]:
        """Yield what belongs to the request until it is answered and its outputs are through."""
        waiting, deadline = {"shell", "iopub"}, time.monotonic() + seconds
        while waiting:
            for channel, message in self._messages(deadline):
                if message["parent_header"].get("msg_id") != asked:
                    continue
                yield channel, message
                if channel == "shell" or message["content"].get("execution_state") == "idle":
                    waiting.discard(channel)
                if not waiting:
                    return
            if state["interrupted"]:
                end(self._process.pid)
                raise KernelDiedError(f"it was still running after {seconds:g} seconds, and would not stop")
            state["interrupted"] = True
            self._send("control", "interrupt_request", {})
            deadline = time.monotonic() + GRACE_SECONDS

    def _send(self, channel: str, kind: str, content: dict) -> str:
        message = self._manager.session.msg(kind, content)
        try:
            self._manager.session.send(self._sockets[channel], message)
        except zmq.ZMQError as error:
            raise KernelDiedError(self._why()) from error
        return message["header"]["msg_id"]

    def _messages(self, deadline: float) -> Iterator[tuple[str, dict]]:
        """Yield messages that can be read, until `deadline`; raise if the kernel is gone."""
        poller = zmq.Poller()
        for channel in ("iopub", "shell"):
            poller.register(self._sockets[channel], zmq.POLLIN)
        while (left := deadline - time.monotonic()) > 0:
            ready = dict(poller.poll(min(left, 0.1) * 1000))
            if not ready and self._process.poll() is not None:
                raise KernelDiedError(self._why())
            for channel in ("iopub", "shell"):
                if self._sockets[channel] in ready and (message := self._receive(self._sockets[channel])):
                    yield channel, message

    def _receive(self, socket: zmq.Socket) -> dict | None:
        """Return one message as plain JSON with its size, or None for anything else."""
        frames = socket.recv_multipart()
        size = sum(map(len, frames))
        session = self._manager.session
        try:
            message = session.deserialize(session.feed_identities(frames)[1])
            content, parent = message["content"], message["parent_header"]
            if isinstance(content, dict) and isinstance(parent, dict):
                kind = str(message["header"]["msg_type"])
                return {"msg_type": kind, "content": content, "parent_header": parent, "size": size}
        except (ValueError, TypeError, KeyError, AttributeError, RecursionError, OverflowError):
            pass
        return None

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
