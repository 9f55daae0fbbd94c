#include "work_folder.hpp"

#include "tessera/buffer.h"

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <filesystem>

namespace tessera {

namespace {

void remove_folder(void *user) {
  const std::string &path = *static_cast<std::string *>(user);
  std::error_code ignored;
  if (!path.empty())
    std::filesystem::remove_all(path, ignored);
}

} // namespace

bool work_folder::make(const std::string &in) {
  std::string name = in + "/tessera-XXXXXX";
  if (!mkdtemp(name.data()))
    return false;
  path = name;
  return true;
}

work_folder::work_folder(const std::string &second) {
  const char *temporary = std::getenv("TMPDIR");
  const std::string first = temporary && *temporary ? temporary : "/tmp";
  tsr_hold_interrupts();
  tsr_undo_begin(&undo, remove_folder, &path);
  if (make(first))
    return;
  problem = "cannot make a folder in '" + first + "': " + std::strerror(errno) +
            "; TMPDIR names another one";
  make(second);
}

work_folder::~work_folder() {
  remove_folder(&path);
  tsr_undo_end(&undo);
  tsr_release_interrupts();
}

} // namespace tessera
