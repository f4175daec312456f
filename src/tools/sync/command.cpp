#include "command.hpp"

#include "usage_error.hpp"

#include <algorithm>
#include <array>

namespace hvc::tools {

namespace {

constexpr std::array all{
    command{"get", "LINK PROVIDER", "how the synchronisation of one provider stands",
            "Asks GET /api/hvc/links/LINK/sync/providers/PROVIDER. With --output json: the\n"
            "server's Info, with the API's own names. An Info that says FAILED is an answer,\n"
            "too: exit code 0; check is the command that judges. The last sync is told by\n"
            "when it began.\n",
            "", run_get},
    command{"links", "", "the hybrid links of the server",
            "Asks GET /api/hvc/links. With --output json: an array of {link, display_name}.\n", "", run_links},
    command{"providers", "LINK", "the sync providers of a link",
            "Asks GET /api/hvc/links/LINK/sync/providers. With --output json: an array of\n{provider}.\n", "",
            run_providers},
    command{"start", "LINK PROVIDER", "starts the synchronisation of one provider",
            "Asks POST /api/hvc/links/LINK/sync/providers/PROVIDER?action=start, once: where\n"
            "no reply comes nobody knows whether it was done. With --output json: {}.\n",
            "", run_start},
    command{"reset", "LINK", "resets the synchronisation of a link",
            "Asks POST /api/hvc/links/LINK/sync?action=reset, once, as start does. With\n--output json: {}.\n", "",
            run_reset},
    command{"sweep", "", "how all providers stand that the server lists",
            "Asks GET /api/hvc/links, for the providers of each, and how each stands. The\n"
            "answers go to standard output as they come; progress, and a summary at the end,\n"
            "to standard error. Exits with 0 where all were answered and none is FAILED; with\n"
            "1 where some are, or were answered with a standard error; else as below, 3\n"
            "before 4 before 1; with 130 when interrupted, after what had come by then.\n"
            "With --output json, an array of {link, provider, elapsed_us, info}, with error\n"
            "in place of info where there is none; with ndjson the same in a line each; with\n"
            "csv as RFC 4180 has it.\n"
            "  --html FILE              also a page with totals, pictures and a table, for a\n"
            "                           browser\n"
            "  --rate N|unlimited       questions a second, of each server; 200 if not given\n"
            "  --concurrency N          questions at once, of each server; 64 if not given\n"
            "  --config FILE            in place of --server and its kin: the servers in\n"
            "                           FILE, at once. Where there are several, each answer\n"
            "                           begins with its server's name.\n",
            "rate concurrency config html", run_sweep, false, "table json ndjson csv"},
    command{"watch", "LINK PROVIDER", "how one provider stands, whenever that has changed",
            "Asks as get does, again and again, until it is interrupted (exit code 130). A\n"
            "failure is a change, too, but for a first one that will not pass by itself.\n"
            "With --output json or ndjson: a line for each change, {time, info}, or with\n"
            "error in place of info.\n"
            "  --interval TIME          the least from an answer to the next question: what\n"
            "                           the server says if not given\n",
            "interval", run_watch, false, "table json ndjson"},
    command{"wait", "LINK PROVIDER", "waits for the end of a provider's synchronisation",
            "Ends when its session is COMPLETED (exit code 0) or FAILED (1), also where it is\n"
            "already, and prints what get would; until then, progress on standard error.\n"
            "What may pass is waited for: a server that restarts, a session not there yet.\n"
            "  --newer-than DATE-TIME   not the session that began then, or an earlier one:\n"
            "                           after start, the start_time that get told before it\n"
            "  --interval TIME          the least from an answer to the next question: 5s if\n"
            "                           not given\n",
            "interval newer-than", run_wait},
    command{"check", "LINK PROVIDER", "a plugin for Nagios, Icinga and their kin",
            "Prints one line, such as\n"
            "  HVC OK - L/P SUCCEEDED 120 s ago | age=120s;900;3600;0\n"
            "  -w, --warning AGE        of the last sync: WARNING when it is older\n"
            "  -c, --critical AGE       the same, CRITICAL\n"
            "  --all                    in place of LINK PROVIDER: all that the server lists,\n"
            "                           in a line each, the worst first; the figure age= is\n"
            "                           the oldest provider's, and a count of each state\n"
            "                           stands beside it\n"
            "  --config FILE            with --all, in place of --server and its kin: the\n"
            "                           servers in FILE, at once\n"
            "  --rate N|unlimited       with --all, of each server: questions a second; 200\n"
            "                           if not given\n"
            "  --concurrency N          with --all, of each server: questions at once; 64 if\n"
            "                           not given\n"
            "Ages are told by the server's clock: 900, 15m, 1h. FAILED is CRITICAL, and\n"
            "NO_SYNC_FOUND is WARNING. With --all, --timeout is for all questions together.\n",
            "warning critical all config rate concurrency", run_check, true},
    command{"cert", "", "the certificates a server shows, trusted or not",
            "Shows them and the flag that would trust them, and sends no credentials. With\n"
            "--output json: {server, protocol, trusted, why_not?, chain}. Exits with 0 where\n"
            "it could show them.\n",
            "", run_cert},
    command{"doctor", "", "why it does not work, step by step",
            "Looks up the name, connects, shakes hands, logs in, asks for links and\n"
            "providers, and compares the clocks; each step is timed. Exits as its first\n"
            "failure would. With --output json: an array of {step, result, elapsed_us?,\n"
            "text, error?}.\n",
            "", run_doctor},
};

bool is_among(std::string_view word, std::string_view words) noexcept {
  while (!words.empty()) {
    auto const end = std::min(words.find(' '), words.size());
    if (words.substr(0, end) == word)
      return true;
    words.remove_prefix(std::min(end + 1, words.size()));
  }
  return false;
}

} // namespace

std::size_t command::argument_count() const noexcept {
  if (arguments.empty())
    return 0;
  return static_cast<std::size_t>(std::count(arguments.begin(), arguments.end(), ' ')) + 1;
}

bool command::takes(std::string_view flag) const noexcept { return is_among(flag, flags); }

bool command::prints(std::string_view format) const noexcept { return is_among(format, formats); }

void refuse_foreign_flags(command const& c, command_line const& line) {
  for (std::string const& flag : line.given())
    if (!c.takes(flag) &&
        std::any_of(all.begin(), all.end(), [&flag](command const& other) { return other.takes(flag); }))
      throw usage_error(std::string(c.name) + " takes no --" + flag);
}

std::span<command const> commands() noexcept { return all; }

command const* find_command(std::string_view name) noexcept {
  auto const found = std::find_if(all.begin(), all.end(), [name](command const& c) { return c.name == name; });
  return found == all.end() ? nullptr : &*found;
}

} // namespace hvc::tools
