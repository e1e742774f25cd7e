"""What applications do with files, as their system calls were traced.

workloads.py write NAME DIRECTORY   writes as the application does
workloads.py check NAME DIRECTORY   reads as it does, and fails unless all is what was written
"""
import fcntl
import hashlib
import importlib
import json
import mmap
import multiprocessing
import os
import random
import sqlite3
import struct
import subprocess
import sys
import zipfile


def noise(seed, length):
    return random.Random(seed).randbytes(length)


def same(found, wanted, what):
    if found != wanted:
        raise SystemExit(f"{what} is not what was written")


# safetensors: an exclusive temporary file of its final size, written, renamed while it is open

TENSORS = {f"layer.{i}": noise(i, 150_000 + 7 * i) for i in range(20)}


def write_safetensors(folder):
    header, at = {}, 0
    for name, data in TENSORS.items():
        header[name] = [at, at + len(data)]
        at += len(data)
    text = json.dumps(header).encode()
    fd = os.open(f"{folder}/model.tmp", os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o644)
    os.ftruncate(fd, 8 + len(text) + at)
    os.pwrite(fd, struct.pack("<Q", len(text)) + text, 0)
    for name, data in TENSORS.items():
        os.pwrite(fd, data, 8 + len(text) + header[name][0])
    os.rename(f"{folder}/model.tmp", f"{folder}/model.safetensors")
    os.close(fd)


def check_safetensors(folder):
    with open(f"{folder}/model.safetensors", "rb") as f:
        mapped = mmap.mmap(f.fileno(), 0, access=mmap.ACCESS_READ)
    # The file is closed, the map lives on.
    length = struct.unpack("<Q", mapped[:8])[0]
    header = json.loads(mapped[8 : 8 + length])
    names = list(header)
    random.Random(1).shuffle(names)
    for name in names:
        start, end = header[name]
        same(mapped[8 + length + start : 8 + length + end], TENSORS[name], name)
    same(os.listdir(folder), ["model.safetensors"], "the directory")


# torch.save beside the old one and os.replace; torch.load reads the tail first

def write_checkpoint(folder):
    for step in range(3):
        with zipfile.ZipFile(f"{folder}/step.tmp", "w") as archive:
            for i in range(30):
                archive.writestr(f"data/{i}", noise(step * 100 + i, 90_000))
        os.replace(f"{folder}/step.tmp", f"{folder}/last.pt")


def check_checkpoint(folder):
    with open(f"{folder}/last.pt", "rb") as f:
        for back in (22, 4096, 65_536):
            f.seek(-back, os.SEEK_END)
            same(len(f.read(back)), back, "the tail")
        archive = zipfile.ZipFile(f)
        for i in (29, 3, 17, *range(30)):
            same(archive.read(f"data/{i}"), noise(200 + i, 90_000), f"member {i}")


# np.memmap w+: one byte at the end, then stores through a shared map

SIZE = 3_000_000


def write_memmap(folder):
    with open(f"{folder}/array", "wb+") as f:
        f.seek(SIZE - 1)
        f.write(b"\0")
        f.flush()
        mapped = mmap.mmap(f.fileno(), SIZE)
    for i in range(0, SIZE - 1000, 50_000):
        mapped[i : i + 1000] = noise(i, 1000)
    mapped.flush()
    mapped.close()


def check_memmap(folder):
    with open(f"{folder}/array", "rb") as f:
        mapped = mmap.mmap(f.fileno(), 0, access=mmap.ACCESS_READ)
    places = list(range(0, SIZE - 1000, 50_000))
    random.Random(2).shuffle(places)
    for i in places:
        same(mapped[i : i + 1000], noise(i, 1000), f"the map at {i}")
        same(mapped[i + 1000 : i + 5000], bytes(4000), f"the hole behind {i}")


# HDF5: a lock, and small writes all over the file

def write_scattered(folder):
    with open(f"{folder}/data.h5", "wb+", buffering=0) as f:
        fcntl.flock(f, fcntl.LOCK_EX)
        f.truncate(1_000_000)
        for i in random.Random(3).sample(range(1000), 1000):
            os.pwrite(f.fileno(), noise(i, 1000), i * 1000)


def check_scattered(folder):
    with open(f"{folder}/data.h5", "rb", buffering=0) as f:
        fcntl.flock(f, fcntl.LOCK_SH)
        for i in random.Random(4).sample(range(1000), 300):
            same(os.pread(f.fileno(), 1000, i * 1000), noise(i, 1000), f"record {i}")


# sqlite, with its rollback journal

def write_sqlite(folder):
    db = sqlite3.connect(f"{folder}/table.db")
    db.execute("create table t (k integer primary key, v blob)")
    for batch in range(5):
        with db:
            for i in range(200):
                k = batch * 200 + i
                db.execute("insert into t values (?, ?)", (k, noise(k, 700)))
    db.execute("create index i on t (v)")
    db.commit()
    db.close()


