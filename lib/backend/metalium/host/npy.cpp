// -- NumPy files --------------------------------------------------------------

std::string read_whole_file(const std::string &path) {
  std::FILE *file = std::fopen(path.c_str(), "rb");
  if (!file) {
    fail("cannot open " + path);
  }
  std::string text;
  char block[65536];
  size_t size = 0;
  while ((size = std::fread(block, 1, sizeof block, file)) > 0) {
    text.append(block, size);
  }
  const bool is_bad = std::ferror(file) != 0;
  std::fclose(file);
  if (is_bad) {
    fail("cannot read " + path);
  }
  return text;
}

// The header of an .npy file: a dictionary as Python writes it, of three keys
// in any order. Read strictly, as NumPy does.
class NpyHeader {
public:
  std::string type, shape; // "<f4", "2x3"
  bool is_fortran = false;

  NpyHeader(const std::string &path, const std::string &text)
      : path_(path), text_(text) {
    need('{');
    while (!take('}')) {
      read_entry();
      if (!take(',')) {
        expect(take('}'), "',' or '}'");
        break;
      }
    }
    expect(at_end(), "the end of the header");
    for (const std::string &key : keys_) {
      if (!has_name(seen_, key)) {
        fail(path_ + ": no '" + key + "' in the header");
      }
    }
  }

private:
  const std::vector<std::string> keys_ = {"descr", "fortran_order", "shape"};
  std::vector<std::string> seen_;
  std::string path_, text_;
  size_t at_ = 0;

  void expect(bool is_there, const std::string &what) const {
    if (!is_there) {
      fail(path_ + ": byte " + std::to_string(at_ + 1) +
           " of the header: expected " + what);
    }
  }
  bool at_end() {
    at_ = std::min(text_.find_first_not_of(" \t\n\r\f", at_), text_.size());
    return at_ == text_.size();
  }
  bool take(char c) {
    const bool is_there = !at_end() && text_[at_] == c;
    at_ += is_there;
    return is_there;
  }
  void need(char c) { expect(take(c), std::string("'") + c + "'"); }
  bool take_word(const std::string &word) {
    const bool is_there =
        !at_end() && text_.compare(at_, word.size(), word) == 0;
    at_ += is_there ? word.size() : 0;
    return is_there;
  }
  // A string in either quotes; escapes have no use here.
  std::string read_string(const char *what) {
    const char quote = !at_end() && text_[at_] == '"' ? '"' : '\'';
    expect(take(quote), what);
    std::string result;
    for (; at_ < text_.size(); ++at_) {
      const char c = text_[at_];
      if (c == quote) {
        ++at_;
        return result;
      }
      if (c == '\\' || c < ' ' || c > '~') {
        break;
      }
      result += c;
    }
    expect(false, "the end of a string, without escapes");
    return result;
  }
  std::string read_extent() {
    at_end();
    const size_t start = at_;
    while (at_ < text_.size() && text_[at_] >= '0' && text_[at_] <= '9') {
      ++at_;
    }
    const std::string digits = text_.substr(start, at_ - start);
    if (digits.size() > 1 && digits[0] == '0') {
      at_ = start;
    }
    expect(at_ > start, "a number without sign and leading zeros");
    if (at_ < text_.size() && text_[at_] == 'L') { // Python 2 writes it
      ++at_;
    }
    return digits;
  }
  // One extent without a comma is a number to Python, not a tuple.
  void read_shape() {
    need('(');
    for (size_t count = 0; !take(')'); ++count) {
      shape += (count ? "x" : "") + read_extent();
      if (!take(',')) {
        expect(count > 0, "','");
        expect(take(')'), "',' or ')'");
        return;
      }
    }
  }
  void read_entry() {
    at_end();
    const size_t start = at_;
    const std::string key = read_string("a key in quotes or '}'");
    if (!has_name(keys_, key)) {
      fail(path_ + ": byte " + std::to_string(start + 1) +
           " of the header: unknown key '" + key +
           "'; there are 'descr', 'fortran_order' and 'shape'");
    }
    if (has_name(seen_, key)) {
      fail(path_ + ": '" + key + "' stands twice in the header");
    }
    seen_.push_back(key);
    need(':');
    if (key == "descr") {
      type = read_string("a type in quotes");
    } else if (key == "fortran_order") {
      is_fortran = take_word("True");
      expect(is_fortran || take_word("False"), "True or False");
    } else {
      read_shape();
    }
  }
};

float half_to_float(uint16_t bits) {
  const int exponent = bits >> 10 & 31;
  const int mantissa = bits & 1023;
  float value = exponent == 31 ? (mantissa ? NAN : INFINITY)
                               : std::ldexp(static_cast<float>(mantissa) +
                                                (exponent ? 1024.0f : 0.0f),
                                            (exponent ? exponent : 1) - 25);
  return bits & 0x8000 ? -value : value;
}

