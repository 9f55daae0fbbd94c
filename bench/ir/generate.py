#!/usr/bin/env python3
"""Writes one program as tile IR, as MLIR and as LLVM IR.

    generate.py SHAPE OPS OUT        writes OUT.tt, OUT.mlir and OUT.ll

SHAPE is one (a single function), many (functions of 100 ops) or deep (loops
nested 200 deep). OPS is how many operations the tile IR has, about; the numbers
of all three are printed. README.md describes the mix.
"""

import sys

INNER_LEVELS = 200


class Tile:
    """The IR of this project."""

    suffix = "tt"

    def __init__(self):
        self.lines, self.depth, self.ops = [], 0, 0

    def put(self, text, ops=1):
        self.lines.append("  " * self.depth + text)
        self.ops += ops

    def text(self):
        return "\n".join(self.lines) + "\n"

    buffer = "buffer<256x256xf32, tiled, dram interleaved, pad = undef>"

    def open_function(self, name):
        self.put(f"func @{name}(%a: {self.buffer}, %b: {self.buffer}, "
                 f"%out: {self.buffer} out) {{")
        self.depth += 1
        self.put("%mt = buffer.dim %out, 0 : index")
        self.put("%nt = buffer.dim %out, 1 : index")

    def close_function(self):
        self.depth -= 1
        self.put("}", 0)

    def allocate(self, out):
        self.put(f"%{out} = buffer.alloc : {self.buffer}")

    def open_nest(self, m, n):
        self.put(f"tile.parallel (%{m}, %{n}) in (%mt, %nt) {{")
        self.depth += 1

    def close_nest(self):
        self.depth -= 1
        self.put("}", 0)

    def index(self, out, kind, a, b):
        self.put(f"%{out} = {kind} {self.value(a)}, {self.value(b)} : index")

    @staticmethod
    def value(name):
        return name if name.isdigit() else f"%{name}"

    def tile(self, out, kind, *operands):
        names = ", ".join(f"%{name}" for name in operands)
        self.put(f"%{out} = tile.{kind} {names} : tile<f32>")

    def fill(self, out):
        self.put(f"%{out} = tile.fill 0.0 : tile<f32>")

    def load(self, out, buffer, row, col):
        self.put(f"%{out} = tile.load %{buffer}[{self.value(row)}, "
                 f"{self.value(col)}] : tile<f32>")

    def store(self, a, buffer, row, col):
        self.put(f"tile.store %{a}, %{buffer}[{self.value(row)}, "
                 f"{self.value(col)}]")

    def open_loop(self, out, k, to, acc, start):
        self.put(f"%{out} = for %{k} in 0 to %{to} "
                 f"carry(%{acc} = %{start}) : tile<f32> {{")
        self.depth += 1

    def close_loop(self, a):
        self.put(f"yield %{a}")
        self.depth -= 1
        self.put("}", 0)


class Mlir(Tile):
    """func, scf, arith, math, vector and memref; a tile is a vector."""

    suffix = "mlir"
    tiles = {"add": "arith.addf", "mul": "arith.mulf", "sub": "arith.subf",
             "max": "arith.maximumf", "exp": "math.exp", "mma": "vector.fma"}
    indices = {"add": "arith.addi", "mul": "arith.muli", "div": "arith.divui",
               "rem": "arith.remui", "min": "arith.minui"}
    buffer = "memref<8x8xvector<32x32xf32>>"

    def open_function(self, name):
        self.put(f"func.func @{name}(%a: {self.buffer}, %b: {self.buffer}, "
                 f"%out: {self.buffer}) {{")
        self.depth += 1
        for number in 0, 1:
            self.put(f"%c{number} = arith.constant {number} : index")
        self.put(f"%mt = memref.dim %out, %c0 : {self.buffer}")
        self.put(f"%nt = memref.dim %out, %c1 : {self.buffer}")

    def close_function(self):
        self.put("return")
        super().close_function()

    def allocate(self, out):
        self.put(f"%{out} = memref.alloc() : {self.buffer}")

    def open_nest(self, m, n):
        self.put(f"scf.parallel (%{m}, %{n}) = (%c0, %c0) to (%mt, %nt) "
                 "step (%c1, %c1) {")
        self.depth += 1

    def close_nest(self):
        self.put("scf.reduce")
        super().close_nest()

    @staticmethod
    def value(name):
        return f"%c{name}" if name.isdigit() else f"%{name}"

    def index(self, out, kind, a, b):
        self.put(f"%{out} = {self.indices[kind]} {self.value(a)}, "
                 f"{self.value(b)} : index")

    def tile(self, out, kind, *operands):
        names = ", ".join(f"%{name}" for name in operands)
        self.put(f"%{out} = {self.tiles[kind]} {names} : vector<32x32xf32>")

    def fill(self, out):
        self.put(f"%{out} = arith.constant dense<0.0> : vector<32x32xf32>")

    def load(self, out, buffer, row, col):
        self.put(f"%{out} = memref.load %{buffer}[{self.value(row)}, "
                 f"{self.value(col)}] : {self.buffer}")

    def store(self, a, buffer, row, col):
        self.put(f"memref.store %{a}, %{buffer}[{self.value(row)}, "
                 f"{self.value(col)}] : {self.buffer}")

    def open_loop(self, out, k, to, acc, start):
        self.put(f"%{out} = scf.for %{k} = %c0 to %{to} step %c1 "
                 f"iter_args(%{acc} = %{start}) -> (vector<32x32xf32>) {{")
        self.depth += 1

    def close_loop(self, a):
        self.put(f"scf.yield %{a} : vector<32x32xf32>")
        self.depth -= 1
        self.put("}", 0)


