// The object form of the NoC API: a Noc moves bytes between a source and a
// target, each a thing with arguments of its own. noc_traits_t says what the
// address of a thing is.

#ifndef TESSERA_METALIUM_NOC_OBJECTS_H
#define TESSERA_METALIUM_NOC_OBJECTS_H

#include "api/dataflow/dataflow_api.h"

// What a transfer is to be besides; flags are combined with |.
enum class NocOptions : uint32_t {
  DEFAULT = 0,
  TXN_ID = 1u << 0,
  POSTED = 1u << 1,
  CUSTOM_VC = 1u << 2,
  MCAST_INCL_SRC = 1u << 3,
  INLINE_L1 = 1u << 4,
  INLINE_REG = 1u << 5,
};

constexpr NocOptions operator|(NocOptions a, NocOptions b) {
  return static_cast<NocOptions>(static_cast<uint32_t>(a) |
                                 static_cast<uint32_t>(b));
}

constexpr bool has_flag(NocOptions options, NocOptions flag) {
  return (static_cast<uint32_t>(options) & static_cast<uint32_t>(flag)) != 0;
}

struct NocOptVals {
  uint32_t vc = NOC_UNICAST_WRITE_VC;
  uint32_t trid = 0;
};

template <typename T> struct noc_traits_t {
  static_assert(sizeof(T) == 0,
                "NoC transactions are not supported for this type");
};

class Noc {
public:
  enum class AddressType { NOC, LOCAL_L1 };
  static constexpr uint32_t INVALID_TXN_ID = 0xffffffff;

  Noc() : noc_(noc_index) {}
  explicit Noc(uint8_t noc) : noc_(noc) {}

  uint8_t get_noc_id() const { return noc_; }
  bool is_local_bank(uint32_t noc_x, uint32_t noc_y) const {
    return tessera::is_here(noc_x, noc_y);
  }
  bool is_local_addr(uint64_t address) const {
    return tsr_sim_noc_is_self(address);
  }

protected:
  template <typename T>
  using source_args = typename noc_traits_t<T>::src_args_type;
  template <typename T>
  using target_args = typename noc_traits_t<T>::dst_args_type;
  template <typename T>
  using multicast_args = typename noc_traits_t<T>::dst_args_mcast_type;

private:
  static constexpr auto remote = AddressType::NOC;
  static constexpr auto local = AddressType::LOCAL_L1;

  template <typename T>
  uint64_t source(const T &of, const source_args<T> &args) const {
    return noc_traits_t<T>::template src_addr<remote>(of, *this, args);
  }
  template <typename T>
  uint32_t local_source(const T &of, const source_args<T> &args) const {
    return static_cast<uint32_t>(
        noc_traits_t<T>::template src_addr<local>(of, *this, args));
  }
  template <typename T>
  uint64_t target(const T &of, const target_args<T> &args) const {
    return noc_traits_t<T>::template dst_addr<remote>(of, *this, args);
  }
  template <typename T>
  uint32_t local_target(const T &of, const target_args<T> &args) const {
    return static_cast<uint32_t>(
        noc_traits_t<T>::template dst_addr<local>(of, *this, args));
  }

public:
  template <NocOptions Options = NocOptions::DEFAULT,
            uint32_t MaxPageBytes = NOC_MAX_BURST_SIZE + 1, bool Trace = true,
            typename Source, typename Target>
  void async_read(const Source &from, const Target &to, uint32_t bytes,
                  const source_args<Source> &from_args,
                  const target_args<Target> &to_args,
                  const NocOptVals &values = {},
                  tsr_sim_where where = tessera::here()) const {
    const tessera::method whole(__func__, where);
    if constexpr (has_flag(Options, NocOptions::TXN_ID))
      noc_async_read_set_trid(values.trid, noc_, where);
    noc_async_read<MaxPageBytes, Trace>(source(from, from_args),
                                        local_target(to, to_args), bytes, noc_,
                                        values.vc, where);
  }

