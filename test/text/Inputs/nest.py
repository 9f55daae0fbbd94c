"""Prints a function with as many nested loops as the argument says."""

import sys

depth = int(sys.argv[1])
print("func @f(%a: buffer<32x32xbf16>, %b: buffer<32x32xbf16> out) {")
print("tile.parallel (%m) in (1) {")
for level in range(depth):
    print(f"for %i{level} in 0 to 2 {{")
print("}" * depth)
print("%t = tile.load %a[%m, 0] : tile<bf16>")
print("tile.store %t, %b[%m, 0]")
print("}")
print("}")
