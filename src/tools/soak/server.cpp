#include "server.hpp"

#include <boost/asio/post.hpp>
#include <boost/system/system_error.hpp>

#include <charconv>
#include <cstdlib>
#include <stdexcept>

namespace hvc::soak {
namespace {

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
      pki_(temporary_directory()) {
  options_.pki_directory = pki_.string(); // a restarted server has its old certificate
  options_.links = links;
  options_.providers = providers;
  options_.user = user;
  options_.password = password;
  options_.session_limit = 1'000'000; // a session it has called dead lives on in the simulator
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
  s->on_request([this, generation = static_cast<unsigned>(simulators_.size())](simulated_request const& request) {
    return answer(request, generation);
  });
  simulators_.push_back(std::move(s));
}

// The old one closes its port a moment after it is told to: until then it is tried again.
void server::restart() {
  simulators_.back()->stop();
  try {
    open();
    ++restarts_;
  } catch (boost::system::system_error const&) {
    boost::asio::post(context_, [this] { restart(); });
  }
}

// On the server's only thread, and the exchange is answered there at once: so the next fault is this exchange's.
std::optional<canned_reply> server::answer(simulated_request const& request, unsigned generation) {
  auto const call = call_of(request);
  if (!call)
    return std::nullopt;
  tick();
  if (auto const* const f = ledger_.arrived(*call, std::string(request.field("vmware-api-session-id")), generation))
    simulators_[generation]->fault_next(f->word);
  return std::nullopt;
}

// With each exchange: spoils handshakes and, from time to time, ends the sessions or restarts.
void server::tick() {
  if (auto const* const f = ledger_.next_handshake())
    simulators_.back()->fault_next(f->word);
  ++exchanges_;
  if (interval_ == 0 || exchanges_ % interval_ != 0)
    return;
  if (exchanges_ / interval_ % 2 == 0) {
    boost::asio::post(context_, [this] { restart(); });
    return;
  }
  ledger_.sessions_ended();
  simulators_.back()->expire_sessions();
  ++expiries_;
}

std::uint64_t server::open_connections() const {
  auto const open = [this] {
    std::uint64_t sum = 0;
    for (auto const& s : simulators_)
      sum += s->open_connections();
    return sum;
  };
  simulators_.back()->wait_until([&] { return open() == 0; }, std::chrono::seconds(5));
  return open();
}

} // namespace hvc::soak
