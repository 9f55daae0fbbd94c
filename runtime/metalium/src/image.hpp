// What a kernel's shared object is made of.

#ifndef TESSERA_RUNTIME_IMAGE_HPP
#define TESSERA_RUNTIME_IMAGE_HPP

#include "compiler.hpp"
#include "object_file.hpp"

#include "tessera/sim.h"

#include <vector>

namespace tessera {

// Throws where the job's object uses what no processor of the chip
// has, has code that would run when it is loaded, or variables that no
// processor can have.
void check_object(const compiler &with, const compile_job &job,
                  const object_file &file);

// A loaded object.
struct kernel_image {
  kernel_image() = default;
  // `handle` is dlopen's, `entry` a function of the object.
  kernel_image(void *handle, const void *entry);

  // What it may write to: its variables. On the chip, where pointers have four
  // bytes, they take as many.
  bool has_variables() const { return variable_bytes != 0; }
  std::size_t variable_bytes = 0;
  const char *start = nullptr;

  // For the model; as long as this lives and stays where it is.
  tsr_sim_image view() const;

private:
  void add_parts(const void *headers, std::size_t count);
  void add_pointers(const void *dynamic);
  void add_pointer(std::size_t at);
  void measure_variables();

  std::size_t bytes = 0;
  std::size_t entry = 0;
  std::size_t read_only_end = 0; // of what is only written to while loading
  std::vector<tsr_sim_image_part> parts;
  std::vector<std::size_t> pointers;
};

} // namespace tessera

#endif
