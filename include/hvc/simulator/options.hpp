// What a simulator is: how large its world, who may log in, how slow and how faulty it answers.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

namespace hvc {

/// Options of a simulator. The defaults make a healthy server on a free port of 127.0.0.1 that asks for no session. The
/// simulator's constructor refuses impossible values (no time is longer than a year) with std::invalid_argument, whose
/// text begins with the field's name.
class simulator_options {
public:
  simulator_options() {} // user-provided: see canned_reply

  // Where it listens
  std::string address = "127.0.0.1"; ///< IPv4 or IPv6
  std::uint16_t port = 0;            ///< 0: any free one
  unsigned threads = 1;              ///< of the simulator's own; of no meaning on an executor of the user's
  std::chrono::milliseconds idle_timeout{900'000}; ///< an unused connection is closed after this

  // Its world: links `link-1`..., each with providers `provider-1`...
  unsigned links = 3;                              ///< how many
  unsigned providers = 4;                          ///< of each link
  std::chrono::milliseconds sync_duration{10'000}; ///< how long a session takes that was started by `?action=start`
  std::string provider_body; ///< if not empty: the body of every reply to "get provider sync", instead of an Info

  // Who may ask
  std::string user;          ///< empty: no session is required, and any login succeeds
  std::string password;      ///< five wrong ones within 180 s lock the account for 900 s
  std::string authorization; ///< if not empty: a value of Authorization that stands for a login, and for a session
  std::chrono::milliseconds session_idle{1'800'000};      ///< a session not used for so long has ended
  std::chrono::milliseconds session_absolute{86'400'000}; ///< and so has one that was made so long ago
  unsigned session_limit = 550;                           ///< of sessions at once; a login beyond is refused

  // TLS
  bool tls_1_2 = true;
  bool tls_1_3 = true;
  std::vector<std::string> host_names{"localhost", "127.0.0.1", "::1"}; ///< names and addresses of the certificate
  /// Where authority (ca.pem, ca.key) and certificate (server.pem, server.key) are kept and found again; a certificate
  /// for other names, or of another authority, is made anew. Empty: new ones, in memory.
  std::string pki_directory;

  // How it answers
  bool chunked = false;
  std::chrono::milliseconds latency{0}; ///< before each reply, to a login too
  std::chrono::milliseconds rtt{0};     ///< before each reply, and twice before the TLS handshake
  /// A share of exchanges, logins among them (`1%`, `1/1000`, `0.01`): their replies wait for stall_time.
  std::string stall;
  std::chrono::milliseconds stall_time{1'000};
  /// `KIND@SHARE`: KIND is a word, or a row, of simulator::faults(); SHARE is of connections where the fault is one of
  /// the handshake, else of the exchanges under `/api/hvc`.
  std::vector<std::string> faults;
  std::uint64_t seed = 1; ///< of what faults meet whom
};

} // namespace hvc
