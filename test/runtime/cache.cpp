// RUN: %parts && mkdir -p %t/here %t/there && echo '#define ANSWER 1' > %t/there/answer.h
// RUN: env TESSERA_CACHE=%t/cache TESSERA_CXXFLAGS=-I%t/there TT_METAL_DPRINT_CORES=all %t/program | FileCheck %t/main.cpp --check-prefix=ONE
// RUN: echo '#define ANSWER 2' > %t/there/answer.h
// RUN: env TESSERA_CACHE=%t/cache TESSERA_CXXFLAGS=-I%t/there TT_METAL_DPRINT_CORES=all %t/program | FileCheck %t/main.cpp --check-prefix=TWO
// RUN: echo '#define ANSWER 3' > %t/here/answer.h
// RUN: env TESSERA_CACHE=%t/cache TESSERA_CXXFLAGS="-I %t/here -I %t/there" TT_METAL_DPRINT_CORES=all %t/program | FileCheck %t/main.cpp --check-prefix=THREE
// RUN: env TESSERA_CACHE=%t/cache TESSERA_CXXFLAGS="-I%t/there -DMORE=10" TT_METAL_DPRINT_CORES=all %t/program | FileCheck %t/main.cpp --check-prefix=MORE
// RUN: ls %t/cache/kernels | grep -c so > %t/before
// RUN: env TESSERA_CACHE=%t/cache TESSERA_CXXFLAGS=-I%t/there TT_METAL_DPRINT_CORES=all %t/program | FileCheck %t/main.cpp --check-prefix=TWO
// RUN: ls %t/cache/kernels | grep -c so > %t/after
// RUN: diff %t/before %t/after
// The preprocessor finds headers in more ways than a reader of its lines would.
// RUN: rm %t/here/answer.h && echo '-I%t/there -DMORE=20' > %t/flags
// RUN: env TESSERA_CACHE=%t/cache TESSERA_CXXFLAGS=@%t/flags TT_METAL_DPRINT_CORES=all %t/program | FileCheck %t/main.cpp --check-prefix=FILE
// RUN: echo '-I%t/there -DMORE=30 -O1' > %t/flags
// RUN: env TESSERA_CACHE=%t/cache TESSERA_CXXFLAGS=@%t/flags TT_METAL_DPRINT_CORES=all %t/program | FileCheck %t/main.cpp --check-prefix=REWRITTEN
// RUN: env TESSERA_CACHE=%t/cache CPATH=%t/here:%t/there TT_METAL_DPRINT_CORES=all %t/program name | FileCheck %t/main.cpp --check-prefix=TWO
// RUN: echo '#define ANSWER 4' > %t/there/answer.h
// RUN: env TESSERA_CACHE=%t/cache CPATH=%t/here:%t/there TT_METAL_DPRINT_CORES=all %t/program name | FileCheck %t/main.cpp --check-prefix=FOUR
// RUN: echo '#define ANSWER 5' > %t/here/answer.h
// RUN: env TESSERA_CACHE=%t/cache CPATH=%t/here:%t/there TT_METAL_DPRINT_CORES=all %t/program name | FileCheck %t/main.cpp --check-prefix=FIVE
// RUN: echo '#define ANSWER 6' > %t/more.h
// RUN: env TESSERA_CACHE=%t/cache TESSERA_CXXFLAGS="-include %t/more.h" TT_METAL_DPRINT_CORES=all %t/program none | FileCheck %t/main.cpp --check-prefix=SIX
// RUN: echo '#define ANSWER 7' > %t/more.h
// RUN: env TESSERA_CACHE=%t/cache TESSERA_CXXFLAGS="-include %t/more.h" TT_METAL_DPRINT_CORES=all %t/program none | FileCheck %t/main.cpp --check-prefix=SEVEN
// Objects that are damaged are made again.
// RUN: truncate -s 100 %t/cache/kernels/*.so
// RUN: env TESSERA_CACHE=%t/cache TESSERA_CXXFLAGS="-include %t/more.h" TT_METAL_DPRINT_CORES=all %t/program none | FileCheck %t/main.cpp --check-prefix=SEVEN
// RUN: sed -i s/kernel_main/kernel_mail/ %t/cache/kernels/*.so
// RUN: env TESSERA_CACHE=%t/cache TESSERA_CXXFLAGS="-include %t/more.h" TT_METAL_DPRINT_CORES=all %t/program none | FileCheck %t/main.cpp --check-prefix=SEVEN
// What is no file in an object's place is damaged as well, and not waited for.
// RUN: sh -c 'for so in %t/cache/kernels/*.so; do rm $so && mkfifo $so; done'
// RUN: env TESSERA_CACHE=%t/cache TESSERA_CXXFLAGS="-include %t/more.h" TT_METAL_DPRINT_CORES=all timeout 60 %t/program none | FileCheck %t/main.cpp --check-prefix=SEVEN
// RUN: find %t/cache/kernels -type f | grep .
// RUN: sh -c 'for so in %t/cache/kernels/*.so; do ln -sf /dev/zero $so; done'
// RUN: env TESSERA_CACHE=%t/cache TESSERA_CXXFLAGS="-include %t/more.h" TT_METAL_DPRINT_CORES=all timeout 60 %t/program none | FileCheck %t/main.cpp --check-prefix=SEVEN
// RUN: find %t/cache/kernels -type f | grep .
// A compiled kernel is used again, and never when a header it includes, from
// wherever, or a flag has changed.
//--- main.cpp
#include "harness.hpp"

using namespace harness;

int main(int count, char **argv) {
  const std::string way = count > 1 ? argv[1] : "";
  const char *include = "#include \"answer.h\"\n";
  if (way == "name")
    include = "#define NAME \"answer.h\"\n#/* */inc\\\nlude NAME\n";
  else if (way == "none")
    include = "";
  auto device = distributed::MeshDevice::create_unit_mesh(0);
  Program program = CreateProgram();
  CreateKernelFromString(
      program,
      include +
          std::string("#ifndef MORE\n#define MORE 0\n#endif\n"
                      "void kernel_main() {\n"
                      "  DPRINT << \"answer \" << ANSWER + MORE << ENDL();\n"
                      "}\n"),
      CoreCoord(0, 0), ReaderDataMovementConfig());
  launch(*device, std::move(program));
  return 0;
}
// ONE: answer 1
// TWO: answer 2
// THREE: answer 3
// MORE: answer 12
// FILE: answer 22
// REWRITTEN: answer 32
// FOUR: answer 4
// FIVE: answer 5
// SIX: answer 6
// SEVEN: answer 7
