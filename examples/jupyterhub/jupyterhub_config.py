"""A JupyterHub for the course, on one machine: everyone has a server, and the graders share one more, a service.

docs/jupyterhub.md says how. What is to be changed for another machine stands on top.
"""

from pathlib import Path

COURSE = "backprop"  # the course's id, as in both nbgrader_config.py
# The clone of the course, with its environment in .venv; the grader's account owns it.
CLONE = Path("/srv/backprop")
USERS = Path("/opt/users")  # the environment of everybody's servers, with the wheel of the course
GRADER = "grader-backprop"  # the account that grades
INSTRUCTORS = {"instructor"}  # who may open the graders' server
STUDENTS = {"ann", "ben"}

c = get_config()
# This machine alone reaches it: to be put behind a server that speaks TLS.
c.JupyterHub.bind_url = "http://127.0.0.1:8000"
# Validate, and grading by a button, take as long as they take; the proxy written in Python would cut them at 20 s.
c.ConfigurableHTTPProxy.command = ["configurable-http-proxy", "--proxy-timeout=3600000"]

# To be replaced by your institution's login. PAM, JupyterHub's default, asks for the password of the machine's account.
c.JupyterHub.authenticator_class = "pam"
c.Authenticator.allowed_users = INSTRUCTORS | STUDENTS

c.Spawner.cmd = [str(USERS / "bin" / "jupyterhub-singleuser")]
c.Spawner.default_url = "/lab"

# The group and the service are named as nbgrader looks for them. The graders' server is the clone's own: it has the
# solutions, the gradebook and the secret, and submissions run in its sandbox.
c.JupyterHub.load_groups = {f"formgrade-{COURSE}": {"users": sorted(INSTRUCTORS)}}
c.JupyterHub.load_roles = [
    {
        "name": f"formgrade-{COURSE}",
        "scopes": [f"access:services!service={COURSE}"],
        "groups": [f"formgrade-{COURSE}"],
    }
]
c.JupyterHub.services = [
    {
        "name": COURSE,
        "url": "http://127.0.0.1:9999",
        "command": [str(CLONE / ".venv" / "bin" / "jupyterhub-singleuser")],
        "cwd": str(CLONE),
        "user": GRADER,
        "timeout": 300,  # seconds; the hub does not start where its service takes longer
        "oauth_no_confirm": True,  # it is the hub's own, so nobody has to be asked
        # The Formgrader as a page of its own: since 4.1 JupyterHub forbids frames, so in JupyterLab it stays blank.
        # nbgrader starts `alembic` by name.
        "environment": {
            "JUPYTERHUB_DEFAULT_URL": "/formgrader",
            "PATH": f"{CLONE / '.venv' / 'bin'}:/usr/local/bin:/usr/bin:/bin",
        },
    }
]
