// What two options write may not go to one file, nor to one that is read: the
// second would replace the first without a word. Nor may a file lie in a folder
// that is filled, since what files those are shows only when they are there.

#include "cli_impl.h"
#include "watch_impl.h"

#include "tessera/buffer.h"
#include "tessera/target.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

// An option as it was given that names a file or folder to write.
typedef struct output {
  const char *label; // "--remarks", "--output=out0"
  const char *path;
  bool is_folder;
  bool has_pieces; // a file for each piece of the input
} output;

static const char *last_part(const char *path) {
  const char *slash = strrchr(path, '/');
  return slash ? slash + 1 : path;
}

static bool find_folder(const char *path, struct stat *out) {
  tsr_buffer folder;
  tsr_buffer_init(&folder);
  tsr_buffer_append(&folder, path, (size_t)(last_part(path) - path));
  tsr_buffer_append_char(&folder, '.');
  bool is_there = stat(tsr_buffer_str(&folder), out) == 0;
  tsr_buffer_deinit(&folder);
  return is_there;
}

// Devices and pipes take from several what comes; so does standard output.
static bool is_shareable(const char *path, const struct stat *found) {
  return !S_ISREG(found->st_mode) || tsr_path_is_stdout(path);
}

// What is yet to be written has a folder and a name.
static bool is_same_place(const char *a, const char *b) {
  struct stat at_a, at_b;
  return strcmp(last_part(a), last_part(b)) == 0 && find_folder(a, &at_a) &&
         find_folder(b, &at_b) && at_a.st_dev == at_b.st_dev &&
         at_a.st_ino == at_b.st_ino;
}

static bool leads_to_same(const char *a, const char *b) {
  tsr_buffer at_a, at_b;
  tsr_buffer_init(&at_a);
  tsr_buffer_init(&at_b);
  bool is_same = tsr_path_find_place(a, &at_a) &&
                 tsr_path_find_place(b, &at_b) &&
                 is_same_place(tsr_buffer_str(&at_a), tsr_buffer_str(&at_b));
  tsr_buffer_deinit(&at_b);
  tsr_buffer_deinit(&at_a);
  return is_same;
}

// Files that are there are the same if the system says so.
static bool is_same_file(const char *a, const char *b) {
  struct stat at_a, at_b;
  bool has_a = stat(a, &at_a) == 0, has_b = stat(b, &at_b) == 0;
  if (has_a != has_b)
    return false;
  if (!has_a)
    return leads_to_same(a, b);
  if (is_shareable(a, &at_a) || is_shareable(b, &at_b))
    return false;
  return at_a.st_dev == at_b.st_dev && at_a.st_ino == at_b.st_ino;
}

// -- Folders ------------------------------------------------------------------

// Where a link leads that leads to nothing yet; NULL: `path` is no such link.
static const char *follow_link(tsr_arena *arena, const char *path) {
  tsr_buffer place;
  tsr_buffer_init(&place);
  const char *to = NULL;
  if (tsr_path_find_place(path, &place) &&
      strcmp(tsr_buffer_str(&place), path) != 0)
    to = tsr_arena_strdup(arena, tsr_buffer_str(&place));
  tsr_buffer_deinit(&place);
  return to;
}

// The path from the root, all links followed: what one leads to may be made in
// this run. `links` are as many as are left before they must go in a circle.
static const char *resolve(tsr_arena *arena, const char *path, unsigned links) {
  char *real = realpath(path, NULL);
  if (real) {
    const char *copy = tsr_arena_strdup(arena, real);
    free(real);
    return copy;
  }
  const char *to = links > 0 ? follow_link(arena, path) : NULL;
  if (to)
    return resolve(arena, to, links - 1);
  const char *last = last_part(path);
  if (last == path && strcmp(path, ".") == 0)
    return path; // a folder that is gone
  size_t size = (size_t)(last - path);
  const char *folder =
      resolve(arena,
              size == 0   ? "."
              : size == 1 ? "/"
                          : tsr_arena_strndup(arena, path, size - 1),
              links);
  if (*last == '\0' || strcmp(last, ".") == 0)
    return folder;
  if (strcmp(last, "..") == 0) {
    size = (size_t)(last_part(folder) - folder);
    return size > 1 ? tsr_arena_strndup(arena, folder, size - 1) : "/";
  }
  return tsr_arena_printf(arena, "%s/%s", folder[1] ? folder : "", last);
}

static bool is_inside(tsr_arena *arena, const char *file, const char *folder) {
  struct stat found;
  if (stat(file, &found) == 0 && is_shareable(file, &found) &&
      !S_ISDIR(found.st_mode))
    return false;
  enum { MAX_LINKS = 40 }; // as Linux has it
  const char *inner = resolve(arena, file, MAX_LINKS);
  const char *outer = resolve(arena, folder, MAX_LINKS);
  size_t size = strlen(outer);
  return strncmp(inner, outer, size) == 0 &&
         (inner[size] == '/' || inner[size] == '\0' || size == 1);
}

// -- Pieces -------------------------------------------------------------------

static bool is_taken_apart(const tsr_cli *cli) {
  bool is_on = false;
  for (size_t i = 0; i < cli->given_count; i++)
    if (strcmp(cli->given[i].option->name, "split-input-file") == 0)
      (void)!tsr_cli_read_bool(cli->given[i].value, &is_on);
  return is_on;
}

