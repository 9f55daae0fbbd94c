"""Prints a stage-1 module for the execution tests.

    program.py KIND SHAPE [--element=bf16|f32] [--grid=RxC] [--target=NAME]

KIND matmul, matmul_shared (one B for all batches), residual (relu(A·B + R)),
exp_matmul (exp(A)·exp(B)): SHAPE is [batch x] M x K x N. KIND chain
(exp(a*a + b) - c), both (a+b and a-b), all (every elementwise op): SHAPE is the
shape of the tensors.
"""

import argparse


def module(name, args, results, lines, returned, options):
    def typed(shape):
        return "tensor<%sx%s>" % (shape, options.element)

    head = "module"
    if options.target:
        head += ' target("%s")' % options.target
    if options.grid:
        head += " grid(%s)" % options.grid
    types = [typed(s) for s in results]
    print("%s {" % head)
    print("  func @%s(%s) -> %s {" % (
        name, ", ".join("%%%s: %s" % (n, typed(s)) for n, s in args),
        types[0] if len(types) == 1 else "(%s)" % ", ".join(types)))
    for result, op, operands, shape in lines:
        print("    %%%s = tensor.%s %s : %s" % (
            result, op, ", ".join("%" + o for o in operands.split()),
            typed(shape)))
    print("    return %s" % ", ".join("%" + r for r in returned))
    print("  }\n}")


def matmul(kind, shape, options):
    sizes = shape.split("x")
    batch = "".join(n + "x" for n in sizes[:-3])
    m, k, n = sizes[-3:]
    a = "%s%sx%s" % (batch, m, k)
    b = "%s%sx%s" % ("" if kind == "matmul_shared" else batch, k, n)
    c = "%s%sx%s" % (batch, m, n)
    args = [("a", a), ("b", b)]
    product = ("c", "matmul", "a b", c)
    if kind == "residual":
        lines = [product, ("d", "add", "c r", c), ("e", "relu", "d", c)]
        module(kind, [("r", c)] + args, [c], lines, ["e"], options)
    elif kind == "exp_matmul":
        lines = [("x", "exp", "a", a), ("y", "exp", "b", b),
                 ("c", "matmul", "x y", c)]
        module(kind, args, [c], lines, ["c"], options)
    else:
        module(kind, args, [c], [product], ["c"], options)


def elementwise(kind, shape, options):
    if kind == "chain":
        lines = [("0", "mul", "a a", shape), ("1", "add", "0 b", shape),
                 ("2", "exp", "1", shape), ("3", "sub", "2 c", shape)]
        module(kind, [(n, shape) for n in "abc"], [shape], lines, ["3"],
               options)
    elif kind == "both":
        lines = [("s", "add", "a b", shape), ("d", "sub", "a b", shape)]
        module(kind, [(n, shape) for n in "ab"], [shape] * 2, lines,
               ["s", "d"], options)
    else:
        lines = [("0", "max", "a b", shape), ("1", "relu", "0", shape),
                 ("2", "sqrt", "1", shape), ("3", "neg", "2", shape),
                 ("4", "mul", "3 b", shape), ("5", "sub", "4 a", shape),
                 ("6", "exp", "5", shape), ("7", "add", "6 b", shape)]
        module(kind, [(n, shape) for n in "ab"], [shape] * 2, lines,
               ["7", "3"], options)


parser = argparse.ArgumentParser()
parser.add_argument("kind")
parser.add_argument("shape")
parser.add_argument("--element", default="bf16")
parser.add_argument("--grid")
parser.add_argument("--target")
given = parser.parse_args()
if given.kind in ("matmul", "matmul_shared", "residual", "exp_matmul"):
    matmul(given.kind, given.shape, given)
else:
    elementwise(given.kind, given.shape, given)
