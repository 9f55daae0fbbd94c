// The fixed parts of the host program; their text is in host/*.cpp.
#ifndef TESSERA_LIB_BACKEND_METALIUM_PIECES_H
#define TESSERA_LIB_BACKEND_METALIUM_PIECES_H

typedef enum host_piece {
  HOST_common,
  HOST_options,
  HOST_npy,
  HOST_data,
  HOST_cores,
  HOST_bounded,
  HOST_reference,
  HOST_source,
  HOST_matmul,
  HOST_unary,
  HOST_binary,
  HOST_rounded,
  HOST_compare
} host_piece;

extern const char *const host_pieces[];

#endif
