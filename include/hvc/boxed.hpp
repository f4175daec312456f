// An optional value that lives outside its owner.
#pragma once

#include <memory>
#include <optional>
#include <utility>

namespace hvc {

/// A value that may be absent, in memory of its own, so that an owner which mostly has none stays small. Looked at as a
/// std::optional is: `if (b)`, `*b`, `b->`, the last two not where there is none. Copies copy the value; a moved-from
/// one is empty. Copying and emplacing throw std::bad_alloc, or what `T` throws, and change nothing then.
template <class T> class boxed {
public:
  using value_type = T;

  boxed() noexcept = default;
  boxed(std::nullopt_t) noexcept {} // NOLINT(google-explicit-constructor): as std::optional
  boxed(T value)                    // NOLINT(google-explicit-constructor): as std::optional
      : value_(std::make_unique<T>(std::move(value))) {}
  boxed(boxed const& other) : value_(other ? std::make_unique<T>(*other) : nullptr) {}
  boxed(boxed&&) noexcept = default;
  boxed& operator=(boxed other) noexcept {
    value_.swap(other.value_);
    return *this;
  }
  ~boxed() = default;

  [[nodiscard]] bool has_value() const noexcept { return value_ != nullptr; }
  explicit operator bool() const noexcept { return has_value(); }
  T& operator*() noexcept { return *value_; }
  T const& operator*() const noexcept { return *value_; }
  T* operator->() noexcept { return value_.get(); }
  T const* operator->() const noexcept { return value_.get(); }

  /// In place of a value there was.
  template <class... Args> T& emplace(Args&&... args) {
    value_ = std::make_unique<T>(std::forward<Args>(args)...);
    return *value_;
  }
  void reset() noexcept { value_.reset(); }

  friend bool operator==(boxed const& a, boxed const& b) { return a.has_value() == b.has_value() && (!a || *a == *b); }

private:
  std::unique_ptr<T> value_;
};

} // namespace hvc
