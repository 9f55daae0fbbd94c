// RUN: %parts && chmod +x %t/compiler && echo '#define ANSWER 1' > %t/answer.h
// RUN: cp %t/unsigned %t/inner && chmod +x %t/inner
// A header that is edited while the kernel is compiled, and set back: what is
// kept under a text is made of that text.
// RUN: env AT=compile THEN=back sh %t/run | FileCheck %t/main.cpp --check-prefix=ONE
// RUN: sh %t/run | FileCheck %t/main.cpp --check-prefix=ONE
// RUN: ls %t/cache/kernels | wc -l | FileCheck %t/main.cpp --check-prefix=OBJECT
// One that stays as it was edited, while the kernel is compiled or before.
// RUN: rm -r %t/cache && env AT=compile sh %t/run | FileCheck %t/main.cpp --check-prefix=ONE
// RUN: sh %t/run | FileCheck %t/main.cpp --check-prefix=FIVE
// RUN: rm -r %t/cache && echo '#define ANSWER 1' > %t/answer.h
// RUN: env AT=preprocess sh %t/run | FileCheck %t/main.cpp --check-prefix=ONE
// RUN: sh %t/run | FileCheck %t/main.cpp --check-prefix=FIVE
// Another header of the same size and time, and one that is there or is not.
// RUN: echo '#define ANSWER 6' > %t/other.h && touch -r %t/answer.h %t/other.h && mv %t/other.h %t/answer.h
// RUN: sh %t/run | FileCheck %t/main.cpp --check-prefix=SIX
// RUN: echo '#define EXTRA 10' > %t/extra.h && sh %t/run | FileCheck %t/main.cpp --check-prefix=EXTRA
// RUN: rm %t/extra.h && sh %t/run | FileCheck %t/main.cpp --check-prefix=SIX
// What the assembler reads is not part of the text.
// RUN: printf 2 > %t/blob && env TESSERA_CXXFLAGS=-DBLOB sh %t/run | FileCheck %t/main.cpp --check-prefix=BLOB-TWO
// RUN: printf 3 > %t/blob && env TESSERA_CXXFLAGS=-DBLOB sh %t/run | FileCheck %t/main.cpp --check-prefix=BLOB-THREE
// Another compiler of the same name, size and time; one of another version that
// the same script calls; and one that is replaced while it compiles.
// RUN: sed s/funsigned-char/fsigned-char\ \ / %t/compiler > %t/other && touch -r %t/compiler %t/other && mv %t/other %t/compiler && chmod +x %t/compiler
// RUN: sh %t/run | FileCheck %t/main.cpp --check-prefix=SIGNED
// RUN: sed 's/-fsigned-char//' %t/compiler > %t/other && mv %t/other %t/compiler && chmod +x %t/compiler
// RUN: cp %t/signed %t/inner && sh %t/run | FileCheck %t/main.cpp --check-prefix=SIGNED
// RUN: cp %t/unsigned %t/inner && sh %t/run | FileCheck %t/main.cpp --check-prefix=SIX
// RUN: rm -r %t/cache && env AT=compile THEN=replace sh %t/run | FileCheck %t/main.cpp --check-prefix=SIX
// RUN: ls %t/cache/kernels | not grep .
// Nothing stays behind of what was compiled beside a kernel that does not.
// RUN: rm -r %t/cache && not sh %t/run broken 2>&1 | FileCheck %t/main.cpp --check-prefix=BROKEN
// RUN: ls %t/cache/kernels | not grep .
// A compiled kernel is made of the text that it is found by.
//--- main.cpp
#include "harness.hpp"

using namespace harness;

int main(int count, char **) {
  auto device = distributed::MeshDevice::create_unit_mesh(0);
  Program program = CreateProgram();
  CreateKernel(program, KERNEL_DIR "/kernel.cpp", CoreCoord(0, 0),
               ReaderDataMovementConfig());
  if (count > 1)
    CreateKernelFromString(program, "void kernel_main() { broken; }",
                           CoreCoord(0, 0), WriterDataMovementConfig());
  launch(*device, std::move(program));
}
// OBJECT: {{^}}1{{$}}
// ONE: answer 1, char 200
// FIVE: answer 5, char 200
// SIX: answer 6, char 200
// EXTRA: answer 16, char 200
// BLOB-TWO: answer 56, char 200
// BLOB-THREE: answer 57, char 200
// BROKEN: error: {{.*}} (brisc) does not compile:
// SIGNED: answer 6, char -56
//--- kernel.cpp
#include "answer.h"
#if __has_include("extra.h")
#include "extra.h"
#else
#define EXTRA 0
#endif

#ifdef BLOB
asm(".pushsection .rodata\nblob: .incbin \"" BLOB_FOLDER "/blob\"\n"
    ".popsection");
extern "C" __attribute__((visibility("hidden"))) const char blob[];
#else
static const char blob[1] = {0};
#endif

void kernel_main() {
  const char high = static_cast<char>(200);
  DPRINT << "answer " << ANSWER + EXTRA + blob[0] << ", char "
         << static_cast<int>(high) << ENDL();
}
//--- run
export HERE="$(dirname "$0")"
export TESSERA_CACHE="$HERE/cache" TESSERA_CXX="$HERE/compiler"
export TT_METAL_DPRINT_CORES=all
exec "$HERE/program" "$@"
//--- compiler
#!/bin/sh
# Edits the header, or itself, while or after it does what AT says.
at=compile
for word; do test "$word" != -E || at=preprocess; done
test "$at" = "$AT" || exec "$HERE/inner" -funsigned-char "$@"
edit() { cp "$HERE/answer.h" "$HERE/saved.h" && echo '#define ANSWER 5' > "$HERE/answer.h"; }
case "$at $THEN" in
compile\ ) edit; exec "$HERE/inner" -funsigned-char "$@" ;;
compile\ back) edit; "$HERE/inner" -funsigned-char "$@"; cp "$HERE/saved.h" "$HERE/answer.h" ;;
compile\ replace) touch "$0"; exec "$HERE/inner" -funsigned-char "$@" ;;
preprocess\ ) "$HERE/inner" -funsigned-char "$@"; edit ;;
esac
//--- unsigned
#!/bin/sh
exec c++ -funsigned-char "$@" -DBLOB_FOLDER="\"$HERE\""
//--- signed
#!/bin/sh
exec c++ -fsigned-char "$@" -DBLOB_FOLDER="\"$HERE\"" -Wno-builtin-macro-redefined -U__VERSION__ -D__VERSION__='"another"'
