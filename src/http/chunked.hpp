// Removes chunking (RFC 9112 section 7.1) in place: the second half of the framing guard. A machine of bytes: what it
// has seen it need not see again, so how the bytes were split cannot matter. Knows no head.
#pragma once

#include "http/reply.hpp"
#include "http/reply_fault.hpp"

#include <array>
#include <cstddef>
#include <cstdint>

namespace hvc::http {

class chunked_decoder {
public:
  explicit chunked_decoder(reply_limits const& limits) noexcept : limits_(limits) {}

  // Start of a body.
  void reset() noexcept;

  // Reads `size` bytes at `in` and moves their data to `out`, which is not behind `in` and may overlap it. Stops at the
  // end of the body, or at a fault.
  struct step {
    std::size_t consumed;
    std::size_t produced;
  };
  [[nodiscard]] step advance(char* out, char const* in, std::size_t size) noexcept;

  [[nodiscard]] bool done() const noexcept { return state_ == state::done; }
  [[nodiscard]] reply_fault fault() const noexcept { return fault_; }
  // Whether a trailer named a field that has no business there (RFC 9110 section 6.5.1). Trailers are otherwise
  // ignored.
  [[nodiscard]] bool suspicious() const noexcept { return suspicious_; }

private:
  enum class state : std::uint8_t {
    size_first, // a chunk's size: at least one digit
    size,
    extension, // from the semicolon on
    size_lf,
    data,
    data_cr, // behind the data
    data_lf,
    trailer_first, // behind the last chunk: a trailer's name, or the CR that ends it all
    trailer_name,
    trailer_value,
    trailer_lf,
    last_lf,
    done
  };

  void on_byte(char c) noexcept;
  void on_size(char c) noexcept;
  void on_extension(char c) noexcept;
  void on_size_complete() noexcept;
  void on_trailer_name(char c) noexcept;
  void expect(char wanted, char c, state next) noexcept;
  void fail(reply_fault f) noexcept { fault_ = f; }
  [[nodiscard]] bool in_chunk_line() const noexcept { return state_ <= state::extension; }

  reply_limits limits_;
  state state_ = state::size_first;
  reply_fault fault_ = reply_fault::none;
  bool suspicious_ = false;
  std::uint64_t size_ = 0;    // of the chunk: what of its data is still to come
  std::uint64_t total_ = 0;   // data of all chunks announced so far
  std::size_t line_ = 0;      // bytes of this chunk line
  std::size_t overhead_ = 0;  // bytes that were no data
  std::size_t name_size_ = 0; // of the trailer's name, also where it is longer than `name_`
  std::array<char, 24> name_{};
};

} // namespace hvc::http