class Llvm(Tile):
    """Blocks, branches and phis; a tile is a short vector."""

    suffix = "ll"
    vector = "<8 x float>"
    tiles = {"add": "fadd", "mul": "fmul", "sub": "fsub"}
    calls = {"max": "llvm.maximum.v8f32", "exp": "llvm.exp.v8f32",
             "mma": "llvm.fma.v8f32"}
    indices = {"add": "add", "mul": "mul", "div": "udiv", "rem": "urem"}

    def __init__(self):
        super().__init__()
        self.count, self.here, self.loops = 0, "", []
        self.names = {}  # a carried value and the loop's result are one phi
        self.put("declare i64 @llvm.umin.i64(i64, i64)", 0)
        for name, count in ("maximum", 2), ("exp", 1), ("fma", 3):
            types = ", ".join([self.vector] * count)
            self.put(f"declare {self.vector} @llvm.{name}.v8f32({types})", 0)

    def block(self, name):
        self.lines.append(f"{name}:")
        self.here = name

    def open_function(self, name):
        self.put(f"define void @{name}(ptr %a, ptr %b, ptr %out, i64 %mt, "
                 "i64 %nt) {")
        self.block("entry")
        self.depth = 1

    def close_function(self):
        self.put("ret void")
        self.depth = 0
        self.put("}", 0)

    def allocate(self, out):
        self.put(f"%{out} = alloca [64 x {self.vector}]")

    def open_nest(self, m, n):
        self.open_count(m, "mt")
        self.open_count(n, "nt")

    def close_nest(self):
        self.close_count()
        self.close_count()

    def index(self, out, kind, a, b):
        a, b = self.value(a), self.value(b)
        if kind == "min":
            self.put(f"%{out} = call i64 @llvm.umin.i64(i64 {a}, i64 {b})")
        else:
            self.put(f"%{out} = {self.indices[kind]} i64 {a}, {b}")

    def tile_name(self, name):
        return f"%{self.names.get(name, name)}"

    def tile(self, out, kind, *operands):
        if kind in self.tiles:
            names = ", ".join(self.tile_name(name) for name in operands)
            self.put(f"%{out} = {self.tiles[kind]} {self.vector} {names}")
        else:
            names = ", ".join(f"{self.vector} {self.tile_name(name)}"
                              for name in operands)
            self.put(f"%{out} = call {self.vector} @{self.calls[kind]}({names})")

    def fill(self, out):
        self.put(f"%{out} = bitcast {self.vector} zeroinitializer to {self.vector}")

    def address(self, buffer, row, col):
        self.count += 1
        self.put(f"%p{self.count} = getelementptr [8 x {self.vector}], ptr "
                 f"%{buffer}, i64 {self.value(row)}, i64 {self.value(col)}")
        return f"%p{self.count}"

    def load(self, out, buffer, row, col):
        self.put(f"%{out} = load {self.vector}, ptr {self.address(buffer, row, col)}")

    def store(self, a, buffer, row, col):
        self.put(f"store {self.vector} {self.tile_name(a)}, ptr "
                 f"{self.address(buffer, row, col)}")

    def open_count(self, k, to, *phis):
        """A loop that counts %k; `phis` are lines that name LATCH as well."""
        self.count += 1
        n, before = self.count, self.here
        self.put(f"br label %head{n}")
        self.block(f"head{n}")
        self.loops.append((n, k, len(self.lines)))
        self.put(f"%{k} = phi i64 [ 0, %{before} ], [ %next{n}, %LATCH ]")
        for phi in phis:
            self.put(phi.replace("BEFORE", before))
        self.put(f"%go{n} = icmp ult i64 %{k}, %{to}")
        self.put(f"br i1 %go{n}, label %body{n}, label %done{n}")
        self.block(f"body{n}")

    def close_count(self, carried=None):
        n, k, at = self.loops.pop()
        for i in range(at, at + (2 if carried else 1)):
            self.lines[i] = (self.lines[i].replace("LATCH", self.here)
                             .replace("CARRIED", carried or ""))
        self.put(f"%next{n} = add i64 %{k}, 1")
        self.put(f"br label %head{n}")
        self.block(f"done{n}")

    def open_loop(self, out, k, to, acc, start):
        self.open_count(k, to, f"%{out} = phi {self.vector} "
                        f"[ {self.tile_name(start)}, %BEFORE ], "
                        "[ CARRIED, %LATCH ]")
        self.names[acc] = out

    def close_loop(self, a):
        self.close_count(self.tile_name(a))


