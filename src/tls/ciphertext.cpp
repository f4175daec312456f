// The BIO_METHOD over a span and a string. Without read_ahead OpenSSL asks for a record's five bytes of header, then
// for its body, and keeps what is incomplete, so a span is always read to its end.
#include "ciphertext.hpp"

#include <algorithm>
#include <cstring>
#include <new>

namespace hvc::tls {
namespace {

ciphertext& of(BIO* b) noexcept { return *static_cast<ciphertext*>(BIO_get_data(b)); }

int read(BIO* b, char* into, std::size_t size, std::size_t* n) {
  auto& c = of(b);
  BIO_clear_retry_flags(b);
  *n = 0;
  if (c.cut)
    return 0;
  if (c.input.empty()) {
    BIO_set_retry_read(b);
    return 0;
  }
  *n = std::min(size, c.input.size());
  std::memcpy(into, c.input.data(), *n);
  c.input = c.input.subspan(*n);
  if (c.first_size != c.first.size()) {
    auto const kept = std::min(*n, c.first.size() - c.first_size);
    std::memcpy(c.first.data() + c.first_size, into, kept);
    c.first_size += kept;
  }
  return 1;
}

int write(BIO* b, char const* from, std::size_t size, std::size_t* n) {
  auto& c = of(b);
  BIO_clear_retry_flags(b);
  *n = 0;
  try {
    c.output.append(from, size);
  } catch (std::bad_alloc const&) { // must not unwind through C
    c.out_of_memory = true;
    return 0;
  }
  *n = size;
  return 1;
}

long control(BIO*, int command, long, void*) { return command == BIO_CTRL_FLUSH ? 1 : 0; }

// One for the process, never freed: connections may outlive static destruction.
BIO_METHOD* method() {
  static BIO_METHOD* const made = [] {
    auto* const m = BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "hvc ciphertext");
    if (!m || !BIO_meth_set_read_ex(m, read) || !BIO_meth_set_write_ex(m, write) || !BIO_meth_set_ctrl(m, control))
      throw std::bad_alloc();
    return m;
  }();
  return made;
}

} // namespace

owned_bio ciphertext::make_bio() {
  owned_bio b{BIO_new(method())};
  if (!b)
    throw std::bad_alloc();
  BIO_set_data(b.get(), this);
  BIO_set_init(b.get(), 1);
  return b;
}

} // namespace hvc::tls
