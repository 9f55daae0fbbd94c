#!/usr/bin/env python3
"""Compares which updates in place are refused with a run of the same nests.

Grows nests at random that load and store one buffer, beside others, runs them here, tile by tile, and asks tt-opt what
it thinks:

- what races in some run is refused: a tile that is stored and loaded by another iteration, or loaded after the store, or
  whose store follows from nothing that comes as late as its last load;
- what is accepted is not refused on the way to a program.

What is refused though it does not race is counted.
"""
import argparse
import random
import re
import subprocess
import sys

HEAD = 'module version(1) target("wormhole_b0") grid(2x1) {'
PAGES = 24
MAX_DEPTH = 3


class Race(Exception):
    pass


class Nest:
    """The text of one function, and the program it stands for."""

    def __init__(self, seed):
        self.seed = seed
        self.rng = random.Random(seed)
        self.lines, self.body, self.count, self.rows = [], [], 0, 0
        self.iterations = self.rng.choice([1, 2, 2])
        self.emit(1, f"tile.parallel (%m) in ({self.iterations}) {{")
        scope = {"index": ["%m"], "tiles": [], "pages": []}
        self.grow_block(self.body, scope, 2, self.rng.randint(2, 6), 0)
        self.emit(1, "}")
        others = f"%a: buffer<32x64xbf16>, %o: buffer<{32 * self.rows + 32}x64xbf16> inout"
        self.lines = [f"func @f{seed}(%b: buffer<32x{32 * PAGES}xbf16> inout, {others}) {{"] + self.lines + ["}"]

    def emit(self, depth, text):
        self.lines.append("  " * depth + text)

    def name(self):
        self.count += 1
        return f"%v{self.count}"

    def page(self, body, scope, depth):
        """A place in the buffer: one that is known already, or a number of its own for each iteration and round."""
        if scope["pages"] and self.rng.random() < 0.75:
            return self.rng.choice(scope["pages"][-3:])
        page = self.rng.choice(scope["index"])
        for op, number in self.rng.choice([[], [("add", 2)], [("mul", 3)], [("mul", 3), ("add", 1)], [("rem", 2)],
                                           [("mul", 7), ("rem", 5)]]):
            result = self.name()
            self.emit(depth, f"{result} = {op} {page}, {number} : index")
            body.append((op, result, page, number))
            page = result
        if page != "%m" and self.rng.random() < 0.6:
            far, result = self.name(), self.name()
            self.emit(depth, f"{far} = mul %m, 12 : index")
            self.emit(depth, f"{result} = add {page}, {far} : index")
            body.append(("mul", far, "%m", 12))
            body.append(("sum", result, page, far))
            page = result
        scope["pages"].append(page)
        return page

    def tile(self, body, scope, depth):
        if scope["tiles"] and self.rng.random() < 0.85:
            return self.rng.choice(scope["tiles"][-3:])
        kind = self.rng.random()
        if kind < 0.2:
            return self.give(body, scope, depth, "tile.fill 0.5", "math", [])
        if kind < 0.4:
            return self.give(body, scope, depth, "tile.load %a[0, %m]", "math", [])
        return self.load(body, scope, depth)

    def give(self, body, scope, depth, text, *op):
        result = self.name()
        self.emit(depth, f"{result} = {text} : tile<bf16>")
        body.append((op[0], result, *op[1:]))
        scope["tiles"].append(result)
        return result

    def load(self, body, scope, depth):
        page = self.page(body, scope, depth)
        return self.give(body, scope, depth, f"tile.load %b[0, {page}]", "load", page)

    def grow_block(self, body, scope, depth, count, nesting):
        for _ in range(count):
            kind = self.rng.random()
            if kind < 0.25:
                self.load(body, scope, depth)
            elif kind < 0.35:
                a, b = self.tile(body, scope, depth), self.tile(body, scope, depth)
                self.give(body, scope, depth, f"tile.add {a}, {b}", "math", [a, b])
            elif kind < 0.45:
                a = self.tile(body, scope, depth)
                self.give(body, scope, depth, f"tile.neg {a}", "math", [a])
            elif kind < 0.55:  # elsewhere
                self.emit(depth, f"tile.store {self.tile(body, scope, depth)}, %o[{self.rows}, %m]")
                self.rows += 1
            elif kind < 0.75 or nesting == MAX_DEPTH:
                tile, page = self.tile(body, scope, depth), self.page(body, scope, depth)
                self.emit(depth, f"tile.store {tile}, %b[0, {page}]")
                body.append(("store", tile, page))
            elif kind < 0.9:
                self.grow_for(body, scope, depth, nesting)
            else:
                self.grow_if(body, scope, depth, nesting)

    def copy(self, scope):
        return {key: list(items) for key, items in scope.items()}

    def grow_for(self, body, scope, depth, nesting):
        starts = [self.tile(body, scope, depth) for _ in range(self.rng.randint(0, 2))]
        end = self.rng.choice(["0", "1", "2", "3", "3", "%m"])
        variable = self.name()
        args, results = [self.name() for _ in starts], [self.name() for _ in starts]
        tail = f" carry({', '.join(f'{a} = {s}' for a, s in zip(args, starts))}) : " \
               f"{', '.join(['tile<bf16>'] * len(starts))}" if starts else ""
        head = f"{', '.join(results)} = " if starts else ""
        self.emit(depth, f"{head}for {variable} in 0 to {end}{tail} {{")
        inner, inside = [], self.copy(scope)
        inside["index"].append(variable)
        inside["tiles"] += args
        self.grow_block(inner, inside, depth + 1, self.rng.randint(1, 5), nesting + 1)
        ends = [self.tile(inner, inside, depth + 1) for _ in starts]
        if starts:
            self.emit(depth + 1, f"yield {', '.join(ends)}")
        self.emit(depth, "}")
        body.append(("for", variable, end, args, starts, ends, results, inner))
        scope["tiles"] += results

    def grow_if(self, body, scope, depth, nesting):
        index, predicate = self.rng.choice(scope["index"]), self.rng.choice(["eq", "ge", "lt"])
        number, condition = self.rng.randint(0, 2), self.name()
        self.emit(depth, f"{condition} = cmp {predicate} {index}, {number} : bool")
        results = [self.name() for _ in range(self.rng.randint(0, 1))]
        head = f"{', '.join(results)} = " if results else ""
        self.emit(depth, f"{head}if {condition}{' : tile<bf16>' if results else ''} {{")
        sides = []
        for side in range(2):
            if side:
                self.emit(depth, "} else {")
            inner, inside = [], self.copy(scope)
            self.grow_block(inner, inside, depth + 1, self.rng.randint(1, 3), nesting + 1)
            ends = [self.tile(inner, inside, depth + 1) for _ in results]
            if results:
                self.emit(depth + 1, f"yield {', '.join(ends)}")
            sides.append((inner, ends))
        self.emit(depth, "}")
        body.append(("if", index, predicate, number, sides, results))
        scope["tiles"] += results

    # -- running it ---------------------------------------------------------------

    def races(self):
        loads, stores = {}, {}  # by page: iterations; (iteration, whether its loads are over)
        self.loads, self.stores = loads, stores
        try:
            for m in range(self.iterations):
                self.m, self.number, self.last = m, 0, {}
                self.run_block(self.body, {"%m": m})
        except Race:
            return True
        return any(page in loads and loads[page] != {by} for page, by in stores.items())

    def run_block(self, body, env):
        """Each tile is the number of the last load it follows from, 0: none."""
        for op in body:
            kind = op[0]
            if kind in ("add", "mul", "rem"):
                env[op[1]] = {"add": env[op[2]] + op[3], "mul": env[op[2]] * op[3], "rem": env[op[2]] % op[3]}[kind]
            elif kind == "sum":
                env[op[1]] = env[op[2]] + env[op[3]]
            elif kind == "math":
                env[op[1]] = max((env[x] for x in op[2]), default=0)
            elif kind == "load":
                page = env[op[2]]
                self.number += 1
                env[op[1]] = self.last[page] = self.number
                self.loads.setdefault(page, set()).add(self.m)
                if page in self.stores:
                    raise Race
            elif kind == "store":
                page = env[op[2]]
                self.stores[page] = self.m
                if self.last.get(page, 0) > env[op[1]]:
                    raise Race
            elif kind == "for":
                carried = [env[x] for x in op[4]]
                for at in range(env[op[2]] if op[2].startswith("%") else int(op[2])):
                    inner = dict(env)
                    inner[op[1]] = at
                    inner.update(zip(op[3], carried))
                    self.run_block(op[7], inner)
                    carried = [inner[x] for x in op[5]]
                env.update(zip(op[6], carried))
            elif kind == "if":
                a = env[op[1]]
                taken = {"eq": a == op[3], "ge": a >= op[3], "lt": a < op[3]}[op[2]]
                inner = dict(env)
                body, ends = op[4][0 if taken else 1]
                self.run_block(body, inner)
                env.update((result, inner[end]) for result, end in zip(op[5], ends))


