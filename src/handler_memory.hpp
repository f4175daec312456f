// Memory for the handler of one wait that is begun time after time: after the first one there is always enough.
#pragma once

#include <cstddef>
#include <new>

namespace hvc {

// Must outlive the handler, which has to see to that itself.
class handler_memory {
public:
  void* allocate(std::size_t size) {
    if (in_use_ || size > sizeof(storage_))
      return ::operator new(size);
    in_use_ = true;
    return storage_;
  }
  void deallocate(void* p) noexcept {
    if (p == storage_)
      in_use_ = false;
    else
      ::operator delete(p);
  }

private:
  alignas(std::max_align_t) std::byte storage_[256];
  bool in_use_ = false;
};

template <class T> class handler_allocator {
public:
  using value_type = T;
  explicit handler_allocator(handler_memory& m) noexcept : memory_(&m) {}
  template <class U> handler_allocator(handler_allocator<U> const& other) noexcept : memory_(other.memory_) {} // NOLINT
  T* allocate(std::size_t n) { return static_cast<T*>(memory_->allocate(n * sizeof(T))); }
  void deallocate(T* p, std::size_t) noexcept { memory_->deallocate(p); }
  friend bool operator==(handler_allocator const&, handler_allocator const&) = default;

private:
  template <class> friend class handler_allocator;
  handler_memory* memory_;
};

} // namespace hvc
