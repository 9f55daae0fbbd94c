// Loads passes from shared objects.

// dladdr, which POSIX has not.
#define _GNU_SOURCE 1

#include "tessera/plugin.h"

#include "tessera/buffer.h"

#include "registry.h"

#include <dlfcn.h>
#include <errno.h>
#include <string.h>
#include <unistd.h>

static const tsr_loc nowhere;

// A program that opened this library for itself alone hides from plug-ins what
// they need of it. Shows it to all, unless it is part of the program.
static void show_library(tsr_registry *registry) {
  static const char inside;
  Dl_info here;
  if (!dladdr(&inside, &here) || !here.dli_fname)
    return;
  void *library = dlopen(here.dli_fname, RTLD_NOW | RTLD_NOLOAD | RTLD_GLOBAL);
  if (library)
    registry_keep_open(registry, library);
}

// A name without a folder would be looked for among the system's libraries.
static void *open_library(tsr_registry *registry, const char *path) {
  tsr_buffer full;
  tsr_buffer_init(&full);
  tsr_buffer_printf(&full, "%s%s", strchr(path, '/') ? "" : "./", path);
  const char *name = tsr_buffer_str(&full);
  void *library = dlopen(name, RTLD_NOW | RTLD_LOCAL);
  if (!library) {
    show_library(registry);
    // What dlerror says is then about the plug-in, whichever way this goes.
    library = dlopen(name, RTLD_NOW | RTLD_LOCAL);
  }
  tsr_buffer_deinit(&full);
  return library;
}

// Looks at `abi` before anything that another one may lay out differently.
static tsr_result check_made_for(const tsr_plugin *plugin, const char *path,
                                 tsr_diag *diag) {
  static const uint32_t sizes[TSR_PLUGIN_SIZES] = TSR_PLUGIN_SIZES_HERE;
  if (plugin->abi != TSR_PLUGIN_ABI)
    return tsr_diag_error_at(diag, nowhere, TSR_DIAG(plugin_interface), path,
                             plugin->abi, TSR_PLUGIN_ABI, TSR_VERSION);
  if (!plugin->version || strcmp(plugin->version, TSR_VERSION) != 0)
    return tsr_diag_error_at(diag, nowhere, TSR_DIAG(plugin_version), path,
                             plugin->version ? plugin->version : "(unknown)",
                             TSR_VERSION);
  if (!plugin->tables || strcmp(plugin->tables, tsr_plugin_tables) != 0 ||
      memcmp(plugin->sizes, sizes, sizeof(sizes)) != 0)
    return tsr_diag_error_at(diag, nowhere, TSR_DIAG(plugin_tables), path,
                             TSR_VERSION);
  return TSR_OK;
}

static tsr_result add_passes(tsr_registry *registry, const tsr_plugin *plugin,
                             const char *path, tsr_diag *diag) {
  size_t error_count = tsr_diag_error_count(diag);
  if (plugin->add && plugin->add(registry, diag) == TSR_OK &&
      tsr_registry_check(registry, diag) == TSR_OK)
    return TSR_OK;
  if (tsr_diag_error_count(diag) == error_count)
    tsr_diag_error_at(diag, nowhere, TSR_DIAG(plugin_adds_nothing),
                      plugin->name ? plugin->name : path);
  tsr_diag_note_at(diag, nowhere, TSR_DIAG(note_plugin), path);
  return TSR_FAILED;
}

tsr_result tsr_registry_load(tsr_registry *registry, const char *path,
                             tsr_diag *diag) {
  if (access(path, R_OK) != 0)
    return tsr_diag_error_at(diag, nowhere, TSR_DIAG(plugin_unreadable), path,
                             strerror(errno));
  void *library = open_library(registry, path);
  if (!library)
    return tsr_diag_error_at(diag, nowhere, TSR_DIAG(plugin_unloadable), path,
                             dlerror());
  registry_keep_open(registry, library);
  const tsr_plugin *plugin = dlsym(library, TSR_PLUGIN_SYMBOL);
  if (!plugin)
    return tsr_diag_error_at(diag, nowhere, TSR_DIAG(plugin_no_symbol), path,
                             TSR_PLUGIN_SYMBOL);
  if (check_made_for(plugin, path, diag) != TSR_OK)
    return TSR_FAILED;
  return add_passes(registry, plugin, path, diag);
}
