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
  /// Asks and reports; the exit code. Cancelled when the person wants to stop: it then reports that and ends.
  boost::asio::awaitable<int> (*run)(session const& s);

  [[nodiscard]] std::size_t argument_count() const noexcept;
};

/// In the order of the help.
[[nodiscard]] std::span<command const> commands() noexcept;
/// Null if there is none of this name.
[[nodiscard]] command const* find_command(std::string_view name) noexcept;

boost::asio::awaitable<int> run_get(session const& s);
boost::asio::awaitable<int> run_links(session const& s);
boost::asio::awaitable<int> run_providers(session const& s);
boost::asio::awaitable<int> run_start(session const& s);
boost::asio::awaitable<int> run_reset(session const& s);

} // namespace hvc::tools
