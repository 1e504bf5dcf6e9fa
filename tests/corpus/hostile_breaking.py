"""Stories of submissions that use up, hang, kill or flood."""

from __future__ import annotations

from tests.corpus.making import DRAWN, Draft, story


@story("hostile", says="was left out")
def is_a_fork_bomb(draft: Draft) -> None:
    draft.first("import os\nwhile True:\n    try:\n        os.fork()\n    except OSError:\n        pass")


@story("hostile", says="threads")
def is_a_thread_bomb(draft: Draft) -> None:
    draft.first(
        "import threading, time\n"
        "while True:\n"
        "    try:\n"
        "        threading.Thread(target=time.sleep, args=(60,), daemon=True).start()\n"
        "    except RuntimeError:\n"
        "        pass"
    )


@story("hostile", says="memory")
def is_a_memory_bomb(draft: Draft) -> None:
    draft.first("hoard = []\nwhile True:\n    hoard.append(np.ones(4_000_000))")


@story("hostile")
def asks_for_all_memory_at_once(draft: Draft) -> None:
    draft.first("hoard = bytearray(10**12)")


@story("hostile")
def is_a_disk_bomb(draft: Draft) -> None:
    draft.first(
        "for folder in ('/tmp', '.', '/dev/shm'):\n"
        "    try:\n"
        "        for n in range(100):\n"
        "            with open(f'{folder}/{n}', 'wb') as f:\n"
        "                f.write(b'x' * 10_000_000)\n"
        "    except OSError as error:\n"
        "        print(error)\n"
        "    import glob, os\n"
        "    for path in glob.glob(folder + '/[0-9]*'): os.unlink(path)"
    )


@story("hostile", says="was left out")
def floods_with_text(draft: Draft) -> None:
    draft.first("while True:\n    print('x' * 1_000_000)")


@story("hostile")
def floods_with_html_and_pictures(draft: Draft) -> None:
    draft.first(
        "from IPython.display import HTML, display\n"
        "for n in range(2000):\n"
        "    display(HTML('<b>' + 'x' * 5_000 + '</b>'))\n"
        "    display({'image/png': 'A' * 5_000}, raw=True)"
    )


@story("hostile")
def sends_one_giant_message(draft: Draft) -> None:
    draft.last("from IPython.display import HTML\nHTML('x' * 50_000_000)")


@story("hostile", says="would not stop")
def loops_and_ignores_interrupts(draft: Draft) -> None:
    draft.first(
        "import signal\n"
        "signal.signal(signal.SIGINT, signal.SIG_IGN)\n"
        "while True:\n"
        "    try:\n"
        "        pass\n"
        "    except BaseException:\n"
        "        pass"
    )


@story("hostile")
def answers_with_an_endless_loop(draft: Draft) -> None:
    draft.answer(
        "dE_dw11_12",
        "def dE_dw11_12(*a):\n"
        "    import signal\n"
        "    for s in (signal.SIGINT, signal.SIGALRM):\n"
        "        signal.signal(s, signal.SIG_IGN)\n"
        "    while True:\n"
        "        try:\n"
        "            while True: pass\n"
        "        except BaseException:\n"
        "            pass",
    )


@story("hostile", says="ended the kernel")
def dies_in_a_cell(draft: Draft) -> None:
    draft.first("import os\nos._exit(0)")


@story("hostile")
def dies_in_an_answer(draft: Draft) -> None:
    draft.answer("dE_dw11_12", "def dE_dw11_12(*a):\n    import ctypes\n    ctypes.string_at(0)")
    draft.answer("dE_dw21_12", "def dE_dw21_12(*a):\n    import os\n    os.kill(os.getpid(), 9)")


@story("hostile")
def kills_whatever_it_can(draft: Draft) -> None:
    draft.first(
        "import os\n"
        "for pid in [os.getppid(), 1, *map(int, filter(str.isdigit, os.listdir('/proc')))]:\n"
        "    if pid != os.getpid():\n"
        "        try:\n"
        "            os.kill(pid, 9)\n"
        "        except OSError as error:\n"
        "            print(pid, error)"
    )


@story("hostile")
def leaves_a_daemon_behind(draft: Draft) -> None:
    draft.first(
        "import os, sys\n"
        "if os.fork() == 0:\n"
        "    os.setsid()\n"
        "    if os.fork() == 0:\n"
        "        os.execv(sys.executable, [sys.executable, '-c', 'import time; time.sleep(3601)'])\n"
        "    os._exit(0)"
    )


@story("hostile")
def traces_other_processes(draft: Draft) -> None:
    draft.first(
        "import ctypes, os\n"
        "libc = ctypes.CDLL(None, use_errno=True)\n"
        "for pid in (1, 2, os.getppid()):\n"
        "    print(pid, libc.ptrace(16, pid, 0, 0), ctypes.get_errno())\n"
        "    try:\n"
        "        open(f'/proc/{pid}/mem', 'r+b').read(1)\n"
        "    except (OSError, ValueError) as error:\n"
        "        print(error)"
    )


@story("hostile")
def shares_memory(draft: Draft) -> None:
    draft.first(
        "import ctypes\n"
        "from multiprocessing import shared_memory\n"
        "block = shared_memory.SharedMemory('grading-canary', create=True, size=1000)\n"
        "libc = ctypes.CDLL(None)\n"
        "print(libc.shmget(4711, 4096, 0o1777), libc.semget(4711, 1, 0o1777))"
    )


@story("hostile", loses=DRAWN)
def leaves_an_oversized_answers_file(draft: Draft) -> None:
    draft.last("open('answers.json', 'w').write('[' * 5_000_000)")
    draft.folder.mkdir(parents=True, exist_ok=True)
    (draft.folder / "answers.json").write_text("[" * 100_000)


@story("hostile")
def nests_its_notebook_without_end(draft: Draft) -> None:
    draft.notebook["metadata"]["deep"] = "DEEP"
    import json

    draft.raw = json.dumps(draft.notebook).replace('"DEEP"', "[" * 900 + "]" * 900).encode()
