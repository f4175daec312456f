#include "server.hpp"

#include <boost/asio/post.hpp>
#include <boost/system/system_error.hpp>

#include <charconv>
#include <cstdlib>
#include <stdexcept>

namespace hvc::soak {
namespace {

constexpr std::string_view session_target = "/api/session";
constexpr std::string_view session_field = "vmware-api-session-id";
constexpr std::uint64_t faulty_logins = 8; // one in so many

std::filesystem::path temporary_directory() {
  auto name = (std::filesystem::temp_directory_path() / "hvc-soak-XXXXXX").string();
  if (::mkdtemp(name.data()) == nullptr)
    throw std::runtime_error("cannot make a directory in " + name);
  return name;
}

std::uint16_t port_of(std::string_view url) {
  auto const text = url.substr(url.rfind(':') + 1);
  std::uint16_t port = 0;
  std::from_chars(text.data(), text.data() + text.size(), port);
  return port;
}

canned_reply unauthenticated() { return canned_reply(401, R"({"error_type":"UNAUTHENTICATED","messages":[]})"); }

std::optional<std::uint64_t> call_of(simulated_request const& request) {
  auto const text = request.field(server::call_field);
  std::uint64_t call = 0;
  auto const [end, problem] = std::from_chars(text.data(), text.data() + text.size(), call);
  if (text.empty() || problem != std::errc() || end != text.data() + text.size())
    return std::nullopt; // a login or a logout
  return call;
}

} // namespace

server::server(ledger& l, std::uint64_t events, std::uint64_t exchanges, std::uint64_t seed)
    : ledger_(l), interval_(events == 0 ? 0 : std::max<std::uint64_t>(exchanges / (events + 1), 1)),
      next_event_(interval_), pki_(temporary_directory()) {
  options_.pki_directory = pki_.string(); // a restarted server has its old certificate
  options_.links = links;
  options_.providers = providers;
  options_.seed = seed;
  open();
  url_ = simulators_.back()->server();
  ca_pem_ = simulators_.back()->ca_pem();
  options_.port = port_of(url_);
  thread_ = std::thread([this] { context_.run(); });
}

server::~server() {
  boost::asio::post(context_, [this] { simulators_.back()->stop(); });
  work_.reset();
  thread_.join();
  simulators_.clear();
  std::error_code ignored;
  std::filesystem::remove_all(pki_, ignored);
}

void server::open() {
  auto s = std::make_unique<simulator>(context_.get_executor(), options_);
  s->on_request([this, by = s.get()](simulated_request const& request) { return answer(request, *by); });
  std::lock_guard const lock(simulators_mutex_);
  simulators_.push_back(std::move(s));
}

void server::restart() {
  ledger_.went_away();
  sessions_.clear();
  simulators_.back()->stop();
  come_back(std::chrono::steady_clock::now() + std::chrono::seconds(10));
}

// The old one closes its port a moment after it is told to: until then it is tried again.
void server::come_back(std::chrono::steady_clock::time_point at_last) {
  try {
    open();
    ++restarts_;
    ledger_.came_back();
  } catch (boost::system::system_error const&) {
    if (std::chrono::steady_clock::now() >= at_last)
      throw;
    boost::asio::post(context_, [this, at_last] { come_back(at_last); });
  }
}

// On the server's only thread, and the exchange is answered there at once: so the next fault is this exchange's.
std::optional<canned_reply> server::answer(simulated_request const& request, simulator& by) {
  if (request.target == session_target)
    return answer_about_session(request);
  auto const call = call_of(request);
  if (!call)
    return std::nullopt;
  tick();
  bool const welcome = sessions_.contains(std::string(request.field(session_field)));
  if (auto const* const f = ledger_.arrived(*call, welcome))
    by.fault_next(f->word);
  return welcome ? std::nullopt : std::optional(unauthenticated());
}

canned_reply server::answer_about_session(simulated_request const& request) {
  if (request.method == "DELETE")
    return sessions_.erase(std::string(request.field(session_field))) != 0 ? canned_reply(204, "", "")
                                                                           : unauthenticated();
  if (!request.field("authorization").starts_with("Basic "))
    return unauthenticated();
  // A client makes one login more, and no other, after one that was lost: so that one must not fail. It comes on a
  // fresh connection if the lost one never arrived.
  bool const may_fail = request.exchange > 1 && ledger_.settled();
  ledger_.login_arrived();
  if (++logins_ % faulty_logins == 0 && may_fail)
    return canned_reply(503, "no healthy upstream", "text/plain");
  auto const token = "session-" + std::to_string(logins_);
  sessions_.insert(token);
  return canned_reply(201, '"' + token + '"');
}

// With each exchange: spoils handshakes and, from time to time, ends the sessions or restarts. Each event waits until
// the client has got over the last one.
void server::tick() {
  if (auto const* const f = ledger_.next_handshake())
    simulators_.back()->fault_next(f->word);
  ++exchanges_;
  if (interval_ == 0 || exchanges_ < next_event_ || !ledger_.settled())
    return;
  next_event_ = exchanges_ + interval_;
  if (expiries_ != restarts_) {
    boost::asio::post(context_, [this] { restart(); });
    return;
  }
  sessions_.clear();
  ++expiries_;
}

std::uint64_t server::open_connections() const {
  simulator* last = nullptr;
  auto const open = [&] {
    std::lock_guard const lock(simulators_mutex_);
    last = simulators_.back().get();
    std::uint64_t sum = 0;
    for (auto const& s : simulators_)
      sum += s->open_connections();
    return sum;
  };
  if (open() != 0)
    last->wait_until([&] { return open() == 0; }, std::chrono::seconds(5));
  return open();
}

} // namespace hvc::soak
