// The simulator's authority and certificate: made anew, or found again in the directory where an earlier simulator left
// them, so that a restarted server is the same server to its clients.
#pragma once

#include "authority.hpp"

namespace hvc::simulation {

struct server_pki {
  pki::authority authority;
  pki::identity server;
};

// Names that are addresses become such in the certificate.
[[nodiscard]] pki::certificate_options certificate_for(std::vector<std::string> const& host_names);

// An empty directory name: in memory only. Throws std::runtime_error for a directory or a file it cannot use.
[[nodiscard]] server_pki open_pki(std::string const& directory, std::vector<std::string> const& host_names);

} // namespace hvc::simulation