def cell(out, i, source, target):
    """A nest of 24 ops, of which five are redundant: addresses, a reduction
    over loads, an epilogue, a store."""
    out.open_nest(f"m{i}", f"n{i}")
    out.index(f"base{i}", "mul", f"m{i}", "nt")
    out.index(f"page{i}", "add", f"base{i}", f"n{i}")
    out.index(f"again{i}", "add", f"base{i}", f"n{i}")  # the same once more
    out.index(f"same{i}", "add", f"again{i}", "0")  # no change
    out.index(f"unit{i}", "mul", f"same{i}", "1")  # no change
    out.index(f"row{i}", "div", f"page{i}", "nt")
    out.index(f"col{i}", "rem", f"unit{i}", "nt")
    out.fill(f"zero{i}")
    out.open_loop(f"sum{i}", f"k{i}", "mt", f"acc{i}", f"zero{i}")
    out.index(f"at{i}", "add", f"k{i}", f"row{i}")
    out.index(f"in{i}", "rem", f"at{i}", "nt")
    out.load(f"x{i}", "a", f"row{i}", f"in{i}")
    out.load(f"y{i}", "b", f"in{i}", f"col{i}")
    out.tile(f"t{i}", "mma", f"x{i}", f"y{i}", f"acc{i}")
    out.close_loop(f"t{i}")
    out.load(f"old{i}", source, f"m{i}", f"n{i}")
    out.tile(f"d{i}", "sub", f"sum{i}", f"old{i}")
    out.tile(f"e{i}", "exp", f"d{i}")
    out.tile(f"f{i}", "mul", f"e{i}", f"sum{i}")
    out.tile(f"unused{i}", "add", f"e{i}", f"f{i}")  # nobody reads it
    out.index(f"lost{i}", "mul", f"row{i}", f"col{i}")  # nor this
    out.tile(f"g{i}", "max", f"f{i}", f"old{i}")
    out.store(f"g{i}", target, f"m{i}", f"n{i}")
    out.close_nest()


def write_cells(out, name, count):
    """Nests one behind the other, each reading what the one before wrote."""
    out.open_function(name)
    source = "a"
    for i in range(count):
        target = "out" if i + 1 == count else f"buffer{i}"
        if target != "out":
            out.allocate(target)
        cell(out, i, source, target)
        source = target
    out.close_function()


def level(out, i, depth, tile):
    """Five ops a level, two of them redundant; the loops inside of this one."""
    out.open_loop(f"s{i}", f"k{i}", "mt", f"acc{i}", tile)
    out.index(f"at{i}", "add", f"k{i}", "0")
    out.tile(f"e{i}", "mul", f"acc{i}", tile)
    inner = f"e{i}" if depth == 1 else level(out, i + 1, depth - 1, f"e{i}")
    out.tile(f"unused{i}", "sub", inner, f"acc{i}")
    out.close_loop(inner)
    return f"s{i}"


def write_nests(out, name, count):
    out.open_function(name)
    out.open_nest("m", "n")
    out.load("start", "a", "m", "n")
    tile = "start"
    for i in range(count):
        tile = level(out, i * INNER_LEVELS, INNER_LEVELS, tile)
    out.store(tile, "out", "m", "n")
    out.close_nest()
    out.close_function()


def write(out, shape, ops):
    if shape == "one":
        write_cells(out, "one", max(1, ops // 26))
    elif shape == "many":
        for i in range(max(1, ops // 100)):
            write_cells(out, f"f{i}", 4)
    else:
        write_nests(out, "deep", max(1, ops // (5 * INNER_LEVELS)))


def main(shape, ops, path):
    for dialect in Tile, Mlir, Llvm:
        out = dialect()
        write(out, shape, int(ops))
        with open(f"{path}.{dialect.suffix}", "w", encoding="utf-8") as file:
            file.write(out.text())
        print(dialect.suffix, out.ops)


if __name__ == "__main__":
    main(*sys.argv[1:])
