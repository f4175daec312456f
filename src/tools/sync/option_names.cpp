#include "option_names.hpp"

#include <algorithm>
#include <array>

namespace hvc::tools {

namespace {

struct option {
  std::string_view begins; // a refusal of it
  std::string_view flag;
  std::string_view variable;
};

constexpr std::array known_options{
    option{"server:", "server", "HVC_SERVER"},
    option{"tls.ca_file ", "ca-file", "HVC_CA_FILE"},
    option{"tls.client_certificate_file ", "cert", {}},
    option{"tls.client_key_file ", "key", {}},
    option{"credentials: the user", "user", "HVC_USER"},
    option{"credentials: the session token", "session-token-file", "HVC_SESSION_TOKEN"},
};

} // namespace

std::string in_words_of(command_line const& line, std::string_view refusal) {
  auto const found = std::find_if(known_options.begin(), known_options.end(),
                                  [refusal](option const& o) { return refusal.starts_with(o.begins); });
  if (found == known_options.end())
    return std::string(refusal);
  auto const rest = refusal.substr(refusal.find_first_of(": "));
  bool const by_flag = found->variable.empty() || line.has(found->flag);
  return std::string(by_flag ? "--" : "").append(by_flag ? found->flag : found->variable).append(rest);
}

} // namespace hvc::tools
