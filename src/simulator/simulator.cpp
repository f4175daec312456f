// The simulator's parts joined: the vCenter and the fault plan behind one mutex, the server in front, and threads where
// the user gave no executor.
#include <hvc/simulator/simulator.hpp>

#include "fault_plan.hpp"
#include "server.hpp"
#include "standard_replies.hpp"
#include "vcenter.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/address.hpp>

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <stdexcept>
#include <thread>

namespace hvc {
namespace simulation {
namespace {

// As coarse as a server's date-times, which have three fraction digits.
date_time now() { return std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now()); }

using request_function = std::function<std::optional<canned_reply>(simulated_request const&)>;

fault const& fault_named(std::string_view kind) {
  auto const* const f = find_fault(kind);
  if (f == nullptr)
    throw std::invalid_argument("fault: no such kind as '" + std::string(kind) + '\'');
  return *f;
}

script spoil(fault const& f, honest_reply const& honest) {
  if (auto const* const refuse = std::get_if<refusal>(&f.commit))
    return play((*refuse)(), honest.chunked_by_default, honest.now);
  if (auto const* const spoiled = std::get_if<spoiling>(&f.commit))
    return (*spoiled)(honest);
  return play(honest.reply, honest.chunked_by_default, honest.now);
}

// What threads of the server and of the user share.
class shared_state final : public service {
public:
  explicit shared_state(simulator_options const& o)
      : vcenter_(o, o.seed ^ static_cast<std::uint64_t>(now().time_since_epoch().count())), // a token is not used again
        plan_(o.faults, o.stall, o.seed), latency_(o.latency), stall_time_(o.stall_time), chunked_(o.chunked) {}

  void connection_opened() override {
    ++accepted_;
    ++open_;
    counters_moved();
  }
  void connection_closed() override {
    --open_;
    counters_moved();
  }

  handshake_fault next_handshake() override {
    std::lock_guard const lock(mutex_);
    auto const* const f = plan_.for_connection();
    return f == nullptr ? handshake_fault::none : std::get<handshake_fault>(f->commit);
  }

  script answer(simulated_request request) override {
    auto where = route_of(request.method, request.target);
    request.link = std::move(where.link);
    request.provider = std::move(where.provider);
    auto steps = steps_for(request, where.what);
    ++requests_;
    counters_moved();
    return steps;
  }

  // Runs `f` on the vCenter and the plan, alone.
  template <class F> decltype(auto) with(F f) const {
    std::lock_guard const lock(mutex_);
    return f(vcenter_, plan_);
  }

  void on_request(request_function f) {
    std::lock_guard const lock(mutex_);
    hook_ = f ? std::make_shared<request_function const>(std::move(f)) : nullptr;
  }

  [[nodiscard]] std::uint64_t requests() const noexcept { return requests_; }
  [[nodiscard]] std::uint64_t accepted() const noexcept { return accepted_; }
  [[nodiscard]] std::uint64_t open() const noexcept { return open_; }

  bool wait_until(std::function<bool()> const& condition, std::chrono::milliseconds at_most) const {
    std::unique_lock lock(moved_mutex_);
    return moved_.wait_for(lock, at_most, condition);
  }

private:
  script steps_for(simulated_request const& request, operation what) {
    auto const t = now();
    script steps;
    if (auto const scripted = ask_hook(request))
      return scripted_steps(*scripted, t);
    std::lock_guard const lock(mutex_);
    if (latency_ > latency_.zero())
      steps.push_back({step::act::wait, {}, latency_});
    if (plan_.stalls())
      steps.push_back({step::act::wait, {}, stall_time_});
    auto const* const f = is_hvc(request.target) ? plan_.for_exchange() : nullptr;
    if (f != nullptr && std::holds_alternative<refusal>(f->commit))
      return append(std::move(steps), spoil(*f, {{}, chunked_, t}));
    auto const reply = vcenter_.answer(request, what, t);
    return append(std::move(steps), f == nullptr ? delayed(reply, t) : spoil(*f, {reply, chunked_, t}));
  }

  // Called without the lock: it may use the simulator.
  [[nodiscard]] std::optional<canned_reply> ask_hook(simulated_request const& request) const {
    auto const hook = with([this](auto&&...) { return hook_; });
    if (!hook)
      return std::nullopt;
    try {
      return (*hook)(request);
    } catch (...) { // whatever a user's function throws
      return reply_with(make_error(error_type::internal_server_error,
                                   message("com.vmware.hvc.simulator.exception", "The on_request function threw.")));
    }
  }