  template <NocOptions Options = NocOptions::DEFAULT,
            uint32_t MaxPageBytes = NOC_MAX_BURST_SIZE + 1, typename Source>
  void set_async_read_state(const Source &from, uint32_t bytes,
                            const source_args<Source> &from_args,
                            const NocOptVals &values = {},
                            tsr_sim_where where = tessera::here()) const {
    const tessera::method whole(__func__, where);
    if constexpr (MaxPageBytes <= NOC_MAX_BURST_SIZE)
      noc_async_read_one_packet_set_state(source(from, from_args), bytes, 0,
                                          noc_, where);
    else
      noc_async_read_set_state(source(from, from_args), noc_, where);
    if constexpr (has_flag(Options, NocOptions::TXN_ID))
      noc_async_read_set_trid(values.trid, noc_, where);
  }

  template <NocOptions Options = NocOptions::DEFAULT,
            uint32_t MaxPageBytes = NOC_MAX_BURST_SIZE + 1, typename Source,
            typename Target>
  void async_read_with_state(const Source &from, const Target &to,
                             uint32_t bytes,
                             const source_args<Source> &from_args,
                             const target_args<Target> &to_args,
                             const NocOptVals & = {},
                             tsr_sim_where where = tessera::here()) const {
    const tessera::method whole(__func__, where);
    const auto at = static_cast<uint32_t>(source(from, from_args));
    if constexpr (MaxPageBytes <= NOC_MAX_BURST_SIZE)
      noc_async_read_one_packet_with_state(at, local_target(to, to_args), 0,
                                           noc_, where);
    else
      noc_async_read_with_state(at, local_target(to, to_args), bytes, noc_,
                                where);
  }

  template <NocOptions Options = NocOptions::DEFAULT,
            uint32_t MaxPageBytes = NOC_MAX_BURST_SIZE + 1, bool Trace = true,
            typename Source, typename Target>
  void async_write(const Source &from, const Target &to, uint32_t bytes,
                   const source_args<Source> &from_args,
                   const target_args<Target> &to_args,
                   const NocOptVals &values = {},
                   tsr_sim_where where = tessera::here()) const {
    const tessera::method whole(__func__, where);
    if constexpr (has_flag(Options, NocOptions::TXN_ID))
      noc_async_write_set_trid(values.trid, noc_, where);
    noc_async_write<MaxPageBytes, Trace, has_flag(Options, NocOptions::POSTED)>(
        local_source(from, from_args), target(to, to_args), bytes, noc_,
        values.vc, where);
  }

  template <NocOptions Options = NocOptions::DEFAULT,
            uint32_t MaxPageBytes = NOC_MAX_BURST_SIZE + 1, bool Trace = true,
            typename Source, typename Target>
  void async_write_multicast(const Source &from, const Target &to,
                             uint32_t bytes, uint32_t core_count,
                             const source_args<Source> &from_args,
                             const multicast_args<Target> &to_args,
                             bool linked = false,
                             tsr_sim_where where = tessera::here()) const {
    const tessera::method whole(__func__, where);
    static_assert(!has_flag(Options, NocOptions::TXN_ID) &&
                      !has_flag(Options, NocOptions::POSTED),
                  "multicasts have no transaction and are not posted");
    const uint64_t at = noc_traits_t<Target>::template dst_addr_mcast<remote>(
        to, *this, to_args);
    if constexpr (has_flag(Options, NocOptions::MCAST_INCL_SRC))
      noc_async_write_multicast_loopback_src(local_source(from, from_args), at,
                                             bytes, core_count, linked, noc_,
                                             where);
    else
      noc_async_write_multicast<MaxPageBytes>(local_source(from, from_args), at,
                                              bytes, core_count, linked, noc_,
                                              where);
  }

  template <NocOptions Options = NocOptions::DEFAULT,
            uint32_t MaxPageBytes = NOC_MAX_BURST_SIZE + 1, typename Target>
  void set_async_write_state(const Target &to, uint32_t bytes,
                             const target_args<Target> &to_args,
                             const NocOptVals & = {},
                             tsr_sim_where where = tessera::here()) const {
    const tessera::method whole(__func__, where);
    static_assert(!has_flag(Options, NocOptions::TXN_ID),
                  "writes with state have no transaction");
    const tessera::on_noc use(noc_, where);
    tsr_sim_noc_set_write_state(target(to, to_args),
                                MaxPageBytes <= NOC_MAX_BURST_SIZE ? bytes : 0,
                                has_flag(Options, NocOptions::POSTED), where);
  }

