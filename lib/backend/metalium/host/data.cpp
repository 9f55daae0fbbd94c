// -- Data to and from the device ----------------------------------------------

// The file given for the input, or numbers uniform in [-1, 1) drawn from the
// seed; rounded to what the device stores.
std::vector<float> read_input(const Options &options, const std::string &name,
                              const Shape &shape, uint64_t stream,
                              bool is_bf16) {
  std::vector<float> values;
  const auto file = options.inputs.find(name);
  if (file != options.inputs.end()) {
    values = load_npy(file->second, shape);
  } else {
    values.resize(shape.elements());
    uint64_t state = options.seed * 0x9e3779b97f4a7c15u + (stream << 32);
    for (float &value : values) {
      state += 0x9e3779b97f4a7c15u; // splitmix64
      uint64_t bits = (state ^ state >> 30) * 0xbf58476d1ce4e5b9u;
      bits = (bits ^ bits >> 27) * 0x94d049bb133111ebu;
      bits ^= bits >> 31;
      value = static_cast<float>(std::ldexp(bits >> 40, -23) - 1.0);
    }
  }
  if (is_bf16) {
    for (float &value : values) {
      value = round_to_bf16(value);
    }
  }
  return values;
}

// Row-major elements as the device wants them: every matrix padded to whole
// tiles, tiles in rows, four faces to a tile.
template <typename Element>
std::vector<Element> to_tiles(const std::vector<float> &values,
                              const Shape &shape, float padding) {
  const uint64_t rows = in_tiles(shape.rows()) * 32;
  const uint64_t cols = in_tiles(shape.cols()) * 32;
  std::vector<Element> padded(shape.matrices() * rows * cols, Element(padding));
  for (uint64_t matrix = 0; matrix < shape.matrices(); ++matrix) {
    for (uint64_t row = 0; row < shape.rows(); ++row) {
      const float *from = &values[(matrix * shape.rows() + row) * shape.cols()];
      Element *to = &padded[(matrix * rows + row) * cols];
      for (uint64_t col = 0; col < shape.cols(); ++col) {
        to[col] = Element(from[col]);
      }
    }
  }
  return tilize_nfaces(padded, static_cast<uint32_t>(shape.matrices() * rows),
                       static_cast<uint32_t>(cols));
}

template <typename Element>
std::vector<float> from_tiles(const std::vector<Element> &tiles,
                              const Shape &shape) {
  const uint64_t rows = in_tiles(shape.rows()) * 32;
  const uint64_t cols = in_tiles(shape.cols()) * 32;
  const std::vector<Element> padded =
      untilize_nfaces(tiles, static_cast<uint32_t>(shape.matrices() * rows),
                      static_cast<uint32_t>(cols));
  std::vector<float> values(shape.elements());
  for (uint64_t matrix = 0; matrix < shape.matrices(); ++matrix) {
    for (uint64_t row = 0; row < shape.rows(); ++row) {
      const Element *from = &padded[(matrix * rows + row) * cols];
      float *to = &values[(matrix * shape.rows() + row) * shape.cols()];
      for (uint64_t col = 0; col < shape.cols(); ++col) {
        to[col] = static_cast<float>(from[col]);
      }
    }
  }
  return values;
}

// A buffer in DRAM with one tile to a page, pages dealt out to the banks.
std::shared_ptr<distributed::MeshBuffer>
create_buffer(distributed::MeshDevice &mesh, const Shape &shape,
              uint32_t tile_bytes) {
  const distributed::DeviceLocalBufferConfig local{
      .page_size = tile_bytes, .buffer_type = BufferType::DRAM};
  const distributed::ReplicatedBufferConfig whole{.size = tile_count(shape) *
                                                          tile_bytes};
  return distributed::MeshBuffer::create(whole, local, &mesh);
}
