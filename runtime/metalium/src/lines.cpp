#include "lines.hpp"

#include <algorithm>
#include <string_view>

namespace tessera {

namespace {

// The standard's names, DW_LNS_... and DW_LNE_....
enum {
  EXTENDED = 0,
  COPY = 1,
  ADVANCE_PC = 2,
  ADVANCE_LINE = 3,
  SET_FILE = 4,
  CONST_ADD_PC = 8,
  FIXED_ADVANCE_PC = 9
};
enum { END_SEQUENCE = 1, SET_ADDRESS = 2 };
enum { VERSION = 4, LONG_FORM = 0xffffffff };

// Reads what follows; zeros, once that is behind the end.
struct cursor {
  std::string_view bytes;

  template <typename T> T take() {
    T value = {};
    if (bytes.size() >= sizeof value)
      std::memcpy(&value, bytes.data(), sizeof value);
    skip(sizeof value);
    return value;
  }
  void skip(std::uint64_t count) {
    bytes.remove_prefix(std::min<std::uint64_t>(count, bytes.size()));
  }
  std::string take_text() {
    const std::string text(bytes.substr(0, bytes.find('\0')));
    skip(text.size() + 1);
    return text;
  }
  // LEB128: seven bits a byte, the lowest first.
  std::uint64_t take_number(bool is_signed = false) {
    std::uint64_t value = 0;
    unsigned shift = 0;
    std::uint8_t byte = 0x80;
    while ((byte & 0x80) != 0 && shift < 64) {
      byte = take<std::uint8_t>();
      value |= static_cast<std::uint64_t>(byte & 0x7f) << shift;
      shift += 7;
    }
    if (is_signed && (byte & 0x40) != 0 && shift < 64)
      value |= ~std::uint64_t{0} << shift;
    return value;
  }
};

// The file that `path` is, which may have been seen from another folder: clang
// leaves out the one that it runs in. NULL: none of them.
const std::string *find_own(const std::set<std::string> &own,
                            const std::string &path) {
  const auto same = own.find(path);
  if (same != own.end())
    return &*same;
  const std::string end = "/" + path;
  const auto below =
      std::find_if(own.begin(), own.end(), [&](const std::string &name) {
        return name.size() > end.size() &&
               name.compare(name.size() - end.size(), end.size(), end) == 0;
      });
  return below == own.end() ? nullptr : &*below;
}

} // namespace

struct line_table::unit {
  cursor program;
  std::uint8_t instruction_bytes = 1, line_range = 1, opcode_base = 1;
  std::int8_t line_base = 0;
  std::vector<std::uint8_t> operand_counts; // of standard opcodes, from 1 on
  std::vector<std::uint32_t> files;         // in `files` of the table, +1; 0:
                                            // none of the kernel's own