  template <NocOptions Options = NocOptions::DEFAULT,
            uint32_t MaxPageBytes = NOC_MAX_BURST_SIZE + 1, typename Source,
            typename Target>
  void async_write_with_state(const Source &from, const Target &to,
                              uint32_t bytes,
                              const source_args<Source> &from_args,
                              const target_args<Target> &to_args,
                              const NocOptVals & = {},
                              tsr_sim_where where = tessera::here()) const {
    const tessera::method whole(__func__, where);
    static_assert(!has_flag(Options, NocOptions::TXN_ID),
                  "writes with state have no transaction");
    const tessera::on_noc use(noc_, where);
    tsr_sim_noc_write_with_state(local_source(from, from_args),
                                 static_cast<uint32_t>(target(to, to_args)),
                                 MaxPageBytes <= NOC_MAX_BURST_SIZE ? 0 : bytes,
                                 has_flag(Options, NocOptions::POSTED), where);
  }

  template <NocOptions Options = NocOptions::DEFAULT, typename Target>
  void inline_dw_write(const Target &to, uint32_t value,
                       const target_args<Target> &to_args, uint8_t enable = 0xf,
                       const NocOptVals & = {},
                       tsr_sim_where where = tessera::here()) const {
    const tessera::method whole(__func__, where);
    static_assert(!has_flag(Options, NocOptions::TXN_ID),
                  "words have no transaction");
    static_assert(!has_flag(Options, NocOptions::INLINE_REG),
                  "the model has no stream registers to write to");
    noc_inline_dw_write<InlineWriteDst::DEFAULT,
                        has_flag(Options, NocOptions::POSTED)>(
        target(to, to_args), value, enable, noc_, NOC_UNICAST_WRITE_VC, 0,
        where);
  }

  bool is_read_trid_flushed(uint32_t transaction,
                            tsr_sim_where where = tessera::here()) const {
    const tessera::method whole(__func__, where);
    return ncrisc_noc_read_with_transaction_id_flushed(noc_, transaction,
                                                       where);
  }

  template <NocOptions Options = NocOptions::DEFAULT>
  void async_read_barrier(const NocOptVals &values = {},
                          tsr_sim_where where = tessera::here()) const {
    const tessera::method whole(__func__, where);
    if constexpr (has_flag(Options, NocOptions::TXN_ID))
      noc_async_read_barrier_with_trid(values.trid, noc_, where);
    else
      noc_async_read_barrier(noc_, where);
  }
  template <NocOptions Options = NocOptions::DEFAULT>
  void async_write_barrier(const NocOptVals &values = {},
                           tsr_sim_where where = tessera::here()) const {
    const tessera::method whole(__func__, where);
    if constexpr (has_flag(Options, NocOptions::TXN_ID))
      noc_async_write_barrier_with_trid(values.trid, noc_, where);
    else
      noc_async_write_barrier(noc_, where);
  }
  template <NocOptions Options = NocOptions::DEFAULT>
  void async_writes_flushed(const NocOptVals &values = {},
                            tsr_sim_where where = tessera::here()) const {
    const tessera::method whole(__func__, where);
    if constexpr (has_flag(Options, NocOptions::POSTED))
      noc_async_posted_writes_flushed(noc_, where);
    else if constexpr (has_flag(Options, NocOptions::TXN_ID))
      noc_async_write_flushed_with_trid(values.trid, noc_, where);
    else
      noc_async_writes_flushed(noc_, where);
  }
  void async_atomic_barrier(tsr_sim_where where = tessera::here()) const {
    const tessera::method whole(__func__, where);
    noc_async_atomic_barrier(noc_, where);
  }
  void async_full_barrier(tsr_sim_where where = tessera::here()) const {
    const tessera::method whole(__func__, where);
    noc_async_full_barrier(noc_, where);
  }

private:
  uint8_t noc_;
};

