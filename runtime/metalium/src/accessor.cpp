// The arguments of accessors: one word that says which fields follow, and the
// fields, some of which may come at run time.

#include "buffers.hpp"

#include <tt-metalium/tensor_accessor_args.hpp>

namespace tt::tt_metal {

using tensor_accessor::ArgConfig;
using tensor_accessor::ArgsConfig;
using tessera::fatal;

TensorAccessorArgs::TensorAccessorArgs(const Buffer *buffer, Config fields)
    : buffer_(buffer) {
  if (!buffer)
    return;
  // As in tt-metal, a kernel takes a buffer whose shards are not described by
  // a distribution for interleaved; the model objects when it does.
  if (buffer->buffer_distribution_spec()) {
    config_ = fields & ArgsConfig(ArgConfig::Runtime);
    config_.set(ArgConfig::Sharded);
  }
  config_.set(ArgConfig::IsDram, buffer->is_dram());
  if (config_.test(ArgConfig::RuntimeRank) &&
      !(config_.test(ArgConfig::RuntimeTensorShape) &&
        config_.test(ArgConfig::RuntimeShardShape)))
    throw fatal("accessor arguments: with the rank at run time, both shapes "
                "come at run time");
  if (config_.test(ArgConfig::RuntimeNumBanks) &&
      !config_.test(ArgConfig::RuntimeBankCoords))
    throw fatal("accessor arguments: with the number of banks at run time, "
                "their coordinates come at run time");
}

TensorAccessorArgs TensorAccessorArgs::create_dram_interleaved() {
  TensorAccessorArgs made;
  made.config_.set(ArgConfig::IsDram);
  return made;
}

void TensorAccessorArgs::check_compile_time_only() const {
  if ((config_ & ArgsConfig(ArgConfig::Runtime)).raw())
    throw fatal("accessor arguments: some come at run time; append_to takes "
                "the common runtime arguments, too");
}

namespace {

// Two to a word, the first one below: NoC coordinates of a core, or a DRAM
// bank's number and 0.
std::vector<std::uint32_t> coordinates(const tessera::model &on,
                                       const std::vector<CoreCoord> &cores,
                                       bool is_dram) {
  std::vector<std::uint32_t> words((cores.size() + 1) / 2);
  for (std::size_t i = 0; i < cores.size(); ++i) {
    auto x = static_cast<std::uint32_t>(cores[i].x);
    auto y = static_cast<std::uint32_t>(cores[i].y);
    if (!is_dram)
      on.check([&] { return tsr_sim_noc_of_core(on.sim, x, y, &x, &y); });
    words[i / 2] |= (x << 8 | y) << (i % 2 * 16);
  }
  return words;
}

} // namespace

std::vector<std::uint32_t> TensorAccessorArgs::fields(bool at_run_time) const {
  std::vector<std::uint32_t> words;
  if (!config_.test(ArgConfig::Sharded))
    return words;
  const BufferDistributionSpec &spec = *buffer_->buffer_distribution_spec();
  const Shape &tensor = spec.tensor_shape_in_pages();
  const Shape &shard = spec.shard_shape_in_pages();
  if (tensor.rank() > MAX_NUM_DIMENSIONS)
    throw fatal("accessor arguments: a tensor of " +
                std::to_string(tensor.rank()) + " dimensions, but there are " +
                std::to_string(MAX_NUM_DIMENSIONS) + " at most");
  auto wanted = [&](ArgConfig field) {
    return config_.test(field) == at_run_time;
  };
  if (wanted(ArgConfig::RuntimeRank))
    words.push_back(static_cast<std::uint32_t>(tensor.rank()));
  if (wanted(ArgConfig::RuntimeNumBanks))
    words.push_back(static_cast<std::uint32_t>(spec.cores().size()));
  if (wanted(ArgConfig::RuntimeTensorShape))
    append(words, {tensor.begin(), tensor.end()});
  if (wanted(ArgConfig::RuntimeShardShape))
    append(words, {shard.begin(), shard.end()});
  if (wanted(ArgConfig::RuntimeBankCoords))
    append(words, coordinates(BufferAccess::model_of(*buffer_), spec.cores(),
                              buffer_->is_dram()));
  return words;
}

std::vector<std::uint32_t> TensorAccessorArgs::get_common_runtime_args() const {
  return fields(true);
}

std::vector<std::uint32_t>
TensorAccessorArgs::compile_time_words(const char *profile) const {
  std::vector<std::uint32_t> words = {config_.raw()};
  // Since mid 2026 the aligned page size follows.
  if (tessera::chosen_profile(profile) != "2026-02")
    words.push_back(
        buffer_ ? static_cast<std::uint32_t>(buffer_->aligned_page_size()) : 0);
  append(words, fields(false));
  return words;
}

} // namespace tt::tt_metal
