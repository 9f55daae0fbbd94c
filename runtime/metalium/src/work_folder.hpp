// A folder for what a compiler reads and writes, for as long as it runs.

#ifndef TESSERA_RUNTIME_WORK_FOLDER_HPP
#define TESSERA_RUNTIME_WORK_FOLDER_HPP

#include "tessera/memory.h"

#include <string>

namespace tessera {

// One of its own in $TMPDIR or /tmp, or in `second` where there is none to be
// had. It goes with the object, whatever is in it, and when memory runs out.
// Ctrl-C, SIGTERM and SIGHUP wait for that.
class work_folder {
public:
  explicit work_folder(const std::string &second);
  ~work_folder();
  work_folder(const work_folder &) = delete;
  work_folder &operator=(const work_folder &) = delete;

  std::string path;    // empty: it cannot be made
  std::string problem; // then why

private:
  bool make(const std::string &in);

  tsr_undo undo;
};

} // namespace tessera

#endif
