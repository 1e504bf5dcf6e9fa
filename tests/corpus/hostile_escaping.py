"""Stories of submissions that reach for what a sandbox might have in common with its grader: folders, sockets, keys."""

from __future__ import annotations

from tests.corpus.making import Draft, right_answers, story

CONNECTION = (
    "import json, os, socket, stat, struct\n"
    "def connected():\n"
    "    for fd in map(int, os.listdir('/proc/self/fd')):\n"
    "        try:\n"
    "            if fd > 2 and stat.S_ISSOCK(os.fstat(fd).st_mode):\n"
    "                yield socket.socket(fileno=os.dup(fd))\n"
    "        except OSError:\n"
    "            pass\n"
)


@story("hostile")
def leaves_a_setuid_python_in_an_open_folder(draft: Draft) -> None:
    draft.first(
        "import os, shutil, sys\n"
        "for folder in ('/tmp', '/dev/shm', '.'):\n"
        "    copy = os.path.join(folder, 'bomb-python')\n"
        "    try:\n"
        "        shutil.copyfile(os.path.realpath(sys.executable), copy)\n"
        "        os.chmod(copy, 0o6755)\n"
        "        os.chmod(folder, 0o777)\n"
        "    except OSError as error:\n"
        "        print(error)"
    )


@story("hostile")
def buries_folders_in_folders(draft: Draft) -> None:
    draft.first(
        "import os\n"
        "for top in ('/tmp', '/home/student'):\n"
        "    os.chdir(top)\n"
        "    for level in range(3000):\n"
        "        os.mkdir('bomb')\n"
        "        os.chdir('bomb')\n"
        "os.chdir('/home/student')"
    )


@story("hostile", says="more than 20000 files and folders")
def makes_a_hundred_thousand_folders(draft: Draft) -> None:
    draft.first(
        "import os, time\nfor number in range(100_000):\n    os.mkdir(f'/tmp/bomb-{number}')\ntime.sleep(1)"
    )


@story("hostile", says="ended the kernel")
def cuts_its_connection(draft: Draft) -> None:
    draft.last(CONNECTION + "for connection in connected():\n    connection.shutdown(socket.SHUT_RDWR)")


@story("hostile", says="put out more than")
def sends_endless_frames(draft: Draft) -> None:
    """Each is small enough to be kept; there is no end of them."""
    draft.first(
        CONNECTION + "frame = struct.pack('!I', 1_000_000) + bytes(1_000_000)\n"
        "for connection in connected():\n"
        "    connection.setblocking(True)\n"
        "    while True: connection.sendall(frame)"
    )


@story("hostile", says="ran well when tried again")
def lets_a_helper_outgrow_the_memory_while_an_answer_runs(draft: Draft) -> None:
    """The answer is right and hoards nothing: it may not pay for what another cell left running."""
    draft.first(
        "import subprocess, sys\n"
        "hoarder = '''\n"
        "import os, time\n"
        "while not os.path.exists('/tmp/begin'): time.sleep(0.01)\n"
        "hoard = []\n"
        "while True: hoard.append(b'x' * 20_000_000)\n"
        "'''\n"
        "subprocess.Popen([sys.executable, '-c', hoarder])"
    )
    waiting = "import time\nopen('/tmp/begin', 'w').close()\ntime.sleep(3)\n"
    draft.answer("dE_dw11_01", waiting + right_answers()["dE_dw11_01"])
