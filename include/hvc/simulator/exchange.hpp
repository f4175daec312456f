// One exchange as the simulator sees it: the request that came, and a reply a test may answer it with. Plain values.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace hvc {

/// Header fields in the order of the wire.
using simulated_fields = std::vector<std::pair<std::string, std::string>>;

/// A request that reached the simulator.
struct simulated_request {
  std::string method;
  std::string target; ///< as it was on the wire, percent-encoded
  simulated_fields fields;
  std::string body;
  std::string link;             ///< of the target, decoded; empty if the target names none
  std::string provider;         ///< the same
  std::uint64_t connection = 0; ///< which connection of the simulator's life, from 1
  std::uint64_t exchange = 0;   ///< which request of the connection, from 1

  /// The value of the first field of this name, whatever its case; empty if there is none.
  [[nodiscard]] std::string_view field(std::string_view name) const noexcept;
};

/// A reply of one's own. The simulator adds the framing (and date and server), unless `wire` says it all.
struct canned_reply {
  canned_reply() {} // user-provided, as in all of this library: g++ 12 destroys aggregate temporaries in co_await twice
  canned_reply(int status_, std::string body_, std::string content_type_ = "application/json")
      : status(status_), content_type(std::move(content_type_)), body(std::move(body_)) {}

  int status = 200;
  std::string content_type = "application/json"; ///< empty: no such field
  std::string body;
  simulated_fields fields;            ///< further ones
  std::optional<bool> chunked;        ///< as simulator_options::chunked if unset
  std::chrono::milliseconds delay{0}; ///< on top of the simulator's own latency
  bool close = false;                 ///< `connection: close`, and the connection closes after this reply
  std::string fault;                  ///< a word of simulator::faults(): done to this reply; empty: none
  std::string wire; ///< if not empty: these bytes and nothing else; with `close`, the connection then closes
};

} // namespace hvc
