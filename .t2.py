import time, tempfile, sys, json, nbformat
from pathlib import Path
from course_lib.exercises import LESSONS
from grading import disk, score
from grading.collect import *
box=Path(tempfile.mkdtemp()); files=Path(tempfile.mkdtemp())
L=LESSONS['03_identify_gradients']
disk.lay_out(box, L)
nb=nbformat.read('solutions/03_identify_gradients/03_identify_gradients.ipynb',4)
cells=[Cell(c.source) for c in nb.cells if c.cell_type=='code' and not c.metadata.get('nbgrader',{}).get('grade')]
t=time.time()
secret=b'x'*32
with Submission(cells,str(box),str(files),Limits()) as s:
    got=collect(s,[(e,score.cases_of(e,secret)) for e in L.exercises])
print(time.time()-t, got.name, got.answers_file, got.notes)
for c in cells:
    for o in c.outputs:
        if o[0]=='error': print(o)
for e in L.exercises:
    v=score.verdict_on(e,secret,got.outcomes.get(e.id,[]),got.name)
    print(e.id, v.points, v.max_points); 
print(str(v))
print(time.time()-t)
