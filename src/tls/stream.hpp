// The TLS records of one connection: ciphertext in, plaintext out, and back. Knows no socket, no clock and no HTTP; who
// moves the ciphertext is its user's business. Not thread-safe.
#pragma once

#include "ciphertext.hpp"
#include "context.hpp"
#include "verdict.hpp"
#include "witness.hpp"

#include "failure.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string_view>

namespace hvc::tls {

enum class io : std::uint8_t {
  done,
  want_input, // all that was fed is consumed: feed more
  closed,     // the peer ended its direction with close_notify
  failed      // take_failure() says why; it stays failed
};

class stream {
public:
  // Throws std::bad_alloc, as all that is not noexcept here may.
  explicit stream(std::shared_ptr<context> c);
  stream(stream const&) = delete; // OpenSSL holds pointers to the members
  stream& operator=(stream const&) = delete;
  ~stream() = default;

  // The bytes are read in place: they must stay until a call returned want_input, or input_left() is false. Only then
  // may more be fed.
  void feed(std::span<char const> received) noexcept { wire_.input = received; }
  // read() has something to say without more input.
  [[nodiscard]] bool input_left() const noexcept;

  // Each of these may add to output(), whatever it returns: a failed handshake leaves an alert to be sent.
  [[nodiscard]] io handshake();
  // Seals all of it. After the handshake.
  [[nodiscard]] io write(std::span<char const> plaintext);
  // Opens records until `into`, not empty, is full or no input is left. done: n > 0 bytes are there; what ended the
  // stream behind them comes with the next call.
  [[nodiscard]] io read(std::span<char> into, std::size_t& n);
  // Adds a close_notify and waits for none (RFC 9112, section 9.8).
  void shutdown() noexcept;

  [[nodiscard]] std::string_view output() const noexcept {
    return std::string_view(wire_.output).substr(wire_.output_sent);
  }
  void consume_output(std::size_t n) noexcept;
  void release_room() noexcept { wire_.output.shrink_to_fit(); } // the output's, while nothing is to be sent

  // The handshake resumed an earlier session, with the verdict on the server's certificate from then.
  [[nodiscard]] bool resumed() const noexcept;
  [[nodiscard]] failure take_failure() noexcept { return std::move(failure_); }

private:
  [[nodiscard]] io established();
  [[nodiscard]] io ended_handshake(int outcome);
  [[nodiscard]] io ended_read(int outcome);
  [[nodiscard]] io fail(failure f) noexcept;
  [[nodiscard]] bool failed_by_itself();
  [[nodiscard]] handshake_facts facts(unsigned long code) const noexcept;

  std::shared_ptr<context> context_;
  ciphertext wire_;
  witness witness_{wire_};
  owned_connection connection_;
  failure failure_;
  io state_ = io::done;      // closed or failed once it is so
  bool undelivered_ = false; // read() returned plaintext first and has yet to tell of state_
  bool heard_ = false;       // plaintext was read
};

} // namespace hvc::tls
