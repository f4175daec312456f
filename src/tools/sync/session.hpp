// What a running command has at hand: the servers it asks, its arguments, and where its answer goes.
#pragma once

#include "command_line.hpp"
#include "event_log.hpp"
#include "exit_code.hpp"
#include "session_cache.hpp"
#include "table.hpp"

#include <hvc/client.hpp>
#include <hvc/codec.hpp>

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace hvc::tools {

enum class output_format { table, json, ndjson, csv };

/// A server, and the client that asks it.
struct server {
  std::string name; // in the configuration; empty where the command line says which
  client_options options;
  call_options call;
  std::shared_ptr<event_log> events;
  hvc::client client; // made of the options
  std::optional<session_cache> cache;
};

struct session {
  std::span<server> servers; // one, or as many as --config names where the command takes that
  command_line const& line;
  std::vector<std::string> const& arguments; // of the command
  output_format format;
  canvas const& to;        // of standard output
  canvas const& errors_to; // of standard error

  /// Of the first server, for commands that ask no other.
  [[nodiscard]] hvc::client& client() const noexcept { return servers.front().client; }
  [[nodiscard]] call_options const& call() const noexcept { return servers.front().call; }

  /// Writes an answer of the first server, or why there is none; what to exit with. `as_table` makes the text for a
  /// person of the value.
  template <class T, class AsTable> [[nodiscard]] int report(result<T> const& answer, AsTable as_table) const {
    if (!answer)
      return report_error(answer.error());
    return write(format == output_format::json ? encode(*answer) + "\n" : as_table(*answer));
  }
  /// The same of an operation that answers nothing: `{}` for a program.
  [[nodiscard]] int report(result<void> const& answer, std::string const& done) const;
  /// Writes why there is no answer of the first server; what to exit with.
  [[nodiscard]] int report_error(error const& e) const;
  /// Writes on standard output; what to exit with.
  [[nodiscard]] static int write(std::string const& text);
};

} // namespace hvc::tools
