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

// The text behind 'key': in the header of an .npy file.
std::string find_npy_field(const std::string &header, const std::string &key,
                           char open, char close, const std::string &path) {
  const size_t at = header.find("'" + key + "':");
  const size_t begin =
      at == std::string::npos ? at : header.find(open, at + key.size() + 3);
  const size_t end =
      begin == std::string::npos ? begin : header.find(close, begin + 1);
  if (end == std::string::npos) {
    fail(path + ": no '" + key + "' in the header");
  }
  return header.substr(begin + 1, end - begin - 1);
}

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
  const bool is_long = byte(6) >= 2;
  size_t header_bytes = byte(8) | byte(9) << 8;
  if (is_long) {
    header_bytes |= byte(10) << 16 | byte(11) << 24;
  }
  const size_t start = (is_long ? 12 : 10) + header_bytes;
  if (start > file.size()) {
    fail(path + ": the header is cut off");
  }
  const std::string header = file.substr(is_long ? 12 : 10, header_bytes);
  std::string type = find_npy_field(header, "descr", '\'', '\'', path);
  if (type == "|V2" || type == "V2" || type == "<V2") {
    type = "<u2";
  }
  const bool is_known =
      type == "<f4" || type == "<f8" || type == "<f2" || type == "<u2";
  if (!is_known) {
    fail(path + ": elements are '" + type +
         "'; expected one of <f4, <f8, <f2, <u2 or V2");
  }
  if (header.find("'fortran_order': False") == std::string::npos) {
    fail(path + ": elements are in Fortran order; save it in C order");
  }
  std::string extents;
  for (char c : find_npy_field(header, "shape", '(', ')', path)) {
    extents += c == ',' ? "x" : c == ' ' ? "" : std::string(1, c);
  }
  if (!extents.empty() && extents.back() == 'x') {
    extents.pop_back();
  }
  if (extents != shape.text()) {
    fail(path + ": shape is " + extents + ", must be " + shape.text());
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
