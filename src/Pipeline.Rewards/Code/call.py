# Runs inside a sandbox: calls functions of solution.py as standard input says and writes one line of JSON an answer,
# {"value": …} or {"error": …}. What is expected stays outside.
import json
import os
import signal
import sys

answers = os.fdopen(os.dup(1), "w")
os.dup2(2, 1)  # what the solution prints is no answer
job = json.load(sys.stdin)

# LeetCode's solutions, which LiveCodeBench holds, take these for granted.
names = {"__name__": "solution"}
exec("from typing import *\nfrom collections import *\nfrom functools import *\nfrom itertools import *\nfrom heapq import *\n"
     "from bisect import *\nimport bisect, collections, functools, heapq, itertools, math, random, re, string, sys", names)


def within_limit(act):
    # The signal ends the process, whatever the solution catches.
    signal.setitimer(signal.ITIMER_REAL, job["seconds"])
    try:
        return {"value": act()}
    except BaseException as error:  # also SystemExit: a solution that leaves gave no answer
        return {"error": type(error).__name__}
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)


def load():
    with open("solution.py", encoding="utf-8") as source:
        exec(compile(source.read(), "solution.py", "exec"), names)


def answer(call):
    if "statement" in call:
        return exec(call["statement"], names)
    holder = names["Solution"]() if call["function"] not in names and "Solution" in names else None
    function = getattr(holder, call["function"]) if holder else names[call["function"]]
    return function(*call["arguments"])


def line(value):
    try:
        return json.dumps(value, default=list)  # tuples, sets and deques as the lists that JSON has
    except (TypeError, ValueError, RecursionError):
        return json.dumps({"error": "no JSON"})


failure = within_limit(load)
for call in job["calls"]:
    print(line(failure if "error" in failure else within_limit(lambda: answer(call))), file=answers, flush=True)
os._exit(0)  # whatever the solution has set up for the end
