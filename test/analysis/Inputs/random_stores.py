#!/usr/bin/env python3
"""Compares which stores are said to take undefined tiles with a run of the same module.

Grows nests at random whose blocks lack tiles, runs them here, tile by tile, and asks tt-opt what it thinks of each store:

- an error must be a store that takes an undefined tile in each run of the nest;
- a store that takes one in some run must have a message, unless indices that only a run knows are involved, which are
  taken for the good.
"""
import argparse
import random
import re
import subprocess
import sys

SHAPES = [(1, 1), (1, 2), (2, 2)]
MAX_DEPTH = 3
HEAD = 'module version(1) target("wormhole_b0") grid(1x1) {'
# What else is wrong with such nests.
OTHERS = {"tile-written-twice", "store-out-of-range", "function-gives-nothing"}


class Nest:
    """The text of one function, and the program it stands for."""

    def __init__(self, seed):
        self.seed = seed
        self.rng = rng = random.Random(seed)
        self.exact = seed % 2 == 0  # no indices in blocks that only a run knows
        self.lines, self.body = [], []
        self.count = self.buffers = 0  # of values and outputs
        self.stores = []  # lines, the function's is 1
        self.programs = rng.choice([1, 2, 2])
        self.emit(1, f"tile.parallel (%m) in ({self.programs}) {{")
        scope = {"index": [("%m", self.programs - 1)], "tiles": [], "valid": []}
        self.grow_block(self.body, scope, 2, rng.randint(4, 12), 0)
        self.emit(1, "}")
        arguments = ["%a: buffer<256x256xf32>"] + [
            f"%o{i}: buffer<256x256xf32> inout" for i in range(self.buffers)]
        self.lines = [f"func @f{seed}({', '.join(arguments)}) {{"] + self.lines + ["}"]

    def emit(self, depth, text):
        self.lines.append("  " * depth + text)
        return len(self.lines) + 1

    def name(self):
        self.count += 1
        return f"%v{self.count}"

    def index(self, body, scope, depth):
        if self.rng.random() < 0.5:
            return str(self.rng.randint(0, 3))
        name, _ = self.rng.choice(scope["index"])
        kind = self.rng.randint(0, 3)
        if kind == 0:
            return name
        result = self.name()
        op = ["add", "rem", "min"][kind - 1]
        other = self.rng.randint(1, 2)
        self.emit(depth, f"{result} = {op} {name}, {other} : index")
        body.append((op, result, name, other))
        scope["index"].append((result, None))
        return result

    def place(self, scope, limit):
        if limit == 1:
            return "0"
        known = [n for n, top in scope["index"] if top is not None and 0 < top < limit]
        if known and not self.exact and self.rng.random() < 0.4:
            return self.rng.choice(known)
        return str(self.rng.randint(0, limit - 1))

    def tiles(self, scope, shape):
        fitting = [n for n, s in scope["tiles"] if s == shape]
        return self.rng.choice(fitting[-4:]) if fitting else None

    def some(self, body, scope, depth, shape):
        """A block of a shape, made if there is none."""
        found = self.tiles(scope, shape) if self.rng.random() < 0.9 else None
        return found or self.make(body, scope, depth, shape)

    def make(self, body, scope, depth, shape):
        result = self.name()
        if self.rng.random() < 0.35:
            self.emit(depth, f"{result} = tile.empty : tile<{shape[0]}x{shape[1]}xf32>")
            body.append(("empty", result, shape))
        else:
            valid = self.valid(body, scope, depth)
            text = f" valid({valid[0]}, {valid[1]})" if valid else ""
            self.emit(depth, f"{result} = tile.load %a[0, 0]{text} : tile<{shape[0]}x{shape[1]}xf32>")
            body.append(("load", result, shape, valid))
        scope["tiles"].append((result, shape))
        return result

    def valid(self, body, scope, depth):
        if self.rng.random() < 0.4:
            return None
        if scope["valid"] and self.rng.random() < 0.5:
            return self.rng.choice(scope["valid"])
        pair = (self.index(body, scope, depth), self.index(body, scope, depth))
        scope["valid"].append(pair)
        return pair

    def copy(self, scope):
        return {key: list(items) for key, items in scope.items()}

    def grow_block(self, body, scope, depth, count, nesting):
        for _ in range(count):
            kind = self.rng.random()
            if kind < 0.3:
                self.grow_math(body, scope, depth)
            elif kind < 0.5:
                self.grow_moves(body, scope, depth)
            elif kind < 0.65 or nesting == MAX_DEPTH:
                self.grow_store(body, scope, depth)
            elif kind < 0.85:
                self.grow_for(body, scope, depth, nesting)
            else:
                self.grow_if(body, scope, depth, nesting)

    def grow_math(self, body, scope, depth):
        shape = self.rng.choice(SHAPES)
        kind = self.rng.randint(0, 3)
        if kind == 0:
            self.make(body, scope, depth, shape)
            return
        a, b = self.some(body, scope, depth, shape), self.some(body, scope, depth, shape)
        result, type = self.name(), f"tile<{shape[0]}x{shape[1]}xf32>"
        if kind == 1:
            self.emit(depth, f"{result} = tile.neg {a} : {type}")
            body.append(("both", result, [a]))
        elif kind == 2 or shape == (2, 2):
            self.emit(depth, f"{result} = tile.add {a}, {b} : {type}")
            body.append(("both", result, [a, b]))
        else:
            shape = self.rng.choice([(1, 2), (2, 2)])
            a, b, c = (self.some(body, scope, depth, (shape[0], 2)), self.some(body, scope, depth, (2, 2)),
                       self.some(body, scope, depth, shape))
            self.emit(depth, f"{result} = tile.mma {a}, {b}, {c} : tile<{shape[0]}x{shape[1]}xf32>")
            body.append(("mma", result, a, b, c))
        scope["tiles"].append((result, shape))

    def grow_moves(self, body, scope, depth):
        shape = self.rng.choice([(1, 2), (2, 2)])
        block = self.some(body, scope, depth, shape)
        row, col = self.place(scope, shape[0]), self.place(scope, shape[1])
        result = self.name()
        if self.rng.random() < 0.5:
            self.emit(depth, f"{result} = tile.extract {block}[{row}, {col}] : tile<f32>")
            body.append(("extract", result, block, row, col))
            scope["tiles"].append((result, (1, 1)))
        else:
            tile = self.some(body, scope, depth, (1, 1))
            self.emit(depth, f"{result} = tile.insert {tile}, {block}[{row}, {col}] : tile<{shape[0]}x{shape[1]}xf32>")
            body.append(("insert", result, tile, block, row, col))
            scope["tiles"].append((result, shape))

    def grow_store(self, body, scope, depth):
        shape = self.rng.choice(SHAPES)
        block = self.some(body, scope, depth, shape)
        valid = self.valid(body, scope, depth)
        text = f" valid({valid[0]}, {valid[1]})" if valid else ""
        line = self.emit(depth, f"tile.store {block}, %o{self.buffers}[0, 0]{text}")
        self.buffers += 1
        self.stores.append(line)
        body.append(("store", block, valid, line))

    def grow_for(self, body, scope, depth, nesting):
        shapes = [self.rng.choice(SHAPES) for _ in range(self.rng.randint(0, 2))]
        starts = [self.some(body, scope, depth, shape) for shape in shapes]
        first = self.rng.choice(["0", "0", "0", "1"])
        end = self.rng.choice(["0", "1", "2", "2", "2", "3", "%m"])
        variable = self.name()
        args = [self.name() for _ in shapes]
        results = [self.name() for _ in shapes]
        types = ", ".join(f"tile<{s[0]}x{s[1]}xf32>" for s in shapes)
        carries = ", ".join(f"{a} = {s}" for a, s in zip(args, starts))
        head = f"{', '.join(results)} = " if shapes else ""
        tail = f" carry({carries}) : {types}" if shapes else ""
        self.emit(depth, f"{head}for {variable} in {first} to {end}{tail} {{")
        inner, inside = [], self.copy(scope)
        top = {"%m": self.programs - 2}.get(end)
        inside["index"].append((variable, top if top is not None else int(end) - 1))
        inside["tiles"] += list(zip(args, shapes))
        self.grow_block(inner, inside, depth + 1, self.rng.randint(1, 5), nesting + 1)
        ends = [self.some(inner, inside, depth + 1, shape) for shape in shapes]
        if shapes:
            self.emit(depth + 1, f"yield {', '.join(ends)}")
        self.emit(depth, "}")
        body.append(("for", variable, first, end, args, starts, ends, results, inner))
        scope["tiles"] += list(zip(results, shapes))

    def grow_if(self, body, scope, depth, nesting):
        name, _ = self.rng.choice(scope["index"])
        predicate, number = self.rng.choice(["eq", "ge", "lt"]), self.rng.randint(0, 2)
        condition = self.name()
        self.emit(depth, f"{condition} = cmp {predicate} {name}, {number} : bool")
        shapes = [self.rng.choice(SHAPES) for _ in range(self.rng.randint(0, 1))]
        results = [self.name() for _ in shapes]
        types = ", ".join(f"tile<{s[0]}x{s[1]}xf32>" for s in shapes)
        head = f"{', '.join(results)} = " if shapes else ""
        self.emit(depth, f"{head}if {condition}{' : ' + types if shapes else ''} {{")
        sides = []
        for side in range(2 if shapes else self.rng.randint(1, 2)):
            if side:
                self.emit(depth, "} else {")
            inner, inside = [], self.copy(scope)
            self.grow_block(inner, inside, depth + 1, self.rng.randint(1, 3), nesting + 1)
            ends = [self.some(inner, inside, depth + 1, shape) for shape in shapes]
            if shapes:
                self.emit(depth + 1, f"yield {', '.join(ends)}")
            sides.append((inner, ends))
        self.emit(depth, "}")
        body.append(("if", name, predicate, number, sides, results))
        scope["tiles"] += list(zip(results, shapes))

    # -- running it ---------------------------------------------------------------

    def run(self, m):
        """The lines of stores that take a tile which is not there."""
        self.bad = set()
        self.run_block(self.body, {"%m": m})
        return self.bad

    def run_block(self, body, env):
        number = lambda text: env[text] if text.startswith("%") else int(text)
        for op in body:
            kind = op[0]
            if kind in ("add", "rem", "min"):
                a = env[op[2]]
                env[op[1]] = {"add": a + op[3], "rem": a % op[3], "min": min(a, op[3])}[kind]
            elif kind == "empty":
                env[op[1]] = [[False] * op[2][1] for _ in range(op[2][0])]
            elif kind == "load":
                rows, cols = (number(op[3][0]), number(op[3][1])) if op[3] else op[2]
                env[op[1]] = [[r < rows and c < cols for c in range(op[2][1])] for r in range(op[2][0])]
            elif kind == "both":
                env[op[1]] = [[all(cells) for cells in zip(*rows)] for rows in zip(*(env[x] for x in op[2]))]
            elif kind == "mma":
                a, b, c = (env[x] for x in op[2:])
                env[op[1]] = [[c[i][j] and all(a[i]) and all(row[j] for row in b) for j in range(len(c[0]))]
                              for i in range(len(c))]
            elif kind == "extract":
                env[op[1]] = [[env[op[2]][number(op[3])][number(op[4])]]]
            elif kind == "insert":
                block = [list(row) for row in env[op[3]]]
                block[number(op[4])][number(op[5])] = env[op[2]][0][0]
                env[op[1]] = block
            elif kind == "store":
                block = env[op[1]]
                rows, cols = (number(op[2][0]), number(op[2][1])) if op[2] else (99, 99)
                if not all(cell for row in block[:rows] for cell in row[:cols]):
                    self.bad.add(op[3])
            elif kind == "for":
                carried = [env[x] for x in op[5]]
                for at in range(number(op[2]), number(op[3])):
                    inner = dict(env)
                    inner[op[1]] = at
                    inner.update(zip(op[4], carried))
                    self.run_block(op[8], inner)
                    carried = [inner[x] for x in op[6]]
                env.update(zip(op[7], carried))
            elif kind == "if":
                a = env[op[1]]
                taken = {"eq": a == op[3], "ge": a >= op[3], "lt": a < op[3]}[op[2]]
                if not taken and len(op[4]) == 1:
                    continue
                inner = dict(env)
                body, ends = op[4][0 if taken else 1]
                self.run_block(body, inner)
                env.update((result, inner[end]) for result, end in zip(op[5], ends))


