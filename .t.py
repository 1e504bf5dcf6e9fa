import time, tempfile, sys
from pathlib import Path
from course_lib.exercises import LESSONS
from grading import disk, sandbox
from grading.kernel import Kernel
from grading.sandbox import Limits
box=Path(tempfile.mkdtemp()); files=Path(tempfile.mkdtemp())
disk.lay_out(box, LESSONS['03_identify_gradients'])
print(disk.python_folders(), list(disk.hidden_folders()))
t=time.time()
with Kernel(str(box), str(files), Limits()) as k:
    print('ready', time.time()-t)
    for code in ["1+1","print('x'*10); import os; print(os.listdir('/'), os.getcwd(), os.environ)","import course_lib; from course_lib import check, forward, network_diagram, gradients; check('a',1)","import matplotlib.pyplot as plt; plt.plot([1,2]);",
      "open('/etc/passwd').read()","import socket; socket.create_connection(('1.1.1.1',80),2)", "open('/box/x','w')","open('/x','w')","open('/dev/x','w')","print(os.listdir('/work/main'), os.listdir('/proc'), os.getuid(), open('/proc/self/status').read()[:1200])", "open('/proc/sys/kernel/core_pattern','w')"]:
        t=time.time(); r=k.run(code); print(round(time.time()-t,3), str(r)[:700])
    k.run("def f(a):\n    a[0]=1\n    return a.sum()")
    import numpy as np
    from grading.inside import plain
    print(k.ask({"do":"call","name":"f","closes":[],"case":plain.encode((np.zeros(3),))}, 10))
print('end', time.time()-t)
