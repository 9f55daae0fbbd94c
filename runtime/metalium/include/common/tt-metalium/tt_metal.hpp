// Memory of the device from the host, and running a program without a queue.

#ifndef TESSERA_TT_METALIUM_TT_METAL_HPP
#define TESSERA_TT_METALIUM_TT_METAL_HPP

#include <cstdint>
#include <memory>
#include <span>
#include <stdexcept>
#include <vector>

#include <tt-metalium/host_api.hpp>

namespace tt::tt_metal::detail {

void WriteToBuffer(Buffer &buffer, std::span<const std::uint8_t> data);
void ReadFromBuffer(Buffer &buffer, std::uint8_t *data);

template <typename T>
void WriteToBuffer(Buffer &buffer, const std::vector<T> &data) {
  WriteToBuffer(buffer, std::span<const std::uint8_t>(
                            reinterpret_cast<const std::uint8_t *>(data.data()),
                            data.size() * sizeof(T)));
}
template <typename T>
void WriteToBuffer(const std::shared_ptr<Buffer> &buffer,
                   const std::vector<T> &data) {
  WriteToBuffer(*buffer, data);
}
template <typename T>
void ReadFromBuffer(Buffer &buffer, std::vector<T> &data) {
  if (buffer.size() % sizeof(T) != 0)
    throw std::runtime_error("a buffer that is no whole number of elements");
  data.resize(buffer.size() / sizeof(T));
  ReadFromBuffer(buffer, reinterpret_cast<std::uint8_t *>(data.data()));
}
template <typename T>
void ReadFromBuffer(const std::shared_ptr<Buffer> &buffer,
                    std::vector<T> &data) {
  ReadFromBuffer(*buffer, data);
}

// L1 of a core by address.
bool WriteToDeviceL1(IDevice *device, const CoreCoord &core,
                     std::uint32_t address, std::span<const std::uint8_t> data);
bool WriteToDeviceL1(IDevice *device, const CoreCoord &core,
                     std::uint32_t address, std::vector<std::uint32_t> &data);
bool ReadFromDeviceL1(IDevice *device, const CoreCoord &core,
                      std::uint32_t address, std::span<std::uint8_t> data);
bool ReadFromDeviceL1(IDevice *device, const CoreCoord &core,
                      std::uint32_t address, std::uint32_t bytes,
                      std::vector<std::uint32_t> &data);

// Runs `program` to its end.
void LaunchProgram(IDevice *device, Program &program,
                   bool wait_until_cores_done = true,
                   bool force_slow_dispatch = false);
inline void WaitProgramDone(IDevice *, Program &, bool = true) {}
void CompileProgram(IDevice *device, Program &program,
                    bool force_slow_dispatch = false);

} // namespace tt::tt_metal::detail

#endif
