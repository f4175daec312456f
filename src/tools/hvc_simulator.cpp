// hvc-simulator: the simulator as a program, for a shell, a demonstration or a test in another language. Reads the
// command line, prints one line of JSON when it is ready, and runs until SIGTERM or SIGINT.
#include <hvc/simulator/simulator.hpp>

#include <boost/json.hpp>
#include <boost/program_options.hpp>
#include <boost/system/system_error.hpp>

#include <algorithm>
#include <charconv>
#include <csignal>
#include <fstream>
#include <iostream>
#include <iterator>
#include <stdexcept>

namespace {

namespace po = boost::program_options;
using milliseconds = std::chrono::milliseconds;

constexpr int exit_runtime = 1;
constexpr int exit_usage = 2;

struct usage_error : std::runtime_error {
  using std::runtime_error::runtime_error;
};

// "20ms", "1.5s", "2m", "1h"; a bare number is seconds.
milliseconds parse_duration(std::string const& flag, std::string_view text) {
  double value = 0;
  auto const [end, problem] = std::from_chars(text.data(), text.data() + text.size(), value, std::chars_format::fixed);
  std::string_view const unit(end, static_cast<std::size_t>(text.data() + text.size() - end));
  double const factor = unit == "ms"                  ? 1
                        : unit == "s" || unit.empty() ? 1'000
                        : unit == "m"                 ? 60'000
                        : unit == "h"                 ? 3'600'000
                                                      : 0;
  if (problem != std::errc() || factor == 0 || !(value >= 0) || value * factor > 1e12)
    throw usage_error("--" + flag + ": '" + std::string(text) + "' is no duration, such as 20ms, 1.5s or 2m");
  return milliseconds(static_cast<milliseconds::rep>(value * factor));
}

// "127.0.0.1:0" or "[::1]:8443".
void parse_listen(std::string_view text, hvc::simulator_options& o) {
  auto const refuse = [&]() -> void {
    throw usage_error("--listen: '" + std::string(text) + "' is not of the form ADDRESS:PORT");
  };
  auto const colon = text.rfind(':');
  if (colon == std::string_view::npos || colon == 0)
    return refuse();
  auto address = text.substr(0, colon);
  auto const port = text.substr(colon + 1);
  if (address.starts_with('[') && address.ends_with(']'))
    address = address.substr(1, address.size() - 2);
  auto const [end, problem] = std::from_chars(port.data(), port.data() + port.size(), o.port);
  if (problem != std::errc() || end != port.data() + port.size())
    return refuse();
  o.address = address;
}

std::string read_file(std::string const& flag, std::string const& name) {
  std::ifstream in(name, std::ios::binary);
  in.peek(); // a directory can be opened: only this tells, or else an exception
  if (!in)
    throw usage_error("--" + flag + ": cannot read " + name);
  return {std::istreambuf_iterator<char>(in), {}};
}

// The first line, so that an editor's newline is no part of the password.
std::string read_password(std::string const& name) {
  auto text = read_file("password-file", name);
  text.resize(std::min(text.find_first_of("\r\n"), text.size()));
  return text;
}

po::options_description description() {
  po::options_description all("Options");
  auto add = all.add_options();
  auto const text = [](char const* name) { return po::value<std::string>()->value_name(name); };
  auto const number = [](char const* name) { return po::value<int>()->value_name(name); };
  add("listen", text("ADDRESS:PORT")->default_value("127.0.0.1:0"), "where to listen; port 0: any free one");
  add("links", number("N")->default_value(3), "how many links there are: link-1, link-2...");
  add("providers", number("N")->default_value(4), "how many providers each link has: provider-1, provider-2...");
  add("ca-out", text("FILE"), "write the authority's certificate here");
  add("pki", text("DIR"), "keep authority (ca.pem) and certificate here, and find them again");
  add("host", po::value<std::vector<std::string>>()->value_name("NAME")->composing(),
      "a name or address of the certificate, repeatable; by default localhost, 127.0.0.1 and ::1");
  add("user", text("USER"), "require a session; without it anyone may ask");
  add("password-file", text("FILE"), "the user's password: the file's first line");
  add("session-idle", text("TIME")->default_value("30m"), "an unused session ends after this");
  add("session-absolute", text("TIME")->default_value("24h"), "any session ends after this");
  add("session-limit", number("N")->default_value(550), "how many sessions there may be");
  add("idle-timeout", text("TIME")->default_value("900s"), "an unused connection is closed after this");
  add("sync-duration", text("TIME")->default_value("10s"), "how long a sync takes that was started");
  add("latency", text("TIME")->default_value("0ms"), "wait before each reply");
  add("rtt", text("TIME")->default_value("0ms"), "wait before each reply, and twice before the TLS handshake");
  add("stall", text("SHARE"), "of exchanges, as 1% or 1/1000: their replies wait for --stall-time");
  add("stall-time", text("TIME")->default_value("1s"), "see --stall");
  add("fault", po::value<std::vector<std::string>>()->value_name("KIND@SHARE")->composing(),
      "commit this fault, repeatable; the kinds are below");
  add("seed", po::value<std::uint64_t>()->value_name("N")->default_value(1), "of what faults meet whom");
  add("chunked", "chunked replies");
  add("body", text("FILE"), "answer every provider's sync with this file");
  add("threads", number("N")->default_value(1), "how many threads serve");
  add("help,h", "this text");
  add("version,V", "the version");
  return all;
}

void set_session(po::variables_map const& given, hvc::simulator_options& o) {
  if (given.count("user") != given.count("password-file"))
    throw usage_error("--user and --password-file need each other");
  if (given.count("user") == 0)
    return;
  o.user = given["user"].as<std::string>();
  if (o.user.empty())
    throw usage_error("--user: is empty");
  o.password = read_password(given["password-file"].as<std::string>());
}

hvc::simulator_options options_of(po::variables_map const& given) {
  hvc::simulator_options o;
  auto const text = [&](char const* flag) { return given.count(flag) ? given[flag].as<std::string>() : std::string(); };
  auto const duration = [&](char const* flag) { return parse_duration(flag, given[flag].as<std::string>()); };
  auto const number = [&](char const* flag) {
    int const n = given[flag].as<int>(); // an unsigned value would take -1 for a large one
    if (n < 0)
      throw usage_error("--" + std::string(flag) + ": " + std::to_string(n) + " is less than none");
    return static_cast<unsigned>(n);
  };
  parse_listen(text("listen"), o);
  o.links = number("links");
  o.providers = number("providers");
  o.pki_directory = text("pki");
  if (given.count("host"))
    o.host_names = given["host"].as<std::vector<std::string>>();
  set_session(given, o);
  o.session_idle = duration("session-idle");
  o.session_absolute = duration("session-absolute");
  o.session_limit = number("session-limit");
  o.idle_timeout = duration("idle-timeout");
  o.sync_duration = duration("sync-duration");
  o.latency = duration("latency");
  o.rtt = duration("rtt");
  if (given.count("stall"))
    o.stall = text("stall");
  o.stall_time = duration("stall-time");
  if (given.count("fault"))
    o.faults = given["fault"].as<std::vector<std::string>>();
  o.seed = given["seed"].as<std::uint64_t>();
  o.chunked = given.count("chunked") != 0;
  if (given.count("body"))
    o.provider_body = read_file("body", text("body"));
  o.threads = number("threads");
  return o;
}

// Somebody waits for what was written.
void flush_output() {
  if (!std::cout.flush())
    throw std::runtime_error("cannot write to standard output");
}

void print_help(po::options_description const& all) {
  std::cout
      << "Usage: hvc-simulator [OPTION]...\n"
         "A vCenter to test clients of its hybrid-link API against: over TLS, with faults on demand.\n\n"
      << all
      << "\nWhen it is ready it prints one line, {\"server\":\"https://ADDRESS:PORT\",\"ca_file\":\"FILE\"}, and it\n"
         "ends on SIGTERM or SIGINT. The provider error-NOT_FOUND of any link answers with that error, and so do\n"
         "the others of the API. Five wrong passwords in 180 s lock the account for 900 s.\n\n"
         "KINDS of --fault, with their rows of the fault catalogue, which may stand for them. SHARE, as 1% or\n"
         "1/1000, is of connections for those marked *, else of the exchanges under /api/hvc.\n";
  for (auto const& f : hvc::simulator::faults()) {
    std::string name(f.word);
    if (f.of_handshake)
      name += '*';
    name.resize(std::max<std::size_t>(name.size(), 24), ' ');
    std::string rows(f.rows);
    rows.resize(std::max<std::size_t>(rows.size(), 8), ' ');
    std::cout << "  " << name << ' ' << rows << ' ' << f.description << '\n';
  }
}

void write_ca(std::string const& file, std::string const& pem) {
  if (file.empty())
    return;
  std::ofstream out(file, std::ios::binary | std::ios::trunc);
  out << pem << std::flush;
  if (!out)
    throw std::runtime_error("cannot write " + file);
}

// Blocked before any thread starts, so that no thread is interrupted by one: this one asks for them.
sigset_t block_signals() {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGTERM);
  sigaddset(&set, SIGINT);
  pthread_sigmask(SIG_BLOCK, &set, nullptr);
  return set;
}

