// Which operand of a two-operand op feeds SrcA.

#ifndef TESSERA_API_COMPUTE_SRC_ORDER_H
#define TESSERA_API_COMPUTE_SRC_ORDER_H

enum class SrcOrder {
  Normal, // the first
  Reverse // the second, as for matmul
};

#endif