def ask(tt_opt, nests, options):
    """What is said of each nest, by names of errors."""
    text = "\n// -----\n".join("\n".join([HEAD, *nest.lines, "}"]) for nest in nests)
    run = subprocess.run([tt_opt, "-", "--split-input-file", "-o", "-", *options], input=text, capture_output=True,
                         text=True)
    if run.returncode not in (0, 1):
        sys.exit(f"tt-opt ended with {run.returncode}\n{run.stderr[-2000:]}\n{text}")
    said = {nest.seed: set() for nest in nests}
    base, ends = 1, []
    for nest in nests:
        base += len(nest.lines) + 3
        ends.append((base, nest.seed))
    for line, name in re.findall(r"(\d+):\d+: error: .*\[([a-z-]+)\]", run.stderr):
        said[next(seed for end, seed in ends if int(line) < end)].add(name)
    return said


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("tt_opt")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--count", type=int, default=100)
    args = parser.parse_args()
    counts, end = {}, args.seed + args.count
    for first in range(args.seed, end, 40):
        nests = [Nest(seed) for seed in range(first, min(first + 40, end))]
        said = ask(args.tt_opt, nests, ["--verify-stage=on"])
        clean = []
        for nest in nests:
            if said[nest.seed] - {"store-load-order"}:
                continue  # wrong for another reason
            is_refused, races = bool(said[nest.seed]), nest.races()
            key = f"{'refused' if is_refused else 'accepted'} {'races' if races else 'safe'}"
            counts[key] = counts.get(key, 0) + 1
            if key == "accepted races":
                sys.exit("\n".join([f"seed {nest.seed} is accepted and races", *nest.lines]))
            if not is_refused:
                clean.append(nest)
        if not clean:
            continue
        for seed, names in ask(args.tt_opt, clean, ["--passes=default"]).items():
            if "store-load-order" in names:
                nest = next(n for n in clean if n.seed == seed)
                sys.exit("\n".join([f"seed {seed} is accepted and refused later", *nest.lines]))
            counts["lowered"] = counts.get("lowered", 0) + (not names)
    for key in sorted(counts):
        print(f"{key}: {counts[key]}")


if __name__ == "__main__":
    main()
