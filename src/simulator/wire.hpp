// Replies as bytes of HTTP/1.1, and scripts: what is done to a connection to send one, honestly or not. Pure: the
// server carries scripts out.
#pragma once

#include <hvc/model.hpp>
#include <hvc/simulator/exchange.hpp>

#include <vector>

namespace hvc::simulation {

// A reply about to be sent, in parts, so that a fault can bend one of them.
struct wire_reply {
  std::string start;       // the status line, without its end
  simulated_fields fields; // those of framing too
  std::string body;        // as on the wire: chunked, if it is

  [[nodiscard]] std::string head() const;
  [[nodiscard]] std::string bytes() const { return head() + body; }
  void set(std::string_view name, std::string value); // instead of what is there
  void drop(std::string_view name);
};

// Names of fields, and of faults, whatever their case.
[[nodiscard]] bool equal_names(std::string_view a, std::string_view b) noexcept;

[[nodiscard]] wire_reply render(canned_reply const& reply, bool chunked, date_time now);
[[nodiscard]] std::string as_chunks(std::string_view body);

struct step {
  enum class act {
    send,          // the bytes, through TLS
    send_in_clear, // the bytes, under TLS
    drip,          // the bytes, one by one, each after `time`
    wait,          // for `time`
    close,         // close_notify, then FIN
    hang_up,       // FIN without close_notify
    reset,         // RST
    keep_silent    // until the peer closes
  };
  act what;
  std::string bytes = {};
  std::chrono::milliseconds time{0};
};
// A script without an end (close, hang_up, reset, keep_silent) leaves the connection open.
using script = std::vector<step>;

[[nodiscard]] script play(canned_reply const& reply, bool chunked, date_time now);

} // namespace hvc::simulation
