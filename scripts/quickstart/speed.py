#!/usr/bin/env python3
"""Times what a user does on a folder beside the same on a native one, in turn, in one run.

usage: speed.py read MOUNTED NATIVE [ROUNDS]      sequential reads of two equal files, 1 MiB at a time
       speed.py save MOUNTED_DIR NATIVE_DIR MIB COMMAND...
           a checkpoint: write a temporary file, fsync, rename; the command, run between two rounds,
           waits for the upload of the last one, which would take disk and cores from the next
Prints: MOUNTED_MB_PER_S NATIVE_MB_PER_S RATIO (medians; MB are 10^6 bytes).
"""
import os
import statistics
import subprocess
import sys
import time

MIB = 1 << 20


def read(path):
    buffer, count = bytearray(MIB), 0
    descriptor = os.open(path, os.O_RDONLY)
    start = time.perf_counter()
    while True:
        n = os.readv(descriptor, [buffer])
        if n == 0:
            break
        count += n
    seconds = time.perf_counter() - start
    os.close(descriptor)
    return count / 1e6 / seconds


def save(folder, data, mib, name):
    start = time.perf_counter()
    temporary = os.path.join(folder, name + ".tmp")
    with open(temporary, "wb", buffering=0) as f:
        for _ in range(mib):
            f.write(data)
        os.fsync(f.fileno())
    os.rename(temporary, os.path.join(folder, name))
    return mib * MIB / 1e6 / (time.perf_counter() - start)


def main():
    kind, mounted, native = sys.argv[1:4]
    ours, theirs = [], []
    if kind == "read":
        rounds = int(sys.argv[4]) if len(sys.argv) > 4 else 3
        for _ in range(rounds):
            theirs.append(read(native))
            ours.append(read(mounted))
    else:
        mib = int(sys.argv[4])
        data = os.urandom(MIB)
        for _ in range(3):
            os.sync()
            theirs.append(save(native, data, mib, "checkpoint.pt"))
            os.sync()
            ours.append(save(mounted, data, mib, "checkpoint.pt"))
            subprocess.run(sys.argv[5:], check=True, stdout=subprocess.DEVNULL)
    a, b = statistics.median(ours), statistics.median(theirs)
    print(f"{a:.0f} {b:.0f} {a / b:.2f}")


main()