  [[nodiscard]] script scripted_steps(canned_reply const& reply, date_time t) const {
    script steps;
    if (latency_ > latency_.zero())
      steps.push_back({step::act::wait, {}, latency_});
    return append(std::move(steps), delayed(reply, t));
  }

  // A reply of the user's own may ask for a delay, and for a fault.
  [[nodiscard]] script delayed(canned_reply const& reply, date_time t) const {
    script steps;
    if (reply.delay > reply.delay.zero())
      steps.push_back({step::act::wait, {}, reply.delay});
    auto const* const f = reply.fault.empty() ? nullptr : find_fault(reply.fault);
    return append(std::move(steps), f == nullptr ? play(reply, chunked_, t) : spoil(*f, {reply, chunked_, t}));
  }

  static script append(script first, script&& rest) {
    std::move(rest.begin(), rest.end(), std::back_inserter(first));
    return first;
  }

  void counters_moved() {
    { std::lock_guard const lock(moved_mutex_); } // so that nobody looks, misses this, and then sleeps
    moved_.notify_all();
  }

  mutable std::mutex mutex_; // of the next three
  mutable vcenter vcenter_;
  mutable fault_plan plan_;
  std::shared_ptr<request_function const> hook_;
  std::chrono::milliseconds const latency_;
  std::chrono::milliseconds const stall_time_;
  bool const chunked_;

  std::atomic<std::uint64_t> requests_ = 0;
  std::atomic<std::uint64_t> accepted_ = 0;
  std::atomic<std::uint64_t> open_ = 0;
  mutable std::mutex moved_mutex_;
  mutable std::condition_variable moved_;
};

// Against a negative number that a command line has made a huge one.
constexpr unsigned most_threads = 256;
constexpr unsigned most_ids = 1'000'000;
// Added to a time it overflows nothing.
constexpr std::chrono::milliseconds longest = std::chrono::hours(24 * 365);

void check(simulator_options const& o) {
  auto const refuse = [](bool wrong, char const* why) {
    if (wrong)
      throw std::invalid_argument(why);
  };
  boost::system::error_code not_an_address;
  boost::asio::ip::make_address(o.address, not_an_address);
  refuse(not_an_address.failed(), "address: neither IPv4 nor IPv6");
  refuse(o.threads == 0 || o.threads > most_threads, "threads: none, or more than 256");
  refuse(o.links > most_ids, "links: more than a million");
  refuse(o.providers > most_ids, "providers: more than a million");
  refuse(std::count(o.host_names.begin(), o.host_names.end(), "") != 0, "host_names: one is empty");
  refuse(!o.tls_1_2 && !o.tls_1_3, "tls_1_3: no version of TLS is left");
  refuse(o.user.find(':') != std::string::npos, "user: holds a colon, which Basic cannot say");
  auto const refuse_time = [&](char const* name, std::chrono::milliseconds given, std::chrono::milliseconds least) {
    if (given < least || given > longest)
      throw std::invalid_argument(std::string(name) + (given > longest ? ": more than a year" : ": too short"));
  };
  constexpr std::chrono::milliseconds none(0), some(1);
  refuse_time("session_idle", o.session_idle, some);
  refuse_time("session_absolute", o.session_absolute, some);
  refuse_time("sync_duration", o.sync_duration, some);
  refuse_time("idle_timeout", o.idle_timeout, some);
  refuse_time("latency", o.latency, none);
  refuse_time("rtt", o.rtt, none);
  refuse_time("stall_time", o.stall_time, none);
}

std::string url_of(std::string const& address, std::uint16_t port) {
  auto const host = address.find(':') == std::string::npos ? address : '[' + address + ']';
  return "https://" + host + ':' + std::to_string(port);
}

} // namespace
} // namespace simulation

class simulator::impl {
public:
  explicit impl(simulator_options const& o)
      : own_(std::make_unique<boost::asio::io_context>(static_cast<int>(o.threads))) {
    start(own_->get_executor(), o);
    try {
      for (unsigned n = 0; n != o.threads; ++n)
        threads_.emplace_back([this] { own_->run(); });
    } catch (...) { // those there are must end
      stop();
      throw;
    }
  }
  impl(boost::asio::any_io_executor executor, simulator_options const& o) { start(std::move(executor), o); }
  ~impl() {
    stop();
    state_->on_request(nullptr);
  }
  impl(impl const&) = delete;
  impl& operator=(impl const&) = delete;

