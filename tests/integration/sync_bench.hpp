// hvc-sync as a user runs it, beside a simulator it is pointed at.
#pragma once

#include "catch.hpp"
#include "holds.hpp"
#include "program.hpp"

#include <hvc/simulator/simulator.hpp>

#include <boost/json/parse.hpp>

#include <map>
#include <string>
#include <vector>

namespace hvc::test {

using words = std::vector<std::string>;
using variables = std::map<std::string, std::string>;

inline hvc::simulator_options with_user() {
  hvc::simulator_options o;
  o.user = "me";
  o.password = "secret";
  return o;
}

// A server, and the tool pointed at it.
struct bench {
  explicit bench(hvc::simulator_options const& options = {}) : server(options), authority(server.ca_pem()) {}

  // Not pointed anywhere.
  [[nodiscard]] static program_outcome run_bare(words arguments, variables set = {}, std::string input = {}) {
    return run_program(HVC_SYNC, {std::move(arguments), std::move(set), std::move(input)});
  }
  [[nodiscard]] words trusting(words arguments) const {
    arguments.insert(arguments.end(), {"--server", server.server(), "--ca-file", authority.path()});
    return arguments;
  }
  [[nodiscard]] program_outcome run(words arguments, variables set = {}, std::string input = {}) const {
    return run_bare(trusting(std::move(arguments)), std::move(set), std::move(input));
  }
  [[nodiscard]] program_outcome get_json(words const& more = {}) const {
    words arguments{"get", "link-1", "provider-1", "-o", "json"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return run(arguments);
  }

  hvc::simulator server;
  temporary_file authority;
};

// As it is shown to a person: digits alone.
inline std::string fingerprint_of(hvc::simulator const& s) {
  std::string digits = s.certificate_sha256();
  std::erase(digits, ':');
  return digits;
}

inline boost::json::object error_in(program_outcome const& r) {
  CAPTURE(r.out, r.err);
  REQUIRE(r.out.ends_with("}\n"));
  auto const document = boost::json::parse(r.out);
  REQUIRE(document.as_object().size() == 1);
  return document.at("error").as_object();
}

inline std::string text_of(boost::json::object const& o, std::string_view name) {
  auto const* const found = o.if_contains(name);
  return found != nullptr && found->is_string() ? std::string(found->as_string()) : std::string();
}

} // namespace hvc::test
