# Runs inside a sandbox with 128 MiB, 8 processes: prints "sealed", or the first thing that it should not have been able to do.
import os
import socket
import sys
import time


def leaks():
    seen = set(os.listdir("/")) - {"usr", "bin", "lib", "lib64", "proc", "dev", "scratch"}
    if seen:
        yield f"sees /{min(seen)}"
    secrets = set(os.environ) - {"PATH", "HOME", "LANG", "PWD", "LC_CTYPE"}
    if secrets:
        yield f"sees the environment variable {min(secrets)}"
    if len(os.listdir("/proc/self/fd")) > 4:  # three streams, and the folder itself
        yield "has open files of the machine"
    if os.getuid() == 0:
        yield "is root"
    if sum(name.isdigit() for name in os.listdir("/proc")) > 3:
        yield "sees processes of the machine"
    for path in "/probe", "/usr/probe", "/dev/shm/probe":
        if can(lambda: open(path, "w")):
            yield f"can write {path}"
    if can(lambda: socket.create_connection(("127.0.0.1", int(sys.argv[1])), 1)):
        yield "reaches the machine's network"
    if can(lambda: bytearray(256 << 20)):
        yield "has more memory than its limit"
    if children(9) > 8:
        yield "can start more processes than its limit"


def can(act):
    try:
        act()
        return True
    except (OSError, MemoryError):
        return False


def children(most):
    count = 0
    while count < most:
        try:
            if os.fork() == 0:
                time.sleep(60)
                os._exit(0)
        except OSError:
            break
        count += 1
    return count  # they end with the sandbox


print(next(leaks(), "sealed"))
sys.stdout.flush()
