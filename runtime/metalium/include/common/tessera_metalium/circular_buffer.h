// A circular buffer as an object, in every kind of kernel.

#ifndef TESSERA_METALIUM_CIRCULAR_BUFFER_H
#define TESSERA_METALIUM_CIRCULAR_BUFFER_H

#ifdef COMPILE_FOR_TRISC
#include "api/compute/cb_api.h"
#else
#include "tessera_metalium/noc_objects.h"
#endif

class CircularBuffer {
public:
  enum class AddrSelector { WRITE_PTR, READ_PTR };

  explicit CircularBuffer(uint32_t cb) : cb_(cb) {}

  uint32_t get_cb_id() const { return cb_; }
#ifdef COMPILE_FOR_TRISC
  using count = uint32_t;
#else
  using count = int32_t;
#endif
  void reserve_back(int32_t pages, tsr_sim_where where = tessera::here()) {
    cb_reserve_back(static_cast<count>(cb_), static_cast<count>(pages), where);
  }
  void push_back(int32_t pages, tsr_sim_where where = tessera::here()) {
    cb_push_back(static_cast<count>(cb_), static_cast<count>(pages), where);
  }
  void wait_front(int32_t pages, tsr_sim_where where = tessera::here()) {
    cb_wait_front(static_cast<count>(cb_), static_cast<count>(pages), where);
  }
  void pop_front(int32_t pages, tsr_sim_where where = tessera::here()) {
    cb_pop_front(static_cast<count>(cb_), static_cast<count>(pages), where);
  }
#ifdef COMPILE_FOR_TRISC
  uint32_t get_tile_address(uint32_t tile,
                            tsr_sim_where where = tessera::here()) {
    return ckernel::get_tile_address(cb_, tile, where);
  }
  uint32_t read_tile_value(uint32_t tile, uint32_t word,
                           tsr_sim_where where = tessera::here()) {
    return ckernel::read_tile_value(cb_, tile, word, where);
  }
#else
  uint32_t get_write_ptr(tsr_sim_where where = tessera::here()) const {
    return ::get_write_ptr(cb_, where);
  }
  uint32_t get_read_ptr(tsr_sim_where where = tessera::here()) const {
    return ::get_read_ptr(cb_, where);
  }
  uint32_t get_tile_size(tsr_sim_where where = tessera::here()) const {
    return static_cast<uint32_t>(
        ::get_tile_size(static_cast<int32_t>(cb_), where));
  }
  uint32_t get_tile_hw(tsr_sim_where where = tessera::here()) const {
    return ::get_tile_hw(cb_, where);
  }
  DataFormat get_dataformat(tsr_sim_where where = tessera::here()) const {
    return ::get_dataformat(static_cast<int32_t>(cb_), where);
  }
  bool pages_reservable_at_back(int32_t pages) const {
    return cb_pages_reservable_at_back(static_cast<int32_t>(cb_), pages);
  }
  bool pages_available_at_front(int32_t pages) const {
    return cb_pages_available_at_front(static_cast<int32_t>(cb_), pages);
  }
#endif

private:
  uint32_t cb_;
};

#ifndef COMPILE_FOR_TRISC
// Read from its front, written to its back.
template <> struct noc_traits_t<CircularBuffer> {
  struct src_args_type {
    uint32_t offset_bytes{};
  };
  using dst_args_type = src_args_type;
  struct dst_args_mcast_type {
    uint32_t noc_x_start{};
    uint32_t noc_y_start{};
    uint32_t noc_x_end{};
    uint32_t noc_y_end{};
    uint32_t offset_bytes{};
  };

  template <Noc::AddressType Type>
  static uint64_t src_addr(const CircularBuffer &of, const Noc &,
                           const src_args_type &args) {
    static_assert(Type == Noc::AddressType::LOCAL_L1,
                  "a circular buffer is this core's own L1");
    return of.get_read_ptr() + args.offset_bytes;
  }
  template <Noc::AddressType Type>
  static uint64_t dst_addr(const CircularBuffer &of, const Noc &,
                           const dst_args_type &args) {
    static_assert(Type == Noc::AddressType::LOCAL_L1,
                  "a circular buffer is this core's own L1");
    return of.get_write_ptr() + args.offset_bytes;
  }
  template <Noc::AddressType Type>
  static uint64_t dst_addr_mcast(const CircularBuffer &of, const Noc &noc,
                                 const dst_args_mcast_type &args) {
    return get_noc_multicast_addr(
        args.noc_x_start, args.noc_y_start, args.noc_x_end, args.noc_y_end,
        of.get_write_ptr() + args.offset_bytes, noc.get_noc_id());
  }
};

// Of a circular buffer the end that one says, whether read or written:
// use<CircularBuffer::AddrSelector::READ_PTR>(cb).
template <CircularBuffer::AddrSelector End> struct CircularBufferView {
  const CircularBuffer &cb;
  explicit constexpr CircularBufferView(const CircularBuffer &of) : cb(of) {}

  uint32_t address() const {
    return End == CircularBuffer::AddrSelector::READ_PTR ? cb.get_read_ptr()
                                                         : cb.get_write_ptr();
  }
};

template <CircularBuffer::AddrSelector End>
constexpr auto use(const CircularBuffer &cb) {
  return CircularBufferView<End>(cb);
}

template <CircularBuffer::AddrSelector End>
struct noc_traits_t<CircularBufferView<End>> {
  using src_args_type = noc_traits_t<CircularBuffer>::src_args_type;
  using dst_args_type = noc_traits_t<CircularBuffer>::dst_args_type;
  using dst_args_mcast_type = noc_traits_t<CircularBuffer>::dst_args_mcast_type;

  template <Noc::AddressType Type>
  static uint64_t src_addr(const CircularBufferView<End> &of, const Noc &,
                           const src_args_type &args) {
    static_assert(Type == Noc::AddressType::LOCAL_L1,
                  "a circular buffer is this core's own L1");
    return of.address() + args.offset_bytes;
  }
  template <Noc::AddressType Type>
  static uint64_t dst_addr(const CircularBufferView<End> &of, const Noc &noc,
                           const dst_args_type &args) {
    return src_addr<Type>(of, noc, args);
  }
  template <Noc::AddressType Type>
  static uint64_t dst_addr_mcast(const CircularBufferView<End> &of,
                                 const Noc &noc,
                                 const dst_args_mcast_type &args) {
    return get_noc_multicast_addr(
        args.noc_x_start, args.noc_y_start, args.noc_x_end, args.noc_y_end,
        of.address() + args.offset_bytes, noc.get_noc_id());
  }
};
#endif

#endif