  bool read_header(std::vector<std::string> &names,
                   const std::set<std::string> &own);
};

bool line_table::unit::read_header(std::vector<std::string> &names,
                                   const std::set<std::string> &own) {
  cursor &in = program;
  if (in.take<std::uint16_t>() != VERSION)
    return false;
  const auto header_bytes = in.take<std::uint32_t>();
  cursor header = {
      in.bytes.substr(0, std::min<std::size_t>(header_bytes, in.bytes.size()))};
  in.skip(header_bytes);
  instruction_bytes = header.take<std::uint8_t>();
  header.skip(2); // operations of an instruction, and what debuggers stop at
  line_base = header.take<std::int8_t>();
  line_range = header.take<std::uint8_t>();
  opcode_base = header.take<std::uint8_t>();
  for (unsigned i = 1; i < opcode_base; ++i)
    operand_counts.push_back(header.take<std::uint8_t>());
  std::vector<std::string> folders = {""}; // the compiler's own has no name
  for (std::string name; !(name = header.take_text()).empty();)
    folders.push_back(name + "/");
  files = {0};
  for (std::string name; !(name = header.take_text()).empty();) {
    const std::uint64_t folder = header.take_number();
    header.take_number(); // when it was changed
    header.take_number(); // its bytes
    const std::string path =
        (folder < folders.size() ? folders[folder] : "") + name;
    const std::string *found = find_own(own, path);
    files.push_back(0);
    if (!found)
      continue;
    names.push_back(*found);
    files.back() = static_cast<std::uint32_t>(names.size());
  }
  return line_range != 0;
}

// Runs the unit's program, which makes the rows.
bool line_table::read_unit(unit &of, const std::set<std::string> &own) {
  if (!of.read_header(files, own))
    return false;
  cursor &in = of.program;
  std::uint64_t at = 0, line = 1, file = 1;
  auto advance = [&](std::uint64_t instructions) {
    at += instructions * of.instruction_bytes;
  };
  auto add_row = [&](bool is_end) {
    const std::uint32_t index = file < of.files.size() ? of.files[file] : 0;
    const bool is_known = index != 0 && !is_end;
    rows.push_back({at, is_known ? static_cast<std::uint32_t>(line) : 0,
                    is_known ? index - 1 : 0, is_end});
  };
  auto run_extended = [&] {
    const std::uint64_t bytes = in.take_number();
    cursor operands = {in.bytes.substr(0, bytes)};
    in.skip(bytes);
    const auto opcode = operands.take<std::uint8_t>();
    if (opcode == SET_ADDRESS)
      at = operands.take<std::uint64_t>();
    if (opcode == END_SEQUENCE) {
      add_row(true);
      at = 0;
      line = file = 1;
    }
  };
  while (!in.bytes.empty()) {
    const auto opcode = in.take<std::uint8_t>();
    const unsigned special = opcode - static_cast<unsigned>(of.opcode_base);
    if (opcode >= of.opcode_base) {
      advance(special / of.line_range);
      line +=
          static_cast<std::uint64_t>(of.line_base) + special % of.line_range;
      add_row(false);
      continue;
    }
    switch (opcode) {
    case EXTENDED:
      run_extended();
      break;
    case COPY:
      add_row(false);
      break;
    case ADVANCE_PC:
      advance(in.take_number());
      break;
    case ADVANCE_LINE:
      line += in.take_number(true);
      break;
    case SET_FILE:
      file = in.take_number();
      break;
    case CONST_ADD_PC:
      advance((255u - of.opcode_base) / of.line_range);
      break;
    case FIXED_ADVANCE_PC:
      at += in.take<std::uint16_t>();
      break;
    default: // of no concern here
      for (unsigned i = 0; i < of.operand_counts[opcode - 1u]; ++i)
        in.take_number();
      break;
    }
  }
  return true;
}

line_table::line_table(const object_file &file,
                       const std::set<std::string> &own) {
  cursor all = {file.content(".debug_line")};
  bool is_good = true;
  while (is_good && !all.bytes.empty()) {
    const auto bytes = all.take<std::uint32_t>();
    unit next;
    next.program = {
        all.bytes.substr(0, std::min<std::size_t>(bytes, all.bytes.size()))};
    all.skip(bytes);
    is_good = bytes < LONG_FORM && read_unit(next, own);
  }
  if (!is_good)
    rows.clear();
  // What ends somewhere comes before what begins there.
  std::stable_sort(rows.begin(), rows.end(), [](const row &a, const row &b) {
    return a.start != b.start ? a.start < b.start : a.is_end && !b.is_end;
  });
}

bool line_table::find(std::size_t offset, tsr_sim_where &out) const {
  const auto next = std::upper_bound(
      rows.begin(), rows.end(), offset,
      [](std::size_t at, const row &one) { return at < one.start; });
  if (next == rows.begin() || (next - 1)->line == 0)
    return false;
  out = {files[(next - 1)->file].c_str(), (next - 1)->line, 0};
  return true;
}

} // namespace tessera
