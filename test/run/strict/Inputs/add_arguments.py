"""Adds N runtime arguments to the reader's table of a module."""

import sys

rows = "".join(f", %v{i}: index = const(0) runtime" for i in range(int(sys.argv[1])))
print(sys.stdin.read().replace(" runtime, %a_words", f" runtime{rows}, %a_words"), end="")