def check_sqlite(folder):
    db = sqlite3.connect(f"file:{folder}/table.db?mode=ro", uri=True)
    same(db.execute("pragma integrity_check").fetchone()[0], "ok", "the database")
    for k in random.Random(5).sample(range(1000), 200):
        same(db.execute("select v from t where k = ?", (k,)).fetchone()[0], noise(k, 700), k)
    same(db.execute("select count(*) from t").fetchone()[0], 1000, "the number of rows")
    db.close()
    same(os.listdir(folder), ["table.db"], "the directory")


# a data loader: small files, shuffled, by several processes

FILES = 240


def write_loader(folder):
    for i in range(FILES):
        os.makedirs(f"{folder}/{i % 6}", exist_ok=True)
        with open(f"{folder}/{i % 6}/{i}.jpg", "wb") as f:
            f.write(noise(i, 2000 + 37 * i))


def load(job):
    path, i = job
    with open(path, "rb") as f:
        return os.fstat(f.fileno()).st_size == 2000 + 37 * i and f.read() == noise(i, 2000 + 37 * i)


def check_loader(folder):
    found = []
    for label in os.listdir(folder):
        for name in os.listdir(f"{folder}/{label}"):
            found.append((f"{folder}/{label}/{name}", int(name[:-4])))
    same(sorted(i for _, i in found), list(range(FILES)), "the listing")
    random.Random(6).shuffle(found)
    with multiprocessing.Pool(4) as pool:
        same(all(pool.map(load, found, chunksize=5)), True, "a picture")


# a hub's cache: resumed by appending, under a lock, a relative link to it, permissions

def write_hub(folder):
    os.makedirs(f"{folder}/blobs")
    os.makedirs(f"{folder}/snapshots/main")
    for piece in range(5):
        with open(f"{folder}/blobs/x.incomplete", "ab") as f:
            fcntl.flock(f, fcntl.LOCK_EX)
            f.write(noise(piece, 100_000))
    os.chmod(f"{folder}/blobs/x.incomplete", 0o640)
    os.rename(f"{folder}/blobs/x.incomplete", f"{folder}/blobs/x")
    os.symlink("../../blobs/x", f"{folder}/snapshots/main/model.bin")


def check_hub(folder):
    link = f"{folder}/snapshots/main/model.bin"
    same(os.readlink(link), "../../blobs/x", "the link")
    with open(link, "rb") as f:
        same(f.read(), b"".join(noise(p, 100_000) for p in range(5)), "the blob")
    same(os.stat(link).st_mode & 0o777, 0o640, "the mode")
    same(os.listdir(f"{folder}/blobs"), ["x"], "the directory")


# zarr, Orbax: write, fsync, rename, fsync the directory

def write_chunks(folder):
    os.makedirs(f"{folder}/c/0")
    directory = os.open(f"{folder}/c/0", os.O_RDONLY)
    for i in range(30):
        with open(f"{folder}/c/0/.{i}.partial", "wb") as f:
            f.write(noise(i, 30_000))
            f.flush()
            os.fsync(f.fileno())
        os.rename(f"{folder}/c/0/.{i}.partial", f"{folder}/c/0/{i}")
        os.fsync(directory)
    os.close(directory)


def check_chunks(folder):
    same(sorted(map(int, os.listdir(f"{folder}/c/0"))), list(range(30)), "the listing")
    for i in range(30):
        with open(f"{folder}/c/0/{i}", "rb") as f:
            same(f.read(), noise(i, 30_000), f"chunk {i}")


# a log that grows by tiny writes

def write_log(folder):
    with open(f"{folder}/events", "ab", buffering=0) as f:
        for i in range(2000):
            f.write(b"%06d\n" % i)


def check_log(folder):
    with open(f"{folder}/events") as f:
        same([int(line) for line in f], list(range(2000)), "the log")
    tail = subprocess.run(["tail", "-n", "2", f"{folder}/events"], capture_output=True, check=True)
    same(tail.stdout, b"001998\n001999\n", "its tail")


# a package that is imported, byte code and all

def write_package(folder):
    os.makedirs(f"{folder}/shown/deep")
    for i in range(60):
        with open(f"{folder}/shown/deep/m{i}.py", "w") as f:
            f.write(f"VALUE = {i}\n" + "# padding\n" * 50 * i)
    with open(f"{folder}/shown/deep/__init__.py", "w") as f:
        f.write("".join(f"from . import m{i}\n" for i in range(60)))
    open(f"{folder}/shown/__init__.py", "w").close()
    subprocess.run([sys.executable, "-m", "compileall", "-q", folder], check=True)


def check_package(folder):
    sys.dont_write_bytecode = True
    sys.path.insert(0, folder)
    deep = importlib.import_module("shown.deep")
    same(sum(getattr(deep, f"m{i}").VALUE for i in range(60)), sum(range(60)), "the package")


if __name__ == "__main__":
    action, name, where = sys.argv[1:]
    if action == "write":
        os.makedirs(where)
    globals()[f"{action}_{name}"](where)