float read_element(const char *bytes, const std::string &type) {
  if (type == "<f4") {
    float value;
    std::memcpy(&value, bytes, sizeof value);
    return value;
  }
  if (type == "<f8") {
    double value;
    std::memcpy(&value, bytes, sizeof value);
    return static_cast<float>(value);
  }
  uint16_t bits;
  std::memcpy(&bits, bytes, sizeof bits);
  if (type == "<f2") {
    return half_to_float(bits);
  }
  const uint32_t wide = static_cast<uint32_t>(bits) << 16; // bf16
  float value;
  std::memcpy(&value, &wide, sizeof value);
  return value;
}

// Reads <f4, <f8, <f2, or bf16 bits as <u2 or V2; the shape must match.
std::vector<float> load_npy(const std::string &path, const Shape &shape) {
  const std::string file = read_whole_file(path);
  const bool is_npy = file.size() >= 12 && file.compare(0, 6, "\x93NUMPY") == 0;
  if (!is_npy) {
    fail(path + " is no .npy file");
  }
  const auto byte = [&](size_t i) {
    return static_cast<size_t>(static_cast<unsigned char>(file[i]));
  };
  if (byte(6) < 1 || byte(6) > 3 || byte(7) != 0) {
    fail(path + ": version " + std::to_string(byte(6)) + "." +
         std::to_string(byte(7)) +
         " of the format; 1.0, 2.0 and 3.0 can be read");
  }
  // Version 1 has two bytes for the size of the header, 2 and 3 have four.
  const bool is_long = byte(6) >= 2;
  size_t header_bytes = byte(8) | byte(9) << 8;
  if (is_long) {
    header_bytes |= byte(10) << 16 | byte(11) << 24;
  }
  const size_t start = (is_long ? 12 : 10) + header_bytes;
  if (start > file.size()) {
    fail(path + ": the header is cut off");
  }
  const NpyHeader header(path, file.substr(start - header_bytes, header_bytes));
  std::string type = header.type;
  if (type == "|V2" || type == "V2" || type == "<V2") {
    type = "<u2";
  }
  const bool is_known =
      type == "<f4" || type == "<f8" || type == "<f2" || type == "<u2";
  if (!is_known) {
    fail(path + ": elements are '" + type +
         "'; expected one of <f4, <f8, <f2, <u2 or V2");
  }
  if (header.is_fortran) {
    fail(path + ": elements are in Fortran order; save it in C order");
  }
  if (header.shape != shape.text()) {
    fail(path + ": shape is " + (header.shape.empty() ? "()" : header.shape) +
         ", must be " + shape.text());
  }
  const size_t size = type == "<f8" ? 8 : type == "<f4" ? 4 : 2;
  if (file.size() - start != shape.elements() * size) {
    fail(path + ": " + std::to_string(file.size() - start) +
         " bytes of data, must be " + std::to_string(shape.elements() * size));
  }
  std::vector<float> values(shape.elements());
  for (size_t i = 0; i < values.size(); ++i) {
    values[i] = read_element(file.data() + start + i * size, type);
  }
  return values;
}

// Writes <f4, or the upper halves of the floats as <u2.
void save_npy(const std::string &path, const Shape &shape,
              const std::vector<float> &values, bool as_bf16_bits) {
  std::string extents;
  for (uint64_t extent : shape.extents) {
    extents += (extents.empty() ? "" : ", ") + std::to_string(extent);
  }
  extents += shape.extents.size() == 1 ? "," : "";
  std::string header =
      std::string("{'descr': '") + (as_bf16_bits ? "<u2" : "<f4") +
      "', 'fortran_order': False, 'shape': (" + extents + "), }";
  header.append(63 - (10 + header.size()) % 64, ' ');
  header += '\n';
  std::string text("\x93NUMPY\x01\x00", 8);
  text += static_cast<char>(header.size() & 255);
  text += static_cast<char>(header.size() >> 8);
  text += header;
  for (float value : values) {
    uint32_t bits;
    std::memcpy(&bits, &value, sizeof bits);
    char bytes[4];
    std::memcpy(bytes, &bits, sizeof bits);
    text.append(as_bf16_bits ? bytes + 2 : bytes, as_bf16_bits ? 2 : 4);
  }
  const std::string partial = path + ".part";
  std::FILE *file = std::fopen(partial.c_str(), "wb");
  const bool is_written =
      file && std::fwrite(text.data(), 1, text.size(), file) == text.size();
  const bool is_closed = file && std::fclose(file) == 0;
  if (!is_written || !is_closed ||
      std::rename(partial.c_str(), path.c_str()) != 0) {
    std::remove(partial.c_str());
    fail("cannot write " + path);
  }
}
