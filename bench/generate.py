#!/usr/bin/env python3
"""Writes the same chain of tensor additions in our IR and in MLIR's.

    generate.py OPS OUT.tt OUT.mlir

Every operation names two earlier values, so a parser must look up both, and the
last value is returned, so none is dead.
"""

import sys

TYPE = "tensor<32x32xbf16>"


def operands(i):
    # The previous value and one from further back, found without a table.
    return f"%{value(i - 1)}", f"%{value(i - 1 - i % 7)}"


def value(i):
    return "a" if i < 0 else f"v{i}"


def write_tessera(file, ops):
    file.write(f"func @chain(%a: {TYPE}) -> {TYPE} {{\n")
    for i in range(ops):
        left, right = operands(i)
        file.write(f"  %v{i} = tensor.add {left}, {right} : {TYPE}\n")
    file.write(f"  return %v{ops - 1}\n}}\n")


def write_mlir(file, ops):
    file.write(f"func.func @chain(%a: {TYPE}) -> {TYPE} {{\n")
    for i in range(ops):
        left, right = operands(i)
        file.write(f"  %v{i} = arith.addf {left}, {right} : {TYPE}\n")
    file.write(f"  return %v{ops - 1} : {TYPE}\n}}\n")


def main(ops, tessera_path, mlir_path):
    with open(tessera_path, "w", encoding="utf-8") as file:
        write_tessera(file, int(ops))
    with open(mlir_path, "w", encoding="utf-8") as file:
        write_mlir(file, int(ops))


if __name__ == "__main__":
    main(*sys.argv[1:])
