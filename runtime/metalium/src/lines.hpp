// Which line of its source a kernel's code is of: what compilers write down for
// debuggers (DWARF 4, section 6.2), as far as messages need it.

#ifndef TESSERA_RUNTIME_LINES_HPP
#define TESSERA_RUNTIME_LINES_HPP

#include "object_file.hpp"

#include "tessera/sim_calls.h"

#include <cstdint>
#include <set>
#include <string>
#include <vector>

namespace tessera {

struct line_table {
  line_table() = default;
  // `own`: the files that a kernel's author wrote; other lines are not found.
  // Empty where the object does not say, or in another form.
  line_table(const object_file &file, const std::set<std::string> &own);

  // False: the code at that offset of the object is of no line of those files.
  // `out` names its file for as long as this lives and stays where it is.
  bool find(std::size_t offset, tsr_sim_where &out) const;

private:
  // Code from here on, up to the next row.
  struct row {
    std::uint64_t start;
    std::uint32_t line; // 0: of no file that is known
    std::uint32_t file;
    bool is_end; // nothing is known from here on
  };
  struct unit;

  bool read_unit(unit &of, const std::set<std::string> &own);

  std::vector<row> rows;
  std::vector<std::string> files;
};

} // namespace tessera

#endif
