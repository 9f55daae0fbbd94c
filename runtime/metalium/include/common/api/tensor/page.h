// A page of a tensor, as iterators over pages give it.

#ifndef TESSERA_API_TENSOR_PAGE_H
#define TESSERA_API_TENSOR_PAGE_H

#include <cstdint>

namespace tensor_accessor {

class Page {
public:
  Page(uint64_t address, uint32_t id) : address_(address), id_(id) {}

  uint64_t noc_addr() const { return address_; }
  uint32_t page_id() const { return id_; }

private:
  uint64_t address_;
  uint32_t id_;
};

} // namespace tensor_accessor

#endif
