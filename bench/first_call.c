#include "first_call.h"

#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#if defined(__x86_64__)
static const uint64_t trap = 0xcc, trap_mask = 0xff;
#elif defined(__aarch64__)
static const uint64_t trap = 0xd4200000, trap_mask = 0xffffffff;
#endif

// Finds a function among the symbols of an ELF file; `*out_entry` is where the
// file says the program begins. 0: not found.
static uint64_t find_in(const char *file, size_t bytes, const char *function,
                        uint64_t *out_entry) {
  const Elf64_Ehdr *header = (const void *)file;
  if (bytes < sizeof *header || memcmp(file, ELFMAG, SELFMAG) != 0)
    return 0;
  *out_entry = header->e_entry;
  const Elf64_Shdr *sections = (const void *)(file + header->e_shoff);
  for (size_t s = 0; s < header->e_shnum; s++) {
    if (sections[s].sh_type != SHT_SYMTAB)
      continue;
    const Elf64_Sym *symbols = (const void *)(file + sections[s].sh_offset);
    const char *names = file + sections[sections[s].sh_link].sh_offset;
    for (size_t i = 0; i < sections[s].sh_size / sizeof *symbols; i++)
      if (strcmp(names + symbols[i].st_name, function) == 0)
        return symbols[i].st_value;
  }
  return 0;
}

static uint64_t find_function(const char *path, const char *function,
                              uint64_t *out_entry) {
  int file = open(path, O_RDONLY);
  struct stat status;
  if (file < 0 || fstat(file, &status) != 0)
    return 0;
  size_t bytes = (size_t)status.st_size;
  char *content = mmap(NULL, bytes, PROT_READ, MAP_PRIVATE, file, 0);
  close(file);
  if (content == MAP_FAILED)
    return 0;
  uint64_t found = find_in(content, bytes, function, out_entry);
  munmap(content, bytes);
  return found;
}

// Where the running program begins, from its auxiliary vector.
static uint64_t find_entry(pid_t child) {
  char path[64];
  snprintf(path, sizeof path, "/proc/%d/auxv", (int)child);
  int file = open(path, O_RDONLY);
  uint64_t pair[2] = {0, 0};
  while (file >= 0 && read(file, pair, sizeof pair) == sizeof pair &&
         pair[0] != AT_ENTRY)
    ;
  if (file >= 0)
    close(file);
  return pair[0] == AT_ENTRY ? pair[1] : 0;
}

static double now_microseconds(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (double)now.tv_sec * 1e6 + (double)now.tv_nsec / 1e3;
}

static pid_t start_traced(char *const *arguments) {
  pid_t child = fork();
  if (child != 0)
    return child;
  int nowhere = open("/dev/null", O_RDWR);
  dup2(nowhere, 0);
  dup2(nowhere, 1);
  ptrace(PTRACE_TRACEME, 0, NULL, NULL);
  execv(arguments[0], arguments);
  _exit(127);
}

// Puts a trap where the function begins.
static bool set_trap(pid_t child, uint64_t address) {
  void *at = (void *)(uintptr_t)(address & ~(uint64_t)7);
  unsigned shift = (unsigned)(address & 7) * 8;
  errno = 0;
  uint64_t word = (uint64_t)ptrace(PTRACE_PEEKTEXT, child, at, NULL);
  word = (word & ~(trap_mask << shift)) | trap << shift;
  return errno == 0 &&
         ptrace(PTRACE_POKETEXT, child, at, (void *)(uintptr_t)word) == 0;
}

bool first_call(char *const *arguments, const char *function,
                double *out_microseconds) {
  uint64_t entry = 0;
  uint64_t offset = find_function(arguments[0], function, &entry);
  if (!offset) {
    fprintf(stderr, "error: '%s' has no function '%s'\n", arguments[0],
            function);
    return false;
  }
  double start = now_microseconds();
  pid_t child = start_traced(arguments);
  int status = 0;
  bool stopped = child > 0 && waitpid(child, &status, 0) == child &&
                 WIFSTOPPED(status) &&
                 set_trap(child, find_entry(child) - entry + offset) &&
                 ptrace(PTRACE_CONT, child, NULL, NULL) == 0 &&
                 waitpid(child, &status, 0) == child;
  *out_microseconds = now_microseconds() - start;
  // A thread that nobody traces is ended by the trap, and all with it.
  bool called =
      stopped && ((WIFSTOPPED(status) && WSTOPSIG(status) == SIGTRAP) ||
                  (WIFSIGNALED(status) && WTERMSIG(status) == SIGTRAP));
  if (child > 0 && WIFSTOPPED(status)) {
    kill(child, SIGKILL);
    waitpid(child, &status, 0);
  }
  if (!called)
    fprintf(stderr, "error: '%s' did not call '%s'\n", arguments[0], function);
  return called;
}
