// Which operand of a two-operand op feeds SrcA.

#ifndef TESSERA_API_COMPUTE_SRC_ORDER_H
#define TESSERA_API_COMPUTE_SRC_ORDER_H

namespace ckernel {

enum class SrcOrder {
  Regular, // the first
  Reverse  // the second, as for matmul
};

} // namespace ckernel

#endif
