#include "servers.hpp"

#include "config.hpp"
#include "connection_flags.hpp"
#include "option_names.hpp"
#include "session_cache.hpp"
#include "usage_error.hpp"

#include <cerrno>
#include <cstring>
#include <fstream>
#include <sstream>

namespace hvc::tools {

namespace {

// `line` says what `flags` were read from.
server make_server(boost::asio::any_io_executor const& executor, std::string name, command_line const& line,
                   connection_flags flags, bool verbose) {
  auto events = std::make_shared<event_log>(verbose, name);
  flags.client.observer(events);
  try {
    std::optional<session_cache> cache;
    if (flags.session_cache) {
      hvc::client const at_login(executor, flags.client); // refuses now what would else be refused at the login
      cache.emplace(flags.client, *flags.session_cache);
      flags.client.credentials(cache->source(executor));
    }
    hvc::client client(executor, flags.client);
    return {std::move(name),   std::move(flags.client), std::move(flags.call),
            std::move(events), std::move(client),       std::move(cache)};
  } catch (std::invalid_argument const& e) { // an address that is none, a certificate file that cannot be used
    throw usage_error(in_words_of(line, e.what()));
  }
}

std::vector<configured_server> read_config(std::string const& path) {
  errno = 0;
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  if (!file || (!(text << file.rdbuf()) && errno != 0)) // an empty file is refused as one that is no JSON
    throw usage_error("cannot read " + path + (errno != 0 ? std::string(": ") + std::strerror(errno) : std::string()));
  try {
    return parse_config(text.str(), std::filesystem::path(path).parent_path());
  } catch (usage_error const& e) {
    throw usage_error(path + ": " + e.what());
  }
}

// The configuration says which servers, whom to trust and who asks; the command line, how they are asked.
void refuse_flags_of_a_server(command_line const& line) {
  for (auto const* flag : {"server", "ca-file", "pin-sha256", "insecure", "cert", "key", "user", "password-file",
                           "session-token-file", "no-auth", "session-cache"})
    if (line.has(flag))
      throw usage_error("--config says which servers and who asks: it does not go with --" + std::string(flag));
}

server make_configured(boost::asio::any_io_executor const& executor, configured_server const& s,
                       command_line const& line, environment const& env) {
  auto arguments = s.arguments;
  for (std::string const flag : {"timeout", "attempts", "header"})
    for (auto const& value : line.values(flag))
      arguments.push_back("--" + flag + "=" + value);
  command_line const its_own(arguments);
  auto flags = read_connection_flags(
      its_own, [&env](char const* name) { return std::strcmp(name, "HVC_TIMEOUT") == 0 ? env(name) : std::nullopt; });
  return make_server(executor, s.name, its_own, std::move(flags), line.has("verbose"));
}

} // namespace

std::vector<server> make_servers(boost::asio::any_io_executor const& executor, command_line const& line,
                                 environment const& env) {
  std::vector<server> servers;
  auto const config = line.value("config");
  if (!config) {
    servers.push_back(make_server(executor, {}, line, read_connection_flags(line, env), line.has("verbose")));
    return servers;
  }
  refuse_flags_of_a_server(line);
  for (auto const& each : read_config(*config)) {
    try {
      servers.push_back(make_configured(executor, each, line, env));
    } catch (usage_error const& e) {
      throw usage_error(*config + ": server '" + each.name + "': " + in_keys(e.what()));
    }
  }
  return servers;
}

} // namespace hvc::tools
