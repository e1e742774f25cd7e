/*
 * Reads and writes as a job does, so that what is measured is the file system and not a JVM.
 *
 *   reader seq FILE                 the whole file, 1 MiB at a time: bytes
 *   reader random FILE COUNT        4 KiB at random places: reads
 *   reader mmap FILE COUNT          touches random pages of a map: pages
 *   reader stat FILE COUNT          stat of one file: calls
 *   reader walk FOLDER              lists a tree and takes the attributes of all: files
 *   reader files LIST FIRST STEP    says "ready", waits for a line; opens, reads and closes each
 *                                   STEPth file of a list, from the FIRST (0) on: files
 *   reader cold FILE                has the kernel forget the pages of a file
 *   reader write FILE BYTES [sync]  a new file, 1 MiB at a time, with or without fsync: bytes
 *   reader make FOLDER COUNT BYTES [sync]
 *                                   creates, writes and closes new files: files
 *
 * Prints how many and in how many seconds.
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum { BLOCK = 1 << 20, PAGE = 4096 };

static void fail(const char *what) {
  perror(what);
  exit(1);
}

static double now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec + t.tv_nsec / 1e9;
}

static int open_file(const char *path, off_t *size) {
  int fd = open(path, O_RDONLY);
  struct stat s;
  if (fd < 0 || fstat(fd, &s) != 0) {
    fail(path);
  }
  *size = s.st_size;
  return fd;
}

/* xorshift64*: the same places in every run. */
static uint64_t next_random(void) {
  static uint64_t state = 0x9e3779b97f4a7c15u;
  state ^= state >> 12;
  state ^= state << 25;
  state ^= state >> 27;
  return state * 0x2545f4914f6cdd1du;
}

static char *block(void) {
  char *memory = aligned_alloc(PAGE, BLOCK);
  if (memory == NULL) {
    fail("memory");
  }
  memset(memory, 1, BLOCK);
  return memory;
}

static long read_all(int fd, char *buffer, const char *path) {
  long bytes = 0;
  ssize_t n;
  while ((n = read(fd, buffer, BLOCK)) > 0) {
    bytes += n;
  }
  if (n < 0) {
    fail(path);
  }
  return bytes;
}

static long read_random(const char *path, long count, char *buffer) {
  off_t size;
  int fd = open_file(path, &size);
  for (long i = 0; i < count; i++) {
    if (pread(fd, buffer, PAGE, next_random() % (size / PAGE) * PAGE) != PAGE) {
      fail(path);
    }
  }
  close(fd);
  return count;
}

static long touch(const char *path, long count) {
  off_t size;
  int fd = open_file(path, &size);
  const volatile char *map = mmap(NULL, size, PROT_READ, MAP_SHARED, fd, 0);
  if (map == MAP_FAILED) {
    fail(path);
  }
  for (long i = 0; i < count; i++) {
    (void)map[next_random() % (size / PAGE) * PAGE];
  }
  munmap((void *)map, size);
  close(fd);
  return count;
}

static long ask(const char *path, long count) {
  struct stat s;
  for (long i = 0; i < count; i++) {
    if (stat(path, &s) != 0) {
      fail(path);
    }
  }
  return count;
}

static long walk(int parent, const char *name) {
  int fd = openat(parent, name, O_RDONLY | O_DIRECTORY);
  DIR *folder = fd < 0 ? NULL : fdopendir(fd);
  if (folder == NULL) {
    fail(name);
  }
  long files = 0;
  for (struct dirent *entry; (entry = readdir(folder)) != NULL;) {
    struct stat s;
    if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0) {
      continue;
    }
    if (fstatat(fd, entry->d_name, &s, AT_SYMLINK_NOFOLLOW) != 0) {
      fail(entry->d_name);
    }
    files += S_ISDIR(s.st_mode) ? walk(fd, entry->d_name) : 1;
  }
  closedir(folder);
  return files;
}

/* The lines of a list, with NULL behind the last. */
static char **lines_of(const char *list) {
  off_t size;
  int fd = open_file(list, &size);
  char *text = malloc(size + 1);
  char **lines = malloc((size + 2) * sizeof *lines);
  if (text == NULL || lines == NULL || read(fd, text, size) != size) {
    fail(list);
  }
  text[size] = 0;
  long count = 0;
  for (char *line = strtok(text, "\n"); line != NULL; line = strtok(NULL, "\n")) {
    lines[count++] = line;
  }
  lines[count] = NULL;
  close(fd);
  return lines;
}

static long read_files(char **lines, long first, long step, char *buffer) {
  long files = 0;
  for (long i = 0; lines[i] != NULL; i++) {
    if (i % step == first) {
      int fd = open(lines[i], O_RDONLY);
      if (fd < 0 || read_all(fd, buffer, lines[i]) == 0) {
        fail(lines[i]);
      }
      close(fd);
      files++;
    }
  }
  return files;
}

static long write_new(const char *path, long bytes, int sync, char *buffer) {
  int fd = open(path, O_CREAT | O_EXCL | O_WRONLY, 0644);
  for (long left = bytes; fd >= 0 && left > 0;) {
    ssize_t n = write(fd, buffer, left < BLOCK ? left : BLOCK);
    if (n < 0) {
      fail(path);
    }
    left -= n;
  }
  if (fd < 0 || (sync && fsync(fd) != 0) || close(fd) != 0) {
    fail(path);
  }
  return bytes;
}

static long make(const char *folder, long count, long bytes, int sync, char *buffer) {
  char path[4096];
  for (long i = 0; i < count; i++) {
    snprintf(path, sizeof path, "%s/f%ld", folder, i);
    write_new(path, bytes, sync, buffer);
  }
  return count;
}

int main(int count, char **words) {
  const char *what = count > 2 ? words[1] : "";
  const char *path = count > 2 ? words[2] : "";
  long number = count > 3 ? atol(words[3]) : 0;
  char *buffer = block();
  char **lines = NULL;
  off_t size;
  if (strcmp(what, "files") == 0 && count > 4) {
    lines = lines_of(path);
    puts("ready");
    fflush(stdout);
    if (getchar() == EOF) {
      return 1;
    }
  }
  double start = now();
  long done;
  if (strcmp(what, "seq") == 0) {
    int fd = open_file(path, &size);
    done = read_all(fd, buffer, path);
    close(fd);
  } else if (strcmp(what, "random") == 0) {
    done = read_random(path, number, buffer);
  } else if (strcmp(what, "mmap") == 0) {
    done = touch(path, number);
  } else if (strcmp(what, "stat") == 0) {
    done = ask(path, number);
  } else if (strcmp(what, "write") == 0) {
    done = write_new(path, number, count > 4, buffer);
  } else if (strcmp(what, "make") == 0 && count > 4) {
    done = make(path, number, atol(words[4]), count > 5, buffer);
  } else if (strcmp(what, "walk") == 0) {
    done = walk(AT_FDCWD, path);
  } else if (lines != NULL) {
    done = read_files(lines, number, atol(words[4]), buffer);
  } else if (strcmp(what, "cold") == 0) {
    int fd = open_file(path, &size);
    done = posix_fadvise(fd, 0, 0, POSIX_FADV_DONTNEED) == 0 ? size : 0;
    close(fd);
  } else {
    fputs("reader: see its source for what it takes\n", stderr);
    return 2;
  }
  printf("%ld %.6f\n", done, now() - start);
  return 0;
}
