// host_api.hpp: circular buffers.

#include "buffers.hpp"

#include <optional>
#include <set>
#include <string>

namespace tt::tt_metal {

using tessera::fatal;

// -- What one is made of ------------------------------------------------------

CircularBufferConfig::CircularBufferConfig(
    std::uint32_t total_size,
    const std::map<std::uint8_t, tt::DataFormat> &formats)
    : total_size_(total_size) {
  for (const auto &[cb, format] : formats)
    index(cb).set_data_format(format);
}

CircularBufferConfig::CircularBufferConfig(
    std::uint32_t total_size,
    const std::map<std::uint8_t, tt::DataFormat> &formats, const Buffer &buffer)
    : CircularBufferConfig(total_size, formats) {
  set_globally_allocated_address(buffer);
}

void CircularBufferConfig::check_index(std::uint8_t index) const {
  if (index >= NUM_CIRCULAR_BUFFERS || !formats_[index])
    throw fatal("circular buffer " + std::to_string(index) +
                ": a page size for an index that has no data format");
}

CircularBufferConfig &
CircularBufferConfig::set_page_size(std::uint8_t index,
                                    std::uint32_t page_size) {
  check_index(index);
  page_sizes_[index] = page_size;
  return *this;
}

CircularBufferConfig &
CircularBufferConfig::set_total_size(std::uint32_t total_size) {
  total_size_ = total_size;
  return *this;
}

CircularBufferConfig &CircularBufferConfig::set_tile_dims(std::uint8_t index,
                                                          const Tile &tile) {
  check_index(index);
  if (tile.get_transpose_of_faces())
    throw fatal("circular buffer " + std::to_string(index) +
                ": tiles that are transposed, which the model does not have");
  tiles_[index] = tile;
  return *this;
}

CircularBufferConfig &
CircularBufferConfig::set_globally_allocated_address(const Buffer &buffer) {
  if (!buffer.is_l1())
    throw fatal("a circular buffer lies over an L1 buffer, not over DRAM");
  address_ = buffer.address();
  return *this;
}

CircularBufferConfig &
CircularBufferConfig::set_globally_allocated_address_and_total_size(
    const Buffer &buffer, std::uint32_t total_size) {
  return set_globally_allocated_address(buffer).set_total_size(total_size);
}

std::unordered_set<std::uint8_t> CircularBufferConfig::buffer_indices() const {
  std::unordered_set<std::uint8_t> indices;
  for (std::size_t i = 0; i < formats_.size(); ++i)
    if (formats_[i])
      indices.insert(static_cast<std::uint8_t>(i));
  return indices;
}

CircularBufferConfig::Builder CircularBufferConfig::index(std::uint8_t index) {
  if (index >= NUM_CIRCULAR_BUFFERS)
    throw fatal("circular buffer " + std::to_string(index) +
                ", but there are " + std::to_string(NUM_CIRCULAR_BUFFERS));
  return Builder(*this, index);
}

const CircularBufferConfig::Builder &
CircularBufferConfig::Builder::set_data_format(tt::DataFormat format) const {
  of_.formats_[index_] = format;
  return *this;
}
const CircularBufferConfig::Builder &
CircularBufferConfig::Builder::set_total_size(std::uint32_t total_size) const {
  of_.set_total_size(total_size);
  return *this;
}
const CircularBufferConfig::Builder &
CircularBufferConfig::Builder::set_page_size(std::uint32_t page_size) const {
  of_.set_page_size(index_, page_size);
  return *this;
}
const CircularBufferConfig::Builder &
CircularBufferConfig::Builder::set_tile_dims(const Tile &tile) const {
  of_.set_tile_dims(index_, tile);
  return *this;
}

// -- Tiles --------------------------------------------------------------------

Tile::Tile(std::array<std::uint32_t, 2> shape, bool transpose)
    : shape_(shape), transpose_(transpose) {
  const auto [height, width] = shape;
  const bool is_high = height != 0 && height <= constants::TILE_HEIGHT &&
                       (height & (height - 1)) == 0;
  if (!is_high ||
      (width != constants::FACE_WIDTH && width != constants::TILE_WIDTH))
    throw fatal("there are no tiles of " + std::to_string(height) + " x " +
                std::to_string(width));
  if (transpose && height < constants::FACE_HEIGHT)
    throw fatal("tiles of fewer than 16 rows cannot be transposed");
}

std::uint32_t Tile::get_tile_size(const DataFormat &format) const {
  // Whole tiles have room for one exponent of every 16 elements of theirs.
  const std::uint32_t whole = tt::tile_size(format);
  const std::uint32_t elements = get_tile_hw();
  const std::uint32_t exponents = constants::TILE_HW / 16;
  if (whole % constants::TILE_HW == 0 || elements == constants::TILE_HW)
    return whole / (constants::TILE_HW / elements);
  const std::uint32_t own = elements / 16 > 16 ? elements / 16 : 16;
  return (whole - exponents) / (constants::TILE_HW / elements) + own;
}

// -- Of a program -------------------------------------------------------------

namespace {

// What the model is told of `config`.
struct description {
  explicit description(const CircularBufferConfig &config) {
    for (std::uint32_t i = 0; i < NUM_CIRCULAR_BUFFERS; ++i)
      if (config.data_formats()[i])
        indices.push_back(
            {.cb = i,
             .format = static_cast<std::uint32_t>(*config.data_formats()[i]),
             .page_bytes = config.page_sizes()[i].value_or(0),
             .tile_rows = config.tiles()[i].value_or(Tile()).get_height(),
             .tile_cols = config.tiles()[i].value_or(Tile()).get_width(),
             .name = nullptr});
    cb.bytes = config.total_size();
    cb.indices = indices.data();
    cb.index_count = indices.size();
    cb.is_global = config.globally_allocated_address().has_value();
    cb.address = config.globally_allocated_address().value_or(0);
  }

