// hvc-soak: calls a client for a long time against a server that errs at random, and says whether anything was wrong,
// lost, late or leaked. Reads the command line and prints; the last line are the figures.
#include "allocations.hpp"
#include "run.hpp"
#include "verdict.hpp"

#include <boost/program_options.hpp>

#include <algorithm>
#include <iostream>
#include <stdexcept>

namespace {

namespace po = boost::program_options;
using std::chrono::milliseconds;

constexpr int exit_unwell = 1;
constexpr int exit_usage = 2;
// After these, what is made once and kept is made: by OpenSSL, and by Asio for each thread.
constexpr std::uint64_t warm_up_requests = 10'000;
constexpr int warm_ups = 2;

po::options_description description() {
  po::options_description all("Options");
  auto add = all.add_options();
  auto const number = [](char const* name, std::uint64_t otherwise) {
    return po::value<std::uint64_t>()->value_name(name)->default_value(otherwise);
  };
  add("requests", number("N", 200'000), "how many calls to make");
  add("seed", number("S", 1), "of all that is random");
  add("faults", po::value<double>()->value_name("PERCENT")->default_value(10), "how many of the exchanges are faulty");
  add("concurrency", number("N", 256), "how many calls are under way at once");
  add("connections", number("N", 48), "how many connections the client may open");
  add("events", number("N", 20), "how often, at most, the sessions end and the server restarts, in turn");
  add("tolerance", number("MS", hvc::soak::usual_tolerance.count()),
      "how much later than its deadline a call may end, on a busy machine");
  add("quiet", "no progress on standard error");
  add("help,h", "this text");
  return all;
}

hvc::soak::settings settings_of(po::variables_map const& given) {
  hvc::soak::settings s;
  auto const number = [&](char const* flag) { return given[flag].as<std::uint64_t>(); };
  s.requests = number("requests");
  s.seed = number("seed");
  s.share_of_faults = given["faults"].as<double>() / 100;
  s.concurrency = static_cast<unsigned>(number("concurrency"));
  s.connections = static_cast<unsigned>(number("connections"));
  s.events = number("events");
  s.progress = given.count("quiet") == 0;
  constexpr std::uint64_t most_requests = 100'000'000; // each has a record, also where the number was negative
  constexpr std::uint64_t most_at_once = 4'096;
  if (s.requests == 0 || s.requests > most_requests)
    throw po::error("--requests: none, or more than 100,000,000");
  if (!(s.share_of_faults >= 0 && s.share_of_faults <= 1))
    throw po::error("--faults: no percentage");
  if (s.concurrency == 0 || number("concurrency") > most_at_once)
    throw po::error("--concurrency: none, or more than 4,096");
  if (s.connections == 0 || number("connections") > most_at_once)
    throw po::error("--connections: none, or more than 4,096");
  return s;
}

void flush_output() {
  if (!std::cout.flush())
    throw std::runtime_error("cannot write to standard output");
}

int soak(hvc::soak::settings const& s, milliseconds tolerance) {
  std::cout << "seed " << s.seed << '\n';
  flush_output();
  bool const counted = hvc::soak::count_allocations();
  auto warm_up = s;
  warm_up.requests = std::min(warm_up_requests, s.requests);
  warm_up.progress = false;
  for (int n = 0; n != warm_ups; ++n)
    (void)hvc::soak::run(warm_up);
  auto const f = hvc::soak::run(s);
  auto const complaints = hvc::soak::complaints(f, s, tolerance);
  hvc::soak::print_tables(std::cout, f);
  if (!counted)
    std::cout << "Allocations were not counted: that is the sanitizer's task here.\n";
  for (auto const& line : complaints)
    std::cout << "WRONG: " << line << '\n';
  for (auto const& line : f.explanations)
    std::cout << "  " << line << '\n';
  hvc::soak::print_figures(std::cout, f, s, complaints.empty());
  flush_output();
  return complaints.empty() ? 0 : exit_unwell;
}

int run(int argc, char** argv) {
  auto const all = description();
  po::variables_map given;
  auto const style = po::command_line_style::unix_style & ~po::command_line_style::allow_guessing;
  po::store(po::command_line_parser(argc, argv).options(all).positional({}).style(style).run(), given);
  po::notify(given);
  if (given.count("help")) {
    std::cout << "Usage: hvc-soak [OPTION]...\n"
                 "Random faults over real TLS on loopback. Exits 0 if nothing was wrong, lost, late or leaked, and 1 "
                 "otherwise;\nthe last line has the figures, as JSON.\n\n"
              << all;
    flush_output();
    return 0;
  }
  return soak(settings_of(given), milliseconds(given["tolerance"].as<std::uint64_t>()));
}

} // namespace

int main(int argc, char** argv) {
  try {
    return run(argc, argv);
  } catch (po::error const& e) {
    std::cerr << "hvc-soak: " << e.what() << "\nTry 'hvc-soak --help'.\n";
    return exit_usage;
  } catch (std::exception const& e) {
    std::cerr << "hvc-soak: " << e.what() << '\n';
    return exit_unwell;
  }
}