// -- Places -------------------------------------------------------------------

struct UnicastEndpoint {};
struct MulticastEndpoint {};
enum class AllocatorBankType { L1, DRAM };
template <AllocatorBankType Type> struct AllocatorBank {};

// A thing in this core's L1.
template <typename T, typename Address = uintptr_t> class CoreLocalMem {
public:
  CoreLocalMem(Address address) : address_(address) {}
  CoreLocalMem(T *pointer) : address_(reinterpret_cast<Address>(pointer)) {}

  tt_l1_ptr T *get_unsafe_ptr() const {
    return reinterpret_cast<T *>(address_);
  }
  Address get_address() const { return address_; }
  T &operator[](uint32_t index) const { return get_unsafe_ptr()[index]; }
  T &operator*() const { return *get_unsafe_ptr(); }
  T *operator->() const { return get_unsafe_ptr(); }
  CoreLocalMem &operator+=(ptrdiff_t steps) {
    address_ += static_cast<Address>(steps) * sizeof(T);
    return *this;
  }
  CoreLocalMem &operator-=(ptrdiff_t steps) { return *this += -steps; }
  CoreLocalMem &operator++() { return *this += 1; }
  CoreLocalMem &operator--() { return *this -= 1; }
  CoreLocalMem operator++(int) {
    const CoreLocalMem before = *this;
    *this += 1;
    return before;
  }
  CoreLocalMem operator--(int) {
    const CoreLocalMem before = *this;
    *this -= 1;
    return before;
  }
  CoreLocalMem operator+(ptrdiff_t steps) const {
    CoreLocalMem later = *this;
    return later += steps;
  }
  CoreLocalMem operator-(ptrdiff_t steps) const { return *this + -steps; }
  ptrdiff_t operator-(const CoreLocalMem &from) const {
    return (static_cast<ptrdiff_t>(address_) -
            static_cast<ptrdiff_t>(from.address_)) /
           static_cast<ptrdiff_t>(sizeof(T));
  }
  bool operator==(const CoreLocalMem &to) const {
    return address_ == to.address_;
  }
  bool operator!=(const CoreLocalMem &to) const {
    return address_ != to.address_;
  }
  bool operator<(const CoreLocalMem &to) const {
    return address_ < to.address_;
  }
  bool operator<=(const CoreLocalMem &to) const {
    return address_ <= to.address_;
  }
  bool operator>(const CoreLocalMem &to) const {
    return address_ > to.address_;
  }
  bool operator>=(const CoreLocalMem &to) const {
    return address_ >= to.address_;
  }
  explicit operator bool() const { return address_ != 0; }

private:
  Address address_;
};

namespace tessera {

// Of a thing whose address is the same whether it is read from or written to:
// noc_traits_t<Of>::address. `Only` is where it lies.
template <typename Of, typename Args, Noc::AddressType Only> struct place {
  using src_args_type = Args;
  using dst_args_type = Args;

  template <Noc::AddressType Type>
  static uint64_t src_addr(const Of &of, const Noc &noc, const Args &args) {
    static_assert(Type == Only || Only == Noc::AddressType::LOCAL_L1,
                  "what is elsewhere is neither the target of a read nor the "
                  "source of a write");
    static_assert(Type == Only || Only == Noc::AddressType::NOC,
                  "what is in this core's own L1 is neither the source of a "
                  "read nor the target of a write");
    return noc_traits_t<Of>::address(of, noc, args);
  }
  template <Noc::AddressType Type>
  static uint64_t dst_addr(const Of &of, const Noc &noc, const Args &args) {
    return src_addr<Type>(of, noc, args);
  }
};

struct offset_args {
  uint32_t offset_bytes{};
};
struct bank_args {
  uint32_t bank_id{};
  uint32_t addr{};
};
struct page_args {
  uint32_t page_id{};
  uint32_t offset_bytes{};
};
struct shard_args {
  uint32_t shard_id{};
  uint32_t offset_bytes{};
};

} // namespace tessera