// `path` is what some piece's file is called: "a-2.tt" for "a.tt".
static bool is_piece(const char *path, const char *of) {
  const char *dash = strrchr(last_part(path), '-');
  size_t number = dash ? (size_t)strtoul(dash + 1, NULL, 10) : 0;
  if (number == 0)
    return false;
  tsr_buffer piece;
  tsr_buffer_init(&piece);
  reproducer_name_piece(of, number, &piece);
  bool is_same = is_same_file(tsr_buffer_str(&piece), path);
  tsr_buffer_deinit(&piece);
  return is_same;
}

// Whether what `to` writes may go to the file at `path`.
static bool goes_to(const output *to, const char *path) {
  return is_same_file(path, to->path) ||
         (to->has_pieces && is_piece(path, to->path));
}

// -- Options ------------------------------------------------------------------

static bool get_output(tsr_cli *cli, const tsr_cli_given *given, output *out) {
  const tsr_cli_option *option = given->option;
  bool has_name = option->kind == TSR_CLI_OUTPUTS;
  if (!has_name && option->kind != TSR_CLI_OUTPUT)
    return false;
  if (!given->value)
    return false;
  const char *equals = has_name ? strchr(given->value, '=') : NULL;
  if (has_name && !equals)
    return false; // which is said where names are known
  int bytes = equals ? (int)(equals - given->value) : 0;
  out->label =
      tsr_arena_printf(&cli->arena, "%s%s%s%.*s", cli_dashes(option->name),
                       option->name, equals ? "=" : "", bytes, given->value);
  out->path = equals ? equals + 1 : given->value;
  out->is_folder = strcmp(option->argument, "DIR") == 0;
  out->has_pieces =
      strcmp(option->name, "reproducer") == 0 && is_taken_apart(cli);
  return strcmp(out->path, "-") != 0;
}

// Folders share names with nothing but files.
static int check_pair(tsr_cli *cli, const output *a, const output *b) {
  if (a->is_folder && b->is_folder)
    return TSR_EXIT_OK;
  if (a->is_folder || b->is_folder) {
    const output *file = a->is_folder ? b : a, *folder = a->is_folder ? a : b;
    return is_inside(&cli->arena, file->path, folder->path)
               ? tsr_cli_wrong(cli, TSR_DIAG(cli_file_in_folder), file->label,
                               file->path, folder->label)
               : TSR_EXIT_OK;
  }
  bool is_b = goes_to(a, b->path);
  if (!is_b && !goes_to(b, a->path))
    return TSR_EXIT_OK;
  return tsr_cli_wrong(cli, TSR_DIAG(cli_file_shared), a->label, b->label,
                       is_b ? b->path : a->path);
}

// A module may go back to where it came from: no other option writes modules.
static bool takes_module(const tsr_cli_option *option) {
  return strcmp(option->name, "o") == 0 &&
         strcmp(option->argument, "FILE") == 0;
}

// The file that an option reads; NULL: it reads none.
static const char *get_input(const tsr_cli_given *given) {
  const char *value = given->value;
  switch (given->option->kind) {
  case TSR_CLI_INPUT:
  case TSR_CLI_MANY_INPUTS:
    return value;
  case TSR_CLI_TARGET:
    return tsr_target_is_path(value) ? value : NULL;
  case TSR_CLI_INPUTS:
    value = strchr(value, '=');
    return value ? value + 1 : NULL;
  default:
    return NULL;
  }
}

// What is not there is said where it is read.
static bool is_read(const char *input, const output *to) {
  struct stat found;
  return input && stat(input, &found) == 0 && goes_to(to, input);
}

// What the command reads that `to`, an output of `option`, goes to, or NULL.
static const char *find_replaced(const tsr_cli *cli,
                                 const tsr_cli_option *option,
                                 const output *to) {
  if (!takes_module(option) && is_read(cli->input, to))
    return cli->input;
  for (size_t i = 0; i < cli->plugins.count; i++)
    if (is_read(cli->plugins.items[i], to))
      return cli->plugins.items[i];
  for (size_t i = 0; i < cli->given_count; i++)
    if (is_read(get_input(&cli->given[i]), to))
      return get_input(&cli->given[i]);
  return NULL;
}

static int check_inputs(tsr_cli *cli) {
  output to;
  for (size_t i = 0; i < cli->given_count; i++) {
    if (!get_output(cli, &cli->given[i], &to))
      continue;
    const char *replaced = find_replaced(cli, cli->given[i].option, &to);
    if (replaced)
      return tsr_cli_wrong(cli, TSR_DIAG(cli_file_read), to.label, replaced);
  }
  return TSR_EXIT_OK;
}

// Names in a folder show when they are written: nothing that is read goes then.
static void keep_inputs(tsr_cli *cli) {
  const char *but = NULL;
  output to;
  for (size_t i = 0; i < cli->given_count; i++)
    if (get_output(cli, &cli->given[i], &to) &&
        takes_module(cli->given[i].option) && is_read(cli->input, &to))
      but = cli->input;
  tsr_keep_read_files(but);
  // The library reads the others.
  for (size_t i = 0; i < cli->plugins.count; i++)
    tsr_keep_file(cli->plugins.items[i]);
  for (size_t i = 0; i < cli->given_count; i++)
    if (get_input(&cli->given[i]))
      tsr_keep_file(get_input(&cli->given[i]));
}

int cli_check_outputs(tsr_cli *cli) {
  output a, b;
  for (size_t i = 1; i < cli->given_count; i++) {
    if (!get_output(cli, &cli->given[i], &b))
      continue;
    for (size_t j = 0; j < i; j++) {
      if (!get_output(cli, &cli->given[j], &a) || strcmp(a.label, b.label) == 0)
        continue;
      int code = check_pair(cli, &a, &b);
      if (code != TSR_EXIT_OK)
        return code;
    }
  }
  keep_inputs(cli);
  return check_inputs(cli);
}
