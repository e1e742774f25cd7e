"""Writes as training frameworks do, below a folder, and says how long the application waits.

python3 training-patterns.py FOLDER [MIB]

The system calls are those that traces of the libraries show; the libraries are not needed.
"""

import os
import sys
import threading
import time


def torch_save(folder, data):
    """torch.save: one file, large writes, close without fsync."""
    with open(f"{folder}/model.pt", "wb", buffering=0) as out:
        for part in data:
            out.write(part)


def replaced(folder, data):
    """A checkpoint that is written beside the last one and renamed over it."""
    with open(f"{folder}/last.pt.tmp", "wb", buffering=0) as out:
        for part in data:
            out.write(part)
    os.replace(f"{folder}/last.pt.tmp", f"{folder}/last.pt")


def safetensors(folder, data):
    """safetensors: a new file of its final size, written, renamed while it is open."""
    fd = os.open(f"{folder}/model.safetensors.tmp", os.O_RDWR | os.O_CREAT | os.O_EXCL)
    os.ftruncate(fd, sum(len(part) for part in data))
    for part in data:
        os.write(fd, part)
    os.rename(f"{folder}/model.safetensors.tmp", f"{folder}/model.safetensors")
    os.close(fd)


def orbax(folder, data):
    """Orbax: files in a temporary directory, each synced; the directory synced and renamed."""
    os.mkdir(f"{folder}/step.tmp")
    for i, part in enumerate(data):
        fd = os.open(f"{folder}/step.tmp/{i}", os.O_WRONLY | os.O_CREAT)
        os.write(fd, part)
        os.fsync(fd)
        os.close(fd)
    fd = os.open(f"{folder}/step.tmp", os.O_RDONLY)
    os.fsync(fd)
    os.close(fd)
    os.rename(f"{folder}/step.tmp", f"{folder}/step")


def deepspeed(folder, data):
    """DeepSpeed: a file of each rank at a time, then the small file "latest"."""
    os.mkdir(f"{folder}/global_step1")

    def rank(number):
        with open(f"{folder}/global_step1/rank_{number}.pt", "wb", buffering=0) as out:
            for part in data[number::4]:
                out.write(part)

    ranks = [threading.Thread(target=rank, args=(n,)) for n in range(4)]
    for each in ranks:
        each.start()
    for each in ranks:
        each.join()
    with open(f"{folder}/latest", "w") as out:
        out.write("global_step1")


def tensorboard(folder, data):
    """TensorBoard: a log that stays open, 2,000 small records, each flushed."""
    with open(f"{folder}/events.out", "ab", buffering=0) as out:
        for _ in range(2000):
            out.write(b"x" * 200)


def main():
    folder = sys.argv[1]
    mib = int(sys.argv[2]) if len(sys.argv) > 2 else 256
    data = [os.urandom(1 << 20) * 4 for _ in range(mib // 4)]
    for pattern in (torch_save, replaced, safetensors, orbax, deepspeed, tensorboard):
        place = f"{folder}/{pattern.__name__}"
        os.mkdir(place)
        start = time.monotonic()
        pattern(place, data)
        print(f"{pattern.__name__:12} {time.monotonic() - start:7.3f} s", flush=True)


main()