template <> struct noc_traits_t<UnicastEndpoint> {
  struct src_args_type {
    uint32_t noc_x{};
    uint32_t noc_y{};
    uint32_t addr{};
  };
  using dst_args_type = src_args_type;

  template <Noc::AddressType Type>
  static uint64_t src_addr(const UnicastEndpoint &, const Noc &noc,
                           const src_args_type &args) {
    if (Type == Noc::AddressType::LOCAL_L1)
      return args.addr;
    return get_noc_addr(args.noc_x, args.noc_y, args.addr, noc.get_noc_id());
  }
  template <Noc::AddressType Type>
  static uint64_t dst_addr(const UnicastEndpoint &of, const Noc &noc,
                           const dst_args_type &args) {
    return src_addr<Type>(of, noc, args);
  }
};

template <> struct noc_traits_t<MulticastEndpoint> {
  struct dst_args_mcast_type {
    uint32_t noc_x_start{};
    uint32_t noc_y_start{};
    uint32_t noc_x_end{};
    uint32_t noc_y_end{};
    uint32_t addr{};
  };

  template <Noc::AddressType Type>
  static uint64_t dst_addr_mcast(const MulticastEndpoint &, const Noc &noc,
                                 const dst_args_mcast_type &args) {
    return get_noc_multicast_addr(args.noc_x_start, args.noc_y_start,
                                  args.noc_x_end, args.noc_y_end, args.addr,
                                  noc.get_noc_id());
  }
};

template <AllocatorBankType Bank>
struct noc_traits_t<AllocatorBank<Bank>>
    : tessera::place<AllocatorBank<Bank>, tessera::bank_args,
                     Noc::AddressType::NOC> {
  static uint64_t address(const AllocatorBank<Bank> &, const Noc &noc,
                          const tessera::bank_args &args) {
    constexpr bool is_dram = Bank == AllocatorBankType::DRAM;
    return get_noc_addr_from_bank_id<is_dram>(args.bank_id, args.addr,
                                              noc.get_noc_id());
  }
};

template <typename T, typename Address>
struct noc_traits_t<CoreLocalMem<T, Address>>
    : tessera::place<CoreLocalMem<T, Address>, tessera::offset_args,
                     Noc::AddressType::LOCAL_L1> {
  static uint64_t address(const CoreLocalMem<T, Address> &of, const Noc &,
                          const tessera::offset_args &args) {
    return of.get_address() + args.offset_bytes;
  }
};

template <typename Spec, bool Interleaved>
struct noc_traits_t<TensorAccessor<Spec, Interleaved>>
    : tessera::place<TensorAccessor<Spec, Interleaved>, tessera::page_args,
                     Noc::AddressType::NOC> {
  static uint64_t address(const TensorAccessor<Spec, Interleaved> &of,
                          const Noc &noc, const tessera::page_args &args) {
    of.check_page(args.page_id, {nullptr, 0});
    return of.get_noc_addr(args.page_id, args.offset_bytes, noc.get_noc_id());
  }
};

// A tensor's pages, or its shards, without regard to what holds them.
template <typename Accessor>
struct noc_traits_t<PageView<Accessor>>
    : tessera::place<PageView<Accessor>, tessera::page_args,
                     Noc::AddressType::NOC> {
  static uint64_t address(const PageView<Accessor> &of, const Noc &noc,
                          const tessera::page_args &args) {
    return of.get_noc_addr(args.page_id, args.offset_bytes, noc.get_noc_id());
  }
};

template <typename Accessor>
struct noc_traits_t<ShardView<Accessor>>
    : tessera::place<ShardView<Accessor>, tessera::shard_args,
                     Noc::AddressType::NOC> {
  static uint64_t address(const ShardView<Accessor> &of, const Noc &noc,
                          const tessera::shard_args &args) {
    return of.get_noc_addr(args.shard_id, args.offset_bytes, noc.get_noc_id());
  }
};

template <>
struct noc_traits_t<tensor_accessor::Page>
    : tessera::place<tensor_accessor::Page, tessera::offset_args,
                     Noc::AddressType::NOC> {
  static uint64_t address(const tensor_accessor::Page &of, const Noc &,
                          const tessera::offset_args &args) {
    return of.noc_addr() + args.offset_bytes;
  }
};

#endif
