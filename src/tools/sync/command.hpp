// The commands of hvc-sync: a table of them, and what each is. One file per command holds its body.
#pragma once

#include "session.hpp"

#include <boost/asio/awaitable.hpp>

#include <span>
#include <string_view>

namespace hvc::tools {

struct command {
  std::string_view name;
  std::string_view arguments; // as the help shows them: one word each
  std::string_view summary;   // one line
  std::string_view details;   // further lines of the command's own help
  std::string_view flags;     // those of its own, by their long names, with spaces between
  /// Asks and reports; the exit code. Cancelled when the person wants to stop: it then reports that and ends.
  boost::asio::awaitable<int> (*run)(session const& s);
  /// A monitoring plugin: what goes wrong is told on standard output, in one line, and is UNKNOWN.
  bool is_plugin = false;
  std::string_view formats = "table json"; // what --output takes, with spaces between

  [[nodiscard]] std::size_t argument_count() const noexcept;
  /// Whether the flag is one of its own.
  [[nodiscard]] bool takes(std::string_view flag) const noexcept;
  [[nodiscard]] bool prints(std::string_view format) const noexcept;
};

/// In the order of the help.
[[nodiscard]] std::span<command const> commands() noexcept;
/// Null if there is none of this name.
[[nodiscard]] command const* find_command(std::string_view name) noexcept;
/// Refuses, with a usage_error, the flags of this line that belong to other commands.
void refuse_foreign_flags(command const& c, command_line const& line);

boost::asio::awaitable<int> run_get(session const& s);
boost::asio::awaitable<int> run_links(session const& s);
boost::asio::awaitable<int> run_providers(session const& s);
boost::asio::awaitable<int> run_start(session const& s);
boost::asio::awaitable<int> run_reset(session const& s);
boost::asio::awaitable<int> run_sweep(session const& s);
boost::asio::awaitable<int> run_watch(session const& s);
boost::asio::awaitable<int> run_wait(session const& s);
boost::asio::awaitable<int> run_check(session const& s);
boost::asio::awaitable<int> run_cert(session const& s);
boost::asio::awaitable<int> run_doctor(session const& s);

} // namespace hvc::tools