int serve(hvc::simulator_options o, std::string const& ca_out) {
  auto const signals = block_signals();
  auto const kept = o.pki_directory.empty() ? std::string() : o.pki_directory + "/ca.pem";
  hvc::simulator simulator(std::move(o));
  write_ca(ca_out, simulator.ca_pem());
  boost::json::object const ready{{"server", simulator.server()}, {"ca_file", ca_out.empty() ? kept : ca_out}};
  std::cout << boost::json::serialize(ready) << '\n';
  flush_output();
  int signal = 0;
  sigwait(&signals, &signal);
  simulator.stop();
  return 0;
}

int run(int argc, char** argv) {
  auto const all = description();
  po::variables_map given;
  // No abbreviations, and nothing but options.
  auto const style = po::command_line_style::unix_style & ~po::command_line_style::allow_guessing;
  po::store(po::command_line_parser(argc, argv).options(all).positional({}).style(style).run(), given);
  po::notify(given);
  if (given.count("help")) {
    print_help(all);
    flush_output();
    return 0;
  }
  if (given.count("version")) {
    std::cout << "hvc-simulator " HVC_VERSION "\n";
    flush_output();
    return 0;
  }
  return serve(options_of(given), given.count("ca-out") ? given["ca-out"].as<std::string>() : std::string());
}

int fail(int code, std::string_view why) {
  std::cerr << "hvc-simulator: " << why << '\n';
  if (code == exit_usage)
    std::cerr << "Try 'hvc-simulator --help'.\n";
  return code;
}

} // namespace

int main(int argc, char** argv) {
  try {
    return run(argc, argv);
  } catch (usage_error const& e) {
    return fail(exit_usage, e.what());
  } catch (po::error const& e) {
    return fail(exit_usage, e.what());
  } catch (std::invalid_argument const& e) { // an option the simulator refuses
    return fail(exit_usage, e.what());
  } catch (boost::system::system_error const& e) { // whose what() speaks of Asio's source files
    return fail(exit_runtime, "cannot listen: " + e.code().message());
  } catch (std::exception const& e) {
    return fail(exit_runtime, e.what());
  }
}
