/* The reference of the broadcast stage: reads the files that this rank owns, broadcasts them chunk
 * by chunk, and writes what others own. One thread, no checks of the content, no temporaries.
 *
 *   bcast FOLDER FILES MIB CHUNK_MIB PIPELINE      file to file
 *   bcast -       FILES MIB CHUNK_MIB PIPELINE     memory only
 *
 * FOLDER holds f0, f1, ...: rank R owns each whose number is R modulo the ranks. Pipeline 1 uses
 * MPI_Bcast, a deeper one keeps so many MPI_Ibcast under way. Rank 0 prints bytes, seconds and Gb/s
 * per receiver, from barrier to barrier. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <mpi.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* What each rank broadcasts before the clock starts, so that connections are there. */
#define WARM_UP (1 << 20)

static void fail(const char *what) {
  perror(what);
  MPI_Abort(MPI_COMM_WORLD, 1);
}

int main(int argc, char **argv) {
  if (argc != 6) {
    fprintf(stderr, "bcast FOLDER|- FILES MIB CHUNK_MIB PIPELINE\n");
    return 2;
  }
  int rank, size;
  MPI_Init(&argc, &argv);
  MPI_Comm_rank(MPI_COMM_WORLD, &rank);
  MPI_Comm_size(MPI_COMM_WORLD, &size);
  int memory = strcmp(argv[1], "-") == 0, files = atoi(argv[2]), depth = atoi(argv[5]);
  long bytes = atol(argv[3]) << 20, chunk = atol(argv[4]) << 20;
  int per_file = (int)((bytes + chunk - 1) / chunk), total = per_file * files;
  char **ring = malloc(sizeof(char *) * depth);
  MPI_Request *requests = malloc(sizeof(MPI_Request) * depth);
  int *open_files = malloc(sizeof(int) * files);
  for (int i = 0; i < depth; i++) {
    if (posix_memalign((void **)&ring[i], 4096, chunk)) fail("memory");
    memset(ring[i], rank + 1, chunk);
  }
  for (int i = 0; i < files && !memory; i++) {
    char name[4096];
    snprintf(name, sizeof name, "%s/f%d", argv[1], i);
    open_files[i] = open(name, O_RDWR | O_CREAT, 0644);
    if (open_files[i] < 0) fail(name);
  }
  for (int root = 0; root < size; root++)
    MPI_Bcast(ring[0], chunk < WARM_UP ? (int)chunk : WARM_UP, MPI_BYTE, root, MPI_COMM_WORLD);
  MPI_Barrier(MPI_COMM_WORLD);
  double start = MPI_Wtime();
  for (int posted = 0, done = 0; done < total;) {
    while (posted < total && posted - done < depth) {
      int slot = posted % depth, file = posted / per_file, root = file % size;
      long at = (long)(posted % per_file) * chunk;
      long length = bytes - at < chunk ? bytes - at : chunk;
      if (!memory && rank == root && pread(open_files[file], ring[slot], length, at) != length)
        fail("read");
      if (depth == 1)
        MPI_Bcast(ring[slot], (int)length, MPI_BYTE, root, MPI_COMM_WORLD);
      else
        MPI_Ibcast(ring[slot], (int)length, MPI_BYTE, root, MPI_COMM_WORLD, &requests[slot]);
      posted++;
    }
    int slot = done % depth, file = done / per_file;
    long at = (long)(done % per_file) * chunk;
    long length = bytes - at < chunk ? bytes - at : chunk;
    if (depth > 1) MPI_Wait(&requests[slot], MPI_STATUS_IGNORE);
    if (!memory && rank != file % size && pwrite(open_files[file], ring[slot], length, at) != length)
      fail("write");
    done++;
  }
  MPI_Barrier(MPI_COMM_WORLD);
  double took = MPI_Wtime() - start;
  if (rank == 0)
    printf("%ld bytes %.3f s %.2f Gb/s\n", bytes * files, took, bytes * files * 8 / took / 1e9);
  MPI_Finalize();
  return 0;
}
