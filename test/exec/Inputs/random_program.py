"""Prints a random stage-1 function: python3 random_program.py SEED.

Tensors of a few shapes that go together, elementwise ops and matmuls over
them, bf16 and f32 mixed, one to three results. The same seed gives the same
text.
"""

import random
import sys

UNARY = ["relu", "exp", "neg", "sqrt"]
BINARY = ["add", "sub", "mul", "max"]


class Program:
    def __init__(self, seed):
        self.random = random.Random(seed)
        self.values = []  # name, shape, element
        self.args = []
        self.lines = []

    def type_of(self, shape, element):
        return "tensor<%s>" % "x".join([str(n) for n in shape] + [element])

    def element(self):
        return self.random.choice(["bf16", "bf16", "f32"])

    def argument(self, shape):
        name = "%%arg%d" % len(self.args)
        value = (name, shape, self.element())
        self.args.append(value)
        self.values.append(value)
        return value

    def find(self, shape):
        """A value of this shape: one that is there, or a new argument."""
        known = [v for v in self.values if v[1] == shape]
        if known and (len(self.args) > 5 or self.random.random() < 0.7):
            return self.random.choice(known)
        return self.argument(shape)

    def add(self, op, operands, shape):
        name = "%%v%d" % len(self.lines)
        value = (name, shape, self.element())
        self.lines.append(
            "  %s = tensor.%s %s : %s"
            % (name, op, ", ".join(v[0] for v in operands),
               self.type_of(shape, value[2])))
        self.values.append(value)

    def grow(self, shapes):
        kind = self.random.random()
        value = self.random.choice(self.values)
        if kind < 0.3:
            self.add(self.random.choice(UNARY), [value], value[1])
        elif kind < 0.7:
            other = self.find(value[1])
            self.add(self.random.choice(BINARY), [value, other], value[1])
        elif len(value[1]) >= 2:
            n = self.random.choice(shapes)
            batch = value[1][:-2] if self.random.random() < 0.5 else ()
            other = self.find(batch + (value[1][-1], n))
            self.add("matmul", [value, other], value[1][:-1] + (n,))

    def text(self):
        sizes = self.random.sample([1, 5, 31, 32, 33, 40, 64, 65, 96], 3)
        rank = self.random.choice([1, 2, 2, 2, 3, 4])
        batch = tuple(self.random.choice([1, 2, 3]) for _ in range(rank - 2))
        shape = batch + tuple(self.random.choice(sizes)
                              for _ in range(min(rank, 2)))
        self.argument(shape)
        for _ in range(self.random.randint(1, 7)):
            self.grow(sizes)
        if not self.lines:
            self.add("neg", [self.values[0]], shape)
        made = [v for v in self.values if v[0].startswith("%v")]
        results = [made[-1]] + self.random.sample(
            made, min(len(made), self.random.choice([0, 0, 1, 2])))
        types = [self.type_of(v[1], v[2]) for v in results]
        return "func @random(%s) -> %s {\n%s\n  return %s\n}\n" % (
            ", ".join("%s: %s" % (v[0], self.type_of(v[1], v[2]))
                      for v in self.args),
            types[0] if len(types) == 1 else "(%s)" % ", ".join(types),
            "\n".join(self.lines),
            ", ".join(v[0] for v in results))


if __name__ == "__main__":
    sys.stdout.write(Program(int(sys.argv[1])).text())
