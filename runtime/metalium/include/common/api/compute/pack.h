// From DST to circular buffers.

#ifndef TESSERA_API_COMPUTE_PACK_H
#define TESSERA_API_COMPUTE_PACK_H

#include "tessera_metalium/compute.h"

enum ReluType {
  NO_RELU,
  ZERO_RELU,
  MIN_THRESHOLD_RELU,
  MAX_THRESHOLD_RELU,
};

namespace ckernel {

// To the next slot since the last push; with `out_of_order` to slot `slot` of
// what is reserved.
template <bool out_of_order = false>
ALWI void pack_tile(uint32_t dst, uint32_t cb, uint32_t slot = 0,
                    tsr_sim_where where = tessera::here()) {
  if constexpr (out_of_order) {
    PACK((tsr_sim_pack_at(dst, cb, slot, where)));
  } else {
    PACK((tsr_sim_pack(dst, cb, where)));
  }
}

ALWI void pack_tile_block(uint32_t dst, uint32_t cb, uint32_t count,
                          tsr_sim_where where = tessera::here()) {
  const tessera::call whole(__func__, where);
  for (uint32_t i = 0; i < count; ++i) {
    PACK((tsr_sim_pack(dst + i, cb, where)));
  }
}

#if TESSERA_METALIUM_MONTH >= 202609
ALWI void pack_block(uint32_t dst, uint32_t cb, uint32_t count,
                     tsr_sim_where where = tessera::here()) {
  const tessera::call whole(__func__, where);
  pack_tile_block(dst, cb, count, where);
}
#endif

template <bool is_tile_dim_reconfig_en = false>
ALWI void pack_reconfig_data_format(uint32_t cb,
                                    tsr_sim_where where = tessera::here()) {
  PACK((tsr_sim_format_pack(cb, where)));
}

template <bool is_tile_dim_reconfig_en = false>
ALWI void pack_reconfig_data_format(uint32_t cb_old, uint32_t cb_new,
                                    tsr_sim_where where = tessera::here()) {
  PACK((tsr_sim_pack_differs(cb_old, cb_new, where)
            ? tsr_sim_format_pack(cb_new, where)
            : void()));
}

ALWI void pack_reconfig_l1_acc(uint32_t on,
                               tsr_sim_where where = tessera::here()) {
  PACK((tsr_sim_pack_accumulate(on != 0, where)));
}

ALWI void llk_pack_reconfig_l1_acc(uint32_t on,
                                   tsr_sim_where where = tessera::here()) {
  const tessera::call whole(__func__, where);
  PACK((tsr_sim_pack_accumulate(on != 0, where)));
}

// A ReluType, with a threshold in bf16 in the upper 16 bits.
ALWI void llk_pack_relu_config(uint32_t config,
                               tsr_sim_where where = tessera::here()) {
  [[maybe_unused]] const uint32_t kind = config & 0xf;
  PACK((tsr_sim_pack_relu(kind == NO_RELU              ? TSR_SIM_RELU_NONE
                          : kind == MAX_THRESHOLD_RELU ? TSR_SIM_RELU_BETWEEN
                                                       : TSR_SIM_RELU_ABOVE,
                          __builtin_bit_cast(float, config & 0xffff0000u),
                          where)));
}

#if TESSERA_METALIUM_MONTH >= 202609
// The same as an object; thresholds are bf16.
struct ReluConfig {
  static constexpr ReluConfig none() { return {NO_RELU}; }
  static constexpr ReluConfig zero() { return {ZERO_RELU}; }
  static constexpr ReluConfig min_threshold(uint32_t threshold) {
    return {MIN_THRESHOLD_RELU, threshold};
  }
  static constexpr ReluConfig max_threshold(uint32_t threshold) {
    return {MAX_THRESHOLD_RELU, threshold};
  }
  static constexpr ReluConfig from_packed(uint32_t packed) {
    return {static_cast<ReluType>(packed & 3), packed >> 16};
  }
  constexpr ReluType get_mode() const { return mode_; }
  constexpr uint32_t get_threshold() const { return threshold_; }

private:
  constexpr ReluConfig(ReluType mode, uint32_t threshold = 0)
      : mode_(mode), threshold_(threshold) {}

  ReluType mode_;
  uint32_t threshold_;
};

ALWI void llk_pack_relu_config(ReluConfig config,
                               tsr_sim_where where = tessera::here()) {
  llk_pack_relu_config(static_cast<uint32_t>(config.get_mode()) |
                           config.get_threshold() << 16,
                       where);
}

ALWI void pack_relu_config(ReluConfig config,
                           tsr_sim_where where = tessera::here()) {
  const tessera::call whole(__func__, where);
  PACK((llk_pack_relu_config(config, where)));
}

ALWI void pack_relu_config(uint32_t config,
                           tsr_sim_where where = tessera::here()) {
  const tessera::call whole(__func__, where);
  PACK((llk_pack_relu_config(config, where)));
}
#endif

} // namespace ckernel

#endif
