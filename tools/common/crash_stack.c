// Names come from the program's own symbol table, which lists static functions
// too; backtrace_symbols_fd knows only what is exported, and serves for
// libraries.

#include "crash_stack.h"

#include "tessera/base.h"

#include <elf.h>
#include <execinfo.h>
#include <fcntl.h>
#include <link.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

enum { MAX_FRAMES = 48 };

// Where the linker put the start of this program.
extern const ElfW(Ehdr) __ehdr_start;

typedef struct image {
  const unsigned char *file;
  size_t bytes;
  const ElfW(Sym) * symbols;
  size_t symbol_count;
  const char *names;
  size_t name_bytes;
} image;

static bool map_program(image *out) {
  struct stat facts;
  int file = open("/proc/self/exe", O_RDONLY | O_CLOEXEC);
  if (file < 0)
    return false;
  void *data = MAP_FAILED;
  if (fstat(file, &facts) == 0 && facts.st_size > (off_t)sizeof(ElfW(Ehdr)))
    data = mmap(NULL, (size_t)facts.st_size, PROT_READ, MAP_PRIVATE, file, 0);
  close(file);
  if (data == MAP_FAILED)
    return false;
  *out = (image){.file = data, .bytes = (size_t)facts.st_size};
  return true;
}

static bool is_inside(const image *in, size_t offset, size_t bytes) {
  return offset <= in->bytes && bytes <= in->bytes - offset;
}

static bool find_symbols(image *in) {
  const ElfW(Ehdr) *head = (const void *)in->file;
  if (!is_inside(in, head->e_shoff, head->e_shnum * sizeof(ElfW(Shdr))))
    return false;
  const ElfW(Shdr) *sections = (const void *)(in->file + head->e_shoff);
  for (size_t i = 0; i < head->e_shnum; i++) {
    const ElfW(Shdr) *table = &sections[i];
    if (table->sh_type != SHT_SYMTAB || table->sh_link >= head->e_shnum)
      continue;
    const ElfW(Shdr) *names = &sections[table->sh_link];
    if (!is_inside(in, table->sh_offset, table->sh_size) ||
        !is_inside(in, names->sh_offset, names->sh_size))
      return false;
    in->symbols = (const void *)(in->file + table->sh_offset);
    in->symbol_count = table->sh_size / sizeof(*in->symbols);
    in->names = (const char *)(in->file + names->sh_offset);
    in->name_bytes = names->sh_size;
    return true;
  }
  return false;
}

// The function that has code at `address`, counted from the program's start.
static const char *find_name(const image *in, uintptr_t address) {
  for (size_t i = 0; i < in->symbol_count; i++) {
    const ElfW(Sym) *symbol = &in->symbols[i];
    if (ELF64_ST_TYPE(symbol->st_info) == STT_FUNC &&
        address >= symbol->st_value &&
        address - symbol->st_value < symbol->st_size &&
        symbol->st_name < in->name_bytes)
      return in->names + symbol->st_name;
  }
  return NULL;
}

static void say(const char *text) {
  ssize_t written = write(STDERR_FILENO, text, strlen(text));
  (void)written; // there is nobody left to tell
}

void crash_say_stack(void) {
  void *frames[MAX_FRAMES];
  int count = backtrace(frames, MAX_FRAMES);
  image program = {.bytes = 0};
  if (map_program(&program) && !find_symbols(&program))
    program.symbol_count = 0;
  say("stack, innermost first:\n");
  for (int i = 0; i < count; i++) {
    // A return address may be behind the end of a function that never returns.
    uintptr_t address = (uintptr_t)frames[i] - 1 - (uintptr_t)&__ehdr_start;
    const char *name = find_name(&program, address);
    say("  ");
    if (name) {
      say(name);
      say("\n");
    } else {
      backtrace_symbols_fd(&frames[i], 1, STDERR_FILENO);
    }
  }
}
