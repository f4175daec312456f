// Every fault the simulator can commit, by name. Three sorts: of the handshake, a refusal sent instead of an answer,
// and a way to spoil an honest reply. Pure: what happens on the wire is a script or a name the server acts on.
#pragma once

#include "wire.hpp"

#include <hvc/simulator/simulator.hpp>

#include <variant>

namespace hvc::simulation {

// What befalls a connection before its first request.
enum class handshake_fault {
  none,
  reset,                       // when the ClientHello has come
  refuse,                      // RST at once, without reading
  silence,                     // accepts and says nothing
  plain_http,                  // answers the ClientHello with HTTP in clear
  old_version,                 // TLS 1.1 at most
  wrong_alpn,                  // picks h2
  client_certificate_required, // and takes none
  expired,                     // the rest: certificates
  not_yet_valid,
  wrong_host,
  self_signed,
  unknown_authority,
  no_intermediate,
  name_in_subject_only,
  weak_key,
  for_clients_only
};

// The reply a vCenter without faults would send.
struct honest_reply {
  canned_reply reply;
  bool chunked_by_default = false;
  date_time now;

  [[nodiscard]] wire_reply as_usual() const { return render(reply, chunked_by_default, now); }
  [[nodiscard]] wire_reply sized() const;
  [[nodiscard]] wire_reply chunked() const;
  [[nodiscard]] wire_reply with_body(std::string body) const; // another body, of the right length
};

using refusal = canned_reply (*)();
using spoiling = script (*)(honest_reply const&);

struct fault {
  std::string_view word;
  std::string_view rows;
  std::string_view description;
  std::variant<handshake_fault, refusal, spoiling> commit;

  [[nodiscard]] bool of_handshake() const noexcept { return std::holds_alternative<handshake_fault>(commit); }
};

[[nodiscard]] std::span<fault const> handshake_faults() noexcept;
[[nodiscard]] std::span<fault const> refusals() noexcept;
[[nodiscard]] std::span<fault const> framing_faults() noexcept; // of HTTP and below it
[[nodiscard]] std::span<fault const> body_faults() noexcept;

// By word or by row, whatever its case; null if there is none. A row with several faults names the first.
[[nodiscard]] fault const* find_fault(std::string_view name) noexcept;

} // namespace hvc::simulation
