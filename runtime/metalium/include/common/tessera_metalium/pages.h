// Ranges of pages, of a whole tensor and of one shard.

#ifndef TESSERA_METALIUM_PAGES_H
#define TESSERA_METALIUM_PAGES_H

#include "api/tensor/page.h"
#include "tessera_metalium/kernel.h"

namespace tensor_accessor {

// Pages first to last, in the order of their numbers.
template <typename Accessor> class Pages {
public:
  class iterator {
  public:
    iterator(const Accessor &of, uint32_t at, uint8_t noc)
        : of_(&of), at_(at), noc_(noc) {}

    Page operator*() const {
      return Page(of_->get_noc_addr(at_, 0, noc_), at_);
    }
    struct pointer {
      Page page;
      const Page *operator->() const { return &page; }
    };
    pointer operator->() const { return {**this}; }
    Page operator[](uint32_t steps) const { return *(*this + steps); }
    uint32_t page_id() const { return at_; }

    iterator &operator++() { return *this += 1; }
    iterator operator++(int) {
      const iterator before = *this;
      *this += 1;
      return before;
    }
    iterator &operator+=(uint32_t steps) {
      at_ += steps;
      return *this;
    }
    iterator operator+(uint32_t steps) const {
      iterator later = *this;
      return later += steps;
    }

    bool operator==(const iterator &other) const { return at_ == other.at_; }
    bool operator!=(const iterator &other) const { return at_ != other.at_; }
    bool operator<(const iterator &other) const { return at_ < other.at_; }
    bool operator>(const iterator &other) const { return at_ > other.at_; }
    bool operator<=(const iterator &other) const { return at_ <= other.at_; }
    bool operator>=(const iterator &other) const { return at_ >= other.at_; }

  private:
    const Accessor *of_;
    uint32_t at_;
    uint8_t noc_;
  };
  using const_iterator = iterator;

  Pages(const Accessor &of, uint32_t first, uint32_t last, uint8_t noc)
      : of_(of), first_(first), last_(last), noc_(noc) {}

  iterator begin() const { return iterator(of_, first_, noc_); }
  iterator end() const { return iterator(of_, last_, noc_); }
  iterator cbegin() const { return begin(); }
  iterator cend() const { return end(); }

private:
  const Accessor &of_;
  uint32_t first_;
  uint32_t last_;
  uint8_t noc_;
};

// Places first to last of a shard, without those that are no pages of the
// tensor.
template <typename Accessor> class ShardPages {
public:
  class iterator {
  public:
    iterator(const Accessor &of, uint32_t shard, uint32_t at, uint32_t last,
             uint8_t noc)
        : of_(&of), shard_(shard), at_(at), last_(last), noc_(noc) {
      skip_padding();
    }

    Page operator*() const {
      return Page(of_->get_shard_noc_addr(
                      shard_, at_ * of_->get_aligned_page_size(), noc_),
                  page_id());
    }
    struct pointer {
      Page page;
      const Page *operator->() const { return &page; }
    };
    pointer operator->() const { return {**this}; }
    Page operator[](uint32_t steps) const { return *(*this + steps); }

    uint32_t page_id() const {
      uint32_t page = 0;
      find(page);
      return page;
    }

    iterator &operator++() { return *this += 1; }
    iterator operator++(int) {
      const iterator before = *this;
      *this += 1;
      return before;
    }
    iterator &operator+=(uint32_t steps) {
      at_ = steps < last_ - at_ ? at_ + steps : last_;
      skip_padding();
      return *this;
    }
    iterator operator+(uint32_t steps) const {
      iterator later = *this;
      return later += steps;
    }

    bool operator==(const iterator &other) const { return at_ == other.at_; }
    bool operator!=(const iterator &other) const { return at_ != other.at_; }
    bool operator<(const iterator &other) const { return at_ < other.at_; }
    bool operator>(const iterator &other) const { return at_ > other.at_; }
    bool operator<=(const iterator &other) const { return at_ <= other.at_; }
    bool operator>=(const iterator &other) const { return at_ >= other.at_; }

  private:
    // The number of the page here; false for a place behind the tensor's edge.
    bool find(uint32_t &page) const {
      const auto &spec = of_->dspec();
      uint32_t shard = shard_, inside = at_;
      page = 0;
      bool exists = true;
      for (uint32_t i = spec.rank(); i-- > 0;) {
        const uint32_t at =
            shard % spec.shard_grid()[i] * spec.shard_shape()[i] +
            inside % spec.shard_shape()[i];
        shard /= spec.shard_grid()[i];
        inside /= spec.shard_shape()[i];
        exists = exists && at < spec.tensor_shape()[i];
        page += at * spec.tensor_strides()[i];
      }
      return exists;
    }

    void skip_padding() {
      uint32_t page = 0;
      while (at_ < last_ && !find(page))
        ++at_;
    }

    const Accessor *of_;
    uint32_t shard_;
    uint32_t at_;
    uint32_t last_;
    uint8_t noc_;
  };
  using const_iterator = iterator;

  ShardPages(const Accessor &of, uint32_t shard, uint32_t first, uint32_t last,
             uint8_t noc)
      : of_(of), shard_(shard), first_(first), last_(last), noc_(noc) {}

  iterator begin() const { return iterator(of_, shard_, first_, last_, noc_); }
  iterator end() const { return iterator(of_, shard_, last_, last_, noc_); }
  iterator cbegin() const { return begin(); }
  iterator cend() const { return end(); }

private:
  const Accessor &of_;
  uint32_t shard_;
  uint32_t first_;
  uint32_t last_;
  uint8_t noc_;
};

} // namespace tensor_accessor

#endif