  std::vector<tsr_sim_cb_index> indices;
  tsr_sim_cb_config cb = {};
};

CircularBufferConfig &find(Program::Impl &of, CBHandle handle) {
  if (handle >= of.cbs.size())
    throw fatal("the program has no circular buffer with handle " +
                std::to_string(handle));
  return of.cbs[handle];
}

// Changes a copy first: what is wrong leaves all as it was.
template <typename Change>
void update(Program &program, CBHandle handle, Change change) {
  Program::Impl &of = program.impl();
  CircularBufferConfig changed = find(of, handle);
  change(changed);
  const description described(changed);
  of.on->check(
      [&] { return tsr_sim_update_cb(of.program, handle, &described.cb); });
  of.cbs[handle] = changed;
}

void check_dynamic(const CircularBufferConfig &config) {
  if (!config.globally_allocated_address())
    throw fatal("the address of a circular buffer that was not placed on a "
                "buffer cannot change");
}

} // namespace

CBHandle CreateCircularBuffer(Program &program, const CoreSpec &cores,
                              const CircularBufferConfig &config) {
  Program::Impl &into = program.impl();
  const description described(config);
  std::vector<tsr_sim_range> ranges = tessera::to_ranges(cores);
  into.on->check([&] {
    return tsr_sim_add_cb(into.program, tessera::view(ranges), &described.cb);
  });
  into.cbs.push_back(config);
  into.cb_cores.push_back(std::move(ranges));
  return into.cbs.size() - 1;
}

const CircularBufferConfig &GetCircularBufferConfig(Program &program,
                                                    CBHandle handle) {
  return find(program.impl(), handle);
}

void UpdateCircularBufferTotalSize(Program &program, CBHandle handle,
                                   std::uint32_t total_size) {
  update(program, handle, [&](CircularBufferConfig &config) {
    config.set_total_size(total_size);
  });
}

void UpdateCircularBufferPageSize(Program &program, CBHandle handle,
                                  std::uint8_t index, std::uint32_t page_size) {
  update(program, handle, [&](CircularBufferConfig &config) {
    config.set_page_size(index, page_size);
  });
}

void UpdateDynamicCircularBufferAddress(Program &program, CBHandle handle,
                                        const Buffer &buffer) {
  update(program, handle, [&](CircularBufferConfig &config) {
    check_dynamic(config);
    config.set_globally_allocated_address(buffer);
  });
}

void UpdateDynamicCircularBufferAddressAndTotalSize(Program &program,
                                                    CBHandle handle,
                                                    const Buffer &buffer,
                                                    std::uint32_t total_size) {
  update(program, handle, [&](CircularBufferConfig &config) {
    check_dynamic(config);
    config.set_globally_allocated_address_and_total_size(buffer, total_size);
  });
}

} // namespace tt::tt_metal

// -- Formats that kernels are compiled with -----------------------------------

namespace tessera {

namespace {

struct shaped_format {
  tt::DataFormat format;
  tt::tt_metal::Tile tile;
  friend bool operator==(const shaped_format &a, const shaped_format &b) {
    return a.format == b.format && a.tile == b.tile;
  }
};

using formats = std::vector<std::optional<shaped_format>>; // by index

bool has(const std::vector<tsr_sim_range> &ranges, std::uint32_t x,
         std::uint32_t y) {
  for (const tsr_sim_range &range : ranges)
    if (range.x0 <= x && x <= range.x1 && range.y0 <= y && y <= range.y1)
      return true;
  return false;
}

formats formats_on(const tt::tt_metal::Program::Impl &program, std::uint32_t x,
                   std::uint32_t y) {
  formats found(NUM_CIRCULAR_BUFFERS);
  for (std::size_t handle = 0; handle < program.cbs.size(); ++handle)
    if (has(program.cb_cores[handle], x, y))
      for (std::size_t i = 0; i < found.size(); ++i)
        if (const auto &format = program.cbs[handle].data_formats()[i])
          found[i] = {*format, program.cbs[handle].tiles()[i].value_or(
                                   tt::tt_metal::Tile())};
  return found;
}

// Keeps what all cores of the kernel agree in.
formats common_formats(const tt::tt_metal::Program::Impl &program,
                       const std::vector<tsr_sim_range> &cores) {
  std::optional<formats> common;
  for (const tsr_sim_range &range : cores)
    for (std::uint32_t y = range.y0; y <= range.y1; ++y)
      for (std::uint32_t x = range.x0; x <= range.x1; ++x) {
        const formats here = formats_on(program, x, y);
        if (!common)
          common = here;
        for (std::size_t i = 0; i < here.size(); ++i)
          if (!(here[i] == (*common)[i]))
            (*common)[i].reset();
      }
  return common.value_or(formats());
}

} // namespace

std::string formats_for(const tt::tt_metal::Program::Impl &program,
                        const kernel_source &kernel) {
  const formats common = common_formats(program, kernel.cores);
  std::string text;
  for (std::size_t i = 0; i < common.size(); ++i)
    if (common[i])
      text += (text.empty() ? "{" : ",{") + std::to_string(i) + "," +
              std::to_string(static_cast<unsigned>(common[i]->format)) + "," +
              std::to_string(common[i]->tile.get_tile_size(common[i]->format)) +
              "," + std::to_string(common[i]->tile.get_height()) + "," +
              std::to_string(common[i]->tile.get_width()) + "}";
  return text.empty() ? text : "#define TESSERA_CB_FORMATS " + text + "\n";
}

} // namespace tessera