  void stop() {
    server_->stop();
    std::lock_guard const lock(join_mutex_);
    for (auto& t : threads_)
      if (t.joinable())
        t.join();
  }

  [[nodiscard]] simulation::shared_state& state() const noexcept { return *state_; }

  std::string url, ca_pem, sha256;

private:
  void start(boost::asio::any_io_executor executor, simulator_options const& o) {
    simulation::check(o);
    state_ = std::make_shared<simulation::shared_state>(o);
    auto pki = simulation::open_pki(o.pki_directory, o.host_names);
    ca_pem = pki.authority.certificate_pem();
    sha256 = pki.server.sha256();
    auto contexts = std::make_shared<simulation::tls_contexts>(std::move(pki), o.host_names, o.tls_1_2, o.tls_1_3);
    (void)contexts->context_for(simulation::handshake_fault::none); // what is wrong with it is known here
    server_ = simulation::server::start(std::move(executor), {o.address, o.port, o.idle_timeout, o.rtt},
                                        std::move(contexts), state_);
    url = simulation::url_of(o.address, server_->port());
  }

  std::unique_ptr<boost::asio::io_context> own_; // null: the user's
  std::shared_ptr<simulation::shared_state> state_;
  std::shared_ptr<simulation::server> server_;
  std::mutex join_mutex_; // of the threads' ends
  std::vector<std::thread> threads_;
};

simulator::simulator(simulator_options options) : impl_(std::make_unique<impl>(options)) {}
simulator::simulator(boost::asio::any_io_executor executor, simulator_options options)
    : impl_(std::make_unique<impl>(std::move(executor), options)) {}
simulator::~simulator() = default;
simulator::simulator(simulator&&) noexcept = default;
simulator& simulator::operator=(simulator&&) noexcept = default;

std::string const& simulator::server() const noexcept { return impl_->url; }
std::string const& simulator::ca_pem() const noexcept { return impl_->ca_pem; }
std::string const& simulator::certificate_sha256() const noexcept { return impl_->sha256; }
void simulator::stop() { impl_->stop(); }

std::uint64_t simulator::requests() const noexcept { return impl_->state().requests(); }
std::uint64_t simulator::connections_accepted() const noexcept { return impl_->state().accepted(); }
std::uint64_t simulator::open_connections() const noexcept { return impl_->state().open(); }
std::uint64_t simulator::logins() const noexcept {
  return impl_->state().with([](auto& vcenter, auto&) { return vcenter.logins(); });
}
std::uint64_t simulator::logouts() const noexcept {
  return impl_->state().with([](auto& vcenter, auto&) { return vcenter.logouts(); });
}
unsigned simulator::live_sessions() const {
  return impl_->state().with([](auto& vcenter, auto&) { return vcenter.live_sessions(simulation::now()); });
}
bool simulator::wait_until(std::function<bool()> const& condition, std::chrono::milliseconds at_most) const {
  return impl_->state().wait_until(condition, at_most);
}

void simulator::set_provider(std::string_view link, std::string_view provider, sync_info info) {
  impl_->state().with([&](auto& vcenter, auto&) { vcenter.set_provider(link, provider, std::move(info)); });
}
void simulator::set_reply(std::string_view link, std::string_view provider, canned_reply reply, unsigned times) {
  if (!reply.fault.empty())
    (void)simulation::fault_named(reply.fault);
  impl_->state().with([&](auto& vcenter, auto&) { vcenter.set_reply(link, provider, std::move(reply), times); });
}
void simulator::fail_with(standard_error error, int status, unsigned times) {
  impl_->state().with([&](auto& vcenter, auto&) { vcenter.fail_with(simulation::reply_with(error, status), times); });
}
void simulator::on_request(std::function<std::optional<canned_reply>(simulated_request const&)> answer) {
  impl_->state().on_request(std::move(answer));
}
void simulator::fault_next(std::string_view kind, unsigned times) {
  auto const& f = simulation::fault_named(kind);
  impl_->state().with([&](auto&, auto& plan) { plan.next(f, times); });
}
void simulator::expire_sessions() {
  impl_->state().with([](auto& vcenter, auto&) { vcenter.expire_sessions(); });
}
void simulator::set_credentials(std::string_view user, std::string_view password) {
  impl_->state().with([&](auto& vcenter, auto&) { vcenter.set_credentials(user, password); });
}

} // namespace hvc
