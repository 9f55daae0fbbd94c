# Prints a program too large for the chip.
#   -v args=N     a reader of N buffers of rank 4, each with sizes of its own
#   -v reads=N    a reader of N transfers
#   -v copies=N   a compute kernel of N copies

function open_kernel(name, processor) {
  printf "  kernel @%s {processor = %s} on 1x1 {\n", name, processor
}

BEGIN {
  printf "program @large("
  for (i = 0; i < args; i++)
    printf "%s%%b%d: buffer<2x3x32x32xbf16>", i ? ", " : "", i
  if (!args)
    printf "%%b0: buffer<32xbf16>"
  print ") {order = column} on 1x1 {"
  print "  cb @a {index = 0, batch = 1, depth = 1, page_bytes = 2048, format = bf16} on 1x1"
  if (args || reads) {
    open_kernel("reader", "dm1, noc = 0")
    print "    %p = cb.write_ptr @a : addr"
    for (i = 0; i < args; i++)
      printf "    noc.read_tile %%b%d, 0, %%p\n", i
    for (i = 0; i < reads; i++)
      print "    noc.read_tile %b0, 0, %p"
    print "  }"
  }
  if (copies) {
    open_kernel("compute", "compute, fidelity = hifi4")
    for (i = 0; i < copies; i++)
      print "    fpu.copy @a[0], 0"
    print "  }"
  }
  print "}"
}
