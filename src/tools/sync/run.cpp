#include "run.hpp"

#include "servers.hpp"
#include "terminal.hpp"
#include "usage_error.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>

#include <algorithm>
#include <array>
#include <csignal>
#include <cstdio>
#include <cstdlib>

namespace hvc::tools {

namespace {

output_format format_of(command const& c, command_line const& line) {
  if (c.is_plugin && line.has("output"))
    throw usage_error(std::string(c.name) + " prints what its plugin's host reads: it takes no --output");
  constexpr std::array<std::string_view, 4> names{"table", "json", "ndjson", "csv"};
  auto const text = line.value("output").value_or("table");
  auto const found = std::find(names.begin(), names.end(), text);
  if (found == names.end() || !c.prints(text))
    throw usage_error(std::string(c.name) + " --output takes one of " + std::string(c.formats) + ", and not '" + text +
                      "'");
  return static_cast<output_format>(found - names.begin());
}

// Refuses what is one too many, and what is missing, by name.
void check_count(command const& c, std::vector<std::string> const& arguments) {
  auto const refuse = [&c](std::string const& why) {
    auto const takes = c.arguments.empty() ? std::string("no argument") : std::string(c.arguments);
    throw usage_error(std::string(c.name) + " takes " + takes + ": " + why);
  };
  if (arguments.size() > c.argument_count())
    refuse("'" + arguments[c.argument_count()] + "' is one too many");
  if (arguments.size() == c.argument_count())
    return;
  std::string_view missing = c.arguments;
  for (std::size_t i = 0; i < arguments.size(); ++i)
    missing.remove_prefix(missing.find(' ') + 1);
  refuse("no " + std::string(missing.substr(0, missing.find(' '))) + " was given");
}

std::vector<std::string> arguments_of(command const& c, command_line const& line) {
  std::vector<std::string> arguments(line.words().begin() + 1, line.words().end());
  if (line.has("all") && !arguments.empty())
    throw usage_error("--all asks for every provider: name none");
  if (!line.has("all"))
    check_count(c, arguments);
  return arguments;
}

// A person's wish to stop, told to the command; the second one ends the process at once.
class interruption {
public:
  explicit interruption(boost::asio::io_context& context) : signals_(context, SIGINT, SIGTERM) {
    struct sigaction hang_up {};
    if (::sigaction(SIGHUP, nullptr, &hang_up) == 0 && hang_up.sa_handler != SIG_IGN) // as nohup(1) asks for
      signals_.add(SIGHUP);
    signals_.async_wait([this](boost::system::error_code ec, int) {
      if (ec)
        return;
      signals_.clear();
      stop_.emit(boost::asio::cancellation_type::terminal);
    });
  }

  [[nodiscard]] boost::asio::cancellation_slot slot() noexcept { return stop_.slot(); }
  void ignore() { signals_.cancel(); }

private:
  boost::asio::signal_set signals_;
  boost::asio::cancellation_signal stop_;
};

// Runs the command; returns when it has ended and the clients are closed, so that no session is left at a server.
int run_to_the_end(command const& c, session const& s, boost::asio::io_context& context, interruption& interrupted) {
  int code = exit_failure;
  std::exception_ptr thrown;
  std::size_t open = s.servers.size();
  auto const ended = [&](std::exception_ptr what, int its_code) {
    thrown = std::move(what);
    code = its_code;
    for (server& each : s.servers)
      each.client.async_close([&open] { --open; });
  };
  boost::asio::co_spawn(context, c.run(s), boost::asio::bind_cancellation_slot(interrupted.slot(), ended));
  while (open != 0 && context.run_one() != 0) {
  }
  interrupted.ignore();
  if (thrown)
    std::rethrow_exception(thrown);
  return code;
}

// A login for the session cache that nobody waits for any more: its session is yet to be kept, or logged out of.
void await_logins(std::span<server const> servers, boost::asio::io_context& context) {
  for (server const& each : servers) {
    auto const until = std::chrono::steady_clock::now() + each.options.timeouts().logout;
    while (each.cache && each.cache->is_logging_in() && context.run_one_until(until) != 0) {
    }
  }
}

// A look-up of a name under way cannot be cancelled, and ~io_context would wait for it, past every time-out.
void leave_if_still_resolving(boost::asio::io_context& context, int code) {
  context.run_for(std::chrono::milliseconds(100));
  if (context.stopped())
    return;
  std::fflush(nullptr);
  std::_Exit(code);
}

} // namespace

int run(command const& c, command_line const& line, environment const& env) {
  refuse_foreign_flags(c, line);
  auto const arguments = arguments_of(c, line);
  auto const format = format_of(c, line);
  auto const to = canvas_of(stdout, line, env);
  auto const errors_to = canvas_of(stderr, line, env);

  std::signal(SIGPIPE, SIG_IGN); // a reader that goes away must not keep us from logging out
  boost::asio::io_context context(1);
  auto servers = make_servers(context.get_executor(), line, env);
  interruption interrupted(context);
  int const code = run_to_the_end(c, session{servers, line, arguments, format, to, errors_to}, context, interrupted);
  await_logins(servers, context);
  for (server const& each : servers)
    each.events->finished(each.client.stats());
  leave_if_still_resolving(context, code);
  return code;
}

} // namespace hvc::tools
