#include "verdict.hpp"

#include "faults.hpp"

#include <iomanip>
#include <map>

namespace hvc::soak {
namespace {

constexpr double most_amplification = 1.2;
constexpr double least_recovery = 0.9999;
constexpr std::uint64_t many_requests = 200'000; // from here on every card must have come often
constexpr double usual_share = 0.1;
constexpr std::uint64_t often = 500;

double milliseconds_of(std::chrono::nanoseconds t) { return std::chrono::duration<double, std::milli>(t).count(); }

using counts = std::map<std::string_view, std::uint64_t>;

counts by_card(std::span<fault const> faults, std::array<std::uint64_t, most_faults> const& met) {
  counts sums;
  for (std::size_t n = 0; n != faults.size(); ++n)
    sums[faults[n].card] += met[n];
  return sums;
}

std::uint64_t planned_to_fail_with(error_kind k, figures const& f) {
  std::uint64_t sum = 0;
  auto const table = faults_of_handshakes();
  for (std::size_t n = 0; n != table.size(); ++n)
    if (table[n].outlook == outlook::fails && table[n].kind == k)
      sum += f.planned[n];
  return sum;
}

// A connection that cannot be opened is charged to one call, or to a login, and then to all that wait for it.
bool too_often(error_kind k, figures const& f, settings const& s) {
  auto const n = static_cast<std::size_t>(k);
  return f.met_by_connections[n] > planned_to_fail_with(k, f) ||
         f.of_handshakes[n] > f.met_by_connections[n] + f.met_by_logins[n] * s.concurrency;
}

class list {
public:
  void none_of(std::uint64_t count, std::string_view what) {
    if (count != 0)
      lines_.push_back(std::to_string(count) + ' ' + std::string(what));
  }
  void add_if(bool wrong, std::string text) {
    if (wrong)
      lines_.push_back(std::move(text));
  }
  [[nodiscard]] std::vector<std::string> take() { return std::move(lines_); }

private:
  std::vector<std::string> lines_;
};

void check_frequencies(list& l, figures const& f, settings const& s) {
  if (s.requests < many_requests || s.share_of_faults < usual_share)
    return;
  for (auto const& sums : {by_card(faults_of_exchanges(), f.met), by_card(faults_of_handshakes(), f.planned)})
    for (auto const& [card, count] : sums)
      l.add_if(count < often, "'" + std::string(card) + "' came only " + std::to_string(count) + " times");
}

void print_table(std::ostream& out, std::span<fault const> faults, std::array<std::uint64_t, most_faults> const& met) {
  static constexpr std::string_view outlooks[]{"harmless", "recovers", "fails"};
  for (std::size_t n = 0; n != faults.size(); ++n) {
    auto const& f = faults[n];
    out << "  " << std::left << std::setw(24) << f.word << std::right << std::setw(8) << met[n] << "  "
        << outlooks[static_cast<std::size_t>(f.outlook)];
    if (f.outlook == outlook::fails)
      out << " with " << to_string(f.kind);
    out << '\n';
  }
}

void print_kinds(std::ostream& out, std::array<std::uint64_t, error_kinds> const& of) {
  for (std::size_t n = 0; n != of.size(); ++n)
    if (of[n] != 0)
      out << "  " << std::left << std::setw(24) << to_string(static_cast<error_kind>(n)) << std::right << std::setw(8)
          << of[n] << '\n';
}

} // namespace

std::vector<std::string> complaints(figures const& f, settings const& s, std::chrono::milliseconds tolerance) {
  list l;
  l.none_of(f.wrong, "calls were given another call's answer");
  l.none_of(f.requests - f.ended, "calls never ended");
  l.none_of(f.ended_twice, "calls ended twice");
  l.none_of(f.unexpected, "calls ended as nothing they met explains");
  l.none_of(f.repeated, "commands were sent more than once");
  l.none_of(f.doubtful, "failed commands do not say that they may have taken effect");
  l.add_if(f.latest > tolerance,
           "a call ended " + std::to_string(milliseconds_of(f.latest)) + " ms after its deadline");
  l.none_of(f.open_connections, "connections are open at the server after close");
  l.add_if(f.sockets != 0, std::to_string(f.sockets) + " more descriptors are open than before");
  l.add_if(f.allocations != 0, std::to_string(f.allocations) + " more allocations live than before");
  l.add_if(f.hung, "no call ended for too long, or the client did not close");
  l.add_if(f.recovery() < least_recovery, std::to_string(f.recoverable - f.recovered) + " of " +
                                              std::to_string(f.recoverable) +
                                              " calls failed though they could have recovered");
  l.add_if(f.amplification() > most_amplification,
           "retries amplified the load by " + std::to_string(f.amplification()));
  l.add_if(too_often(error_kind::tls_verify, f, s), "more certificates were refused than were spoiled");
  l.add_if(tolerance <= usual_tolerance && too_often(error_kind::tls_timeout, f, s), // a busy machine is late by itself
           "more handshakes timed out than were spoiled so");
  check_frequencies(l, f, s);
  return l.take();
}

void print_tables(std::ostream& out, figures const& f) {
  out << "Faults that exchanges met:\n";
  print_table(out, faults_of_exchanges(), f.met);
  out << "Faults planned for handshakes:\n";
  print_table(out, faults_of_handshakes(), f.planned);
  out << "Errors that calls ended with:\n";
  print_kinds(out, f.ended_with);
  out << "Errors that ended logins:\n";
  print_kinds(out, f.met_by_logins);
  out << "Errors that ended connections:\n";
  print_kinds(out, f.met_by_connections);
}

void print_figures(std::ostream& out, figures const& f, settings const& s, bool well) {
  auto const member = [&out](std::string_view name, auto value) { out << ",\"" << name << "\":" << value; };
  out << "{\"ok\":" << (well ? "true" : "false");
  member("requests", f.requests);
  member("seed", s.seed);
  member("seconds", f.took.count());
  member("succeeded", f.succeeded);
  member("failed", f.failed);
  member("wrong", f.wrong);
  member("lost", f.requests - f.ended);
  member("unexplained", f.unexpected);
  member("latest_ms", milliseconds_of(f.latest));
  member("leaked_allocations", f.allocations);
  member("leaked_sockets", f.sockets);
  member("open_connections", f.open_connections);
  member("exchanges", f.exchanges);
  member("faulty_exchanges", f.faulty_exchanges);
  member("spoiled_handshakes", f.handshakes_spoiled);
  member("restarts", f.restarts);
  member("failed_by_restarts", f.away);
  member("session_ends", f.expiries);
  member("logins", f.client.logins);
  member("connections", f.client.connections_opened);
  member("resumed", f.client.connections_resumed);
  member("replays", f.client.replays);
  member("retries", f.client.retries);
  member("amplification", f.amplification());
  member("lowest_budget", f.lowest_budget);
  member("recoverable", f.recoverable);
  member("recovered", f.recovered);
  member("recovery", f.recovery());
  out << '}' << std::endl;
}

} // namespace hvc::soak