def ask(tt_opt, nests):
    """Line of the module to kind of message."""
    text = "\n// -----\n".join("\n".join([HEAD, *nest.lines, "}"]) for nest in nests)
    run = subprocess.run([tt_opt, "-", "--split-input-file", "-o", "-"], input=text, capture_output=True, text=True)
    found = {}
    for line, kind, name in re.findall(r"(\d+):\d+: (error|warning): .*\[([a-z-]+)\]", run.stderr):
        if name in ("tile-undefined", "tile-maybe-undefined"):
            found[int(line)] = kind
        elif kind == "error" and name not in OTHERS:
            at = run.stderr.index(f"[{name}]")
            sys.exit(f"a fault of the generator: {run.stderr[max(at - 200, 0):at + 200]}")
    if run.returncode < 0:
        sys.exit(f"tt-opt ended with {run.returncode}\n{text}")
    return found


def judge(nests, found, counts):
    """Counts what is said of stores by what they do; ends with the first that is misjudged."""
    base = 1
    for nest in nests:
        runs = [nest.run(m) for m in range(nest.programs)]
        for line in nest.stores:
            said = found.get(base + line, "nothing")
            bad = [line in run for run in runs]
            does = "always" if all(bad) else "some" if any(bad) else "never"
            counts[said, does] = counts.get((said, does), 0) + 1
            if (said == "error" and does != "always") or (said == "nothing" and does != "never" and nest.exact):
                sys.exit("\n".join([f"seed {nest.seed}: {said} is said of line {line}, "
                                    f"which {does} takes an undefined tile", *nest.lines]))
        base += len(nest.lines) + 3


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("tt_opt")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--count", type=int, default=100)
    args = parser.parse_args()
    counts = {}
    end = args.seed + args.count
    for first in range(args.seed, end, 40):
        nests = [Nest(seed) for seed in range(first, min(first + 40, end))]
        judge(nests, ask(args.tt_opt, nests), counts)
    for said, does in sorted(counts):
        print(f"{said} {does} {counts[said, does]}")


if __name__ == "__main__":
    main()
