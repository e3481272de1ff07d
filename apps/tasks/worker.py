"""Who this worker process is, and whether another one that held a lease is still there.

An owner reads `<node>/<boot>/<pid>`. The boot is drawn before the pool forks, so all processes of one
worker share it and a restarted worker, with the same node name and perhaps the same pids, does not.
"""

import os
import uuid

from celery.signals import celeryd_init, worker_process_init

from apps.tasks import services

_boot = uuid.uuid4().hex[:12]
_node = "celery"


def identity() -> str:
    return f"{_node}/{_boot}/{os.getpid()}"


def is_alive(owner: str) -> bool:
    """Only for owners of this node: a node name belongs to one worker at a time."""
    _, boot, pid = owner.rsplit("/", 2)
    if boot != _boot:
        return False
    try:
        os.kill(int(pid), 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True  # another user's: there all the same
    return True


@celeryd_init.connect
def _remember_node(sender: str, **kwargs: object) -> None:
    global _node
    _node = sender


@worker_process_init.connect
def _free_leases(**kwargs: object) -> None:
    """Each process of the pool does this when it starts: after a restart, and after one of them was killed."""
    services.free_lost_leases(node=_node, is_alive=is_alive)
