"""Writes much of one thing: many.py chain|nest|calls|idle|behind N [TIMES].

chain  a function that sums N tensors, one after the other
nest   the same by hand, in one loop over tiles
calls  N functions, each of which calls the next one TIMES times
idle   the same, the last one without an op
behind the same two times, and behind that TIMES ops in a function of its own
"""

import sys

shape = "64x64xf32"


def chain(count):
    tensor = f"tensor<{shape}>"
    arguments = ", ".join(f"%a{i}: {tensor}" for i in range(count))
    yield f"func @many({arguments}) -> {tensor} {{"
    yield f"  %s0 = tensor.add %a0, %a0 : {tensor}"
    for i in range(1, count):
        yield f"  %s{i} = tensor.add %s{i - 1}, %a{i} : {tensor}"
    yield f"  return %s{count - 1}"
    yield "}"


def nest(count):
    buffer = f"buffer<{shape}>"
    arguments = ", ".join(f"%a{i}: {buffer}" for i in range(count))
    yield f"func @many({arguments}, %o: {buffer} out) {{"
    yield "  tile.parallel (%m, %n) in (2, 2) {"
    yield "    %s0 = tile.load %a0[%m, %n] : tile<f32>"
    for i in range(1, count):
        yield f"    %t{i} = tile.load %a{i}[%m, %n] : tile<f32>"
        yield f"    %s{i} = tile.add %s{i - 1}, %t{i} : tile<f32>"
    yield f"    tile.store %s{count - 1}, %o[%m, %n]"
    yield "  }"
    yield "}"


def calls(count, times, last="tensor.neg %a{}"):
    tensor = f"tensor<{shape}>"
    for i in range(count):
        yield f"func {'private ' if i else ''}@f{i}(%a0: {tensor}) -> {tensor} {{"
        for k in range(times):
            op = f"call @f{i + 1}(%a{k})" if i + 1 < count else last.format(k)
            yield f"  %a{k + 1} = {op} : {tensor}"
        yield f"  return %a{times}"
        yield "}"


def idle(count, times):
    tensor = f"tensor<{shape}>"
    yield from calls(count, times, f"call @f{count}(%a{{}})")
    yield f"func private @f{count}(%a0: {tensor}) -> {tensor} {{\n  return %a0\n}}"


def behind(count, times):
    tensor = f"tensor<{shape}>"
    yield f"func @outer(%a0: {tensor}) -> {tensor} {{\n  %a1 = call @f0(%a0) : {tensor}"
    for k in range(times):
        yield f"  %a{k + 2} = tensor.neg %a{k + 1} : {tensor}"
    yield f"  return %a{times + 1}\n}}"
    yield from calls(count, 2)


kinds = {"chain": chain, "nest": nest, "calls": calls, "idle": idle, "behind": behind}
kind, *numbers = sys.argv[1:]
print("\n".join(kinds[kind](*map(int, numbers))))
