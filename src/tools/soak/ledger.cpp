#include "ledger.hpp"

#include <algorithm>

namespace hvc::soak {
namespace {

// So that each kind of handshake comes as often as each card of exchanges.
constexpr double handshakes_a_fault = 0.45;

// Of retries. In an absence every call under way tries again, and spends it; each success brings one token back.
constexpr unsigned budget = 500;

double fraction(std::uint64_t random) noexcept { return static_cast<double>(random >> 11) * 0x1p-53; }

std::size_t index_of(error_kind k) noexcept { return static_cast<std::size_t>(k); }

bool is_of_a_handshake(error const& e) noexcept {
  if (e.kind() == error_kind::deadline && e.stage() == stage::handshake)
    return true; // a silent one, for a call that had been tried before
  auto const table = faults_of_handshakes();
  if (e.kind() == error_kind::tls_handshake && e.reason() == "reset_in_handshake")
    return false;
  if (e.kind() == error_kind::protocol && e.reason() != "alpn")
    return false;
  return std::any_of(table.begin(), table.end(),
                     [&](fault const& f) { return f.outlook == outlook::fails && f.kind == e.kind(); });
}

} // namespace

ledger::ledger(std::uint64_t requests, unsigned concurrency, std::uint64_t seed, double share_of_faults)
    : seed_(seed), share_(share_of_faults), concurrency_(concurrency), records_(requests),
      exchanges_(faults_of_exchanges(), seed), handshakes_(faults_of_handshakes(), seed) {
  figures_.requests = requests;
}

temper ledger::temper_of(std::uint64_t call) const noexcept {
  auto const n = mixed(seed_, call, 0) % 1000;
  return n < 20 ? temper::commanding : n < 25 ? temper::hurried : n < 30 ? temper::fickle : temper::patient;
}

fault const* ledger::arrived(std::uint64_t call, bool with_session) {
  std::lock_guard const lock(mutex_);
  auto& r = records_[call];
  ++r.exchanges;
  ++figures_.exchanges;
  if (!with_session) { // answered 401
    ++r.rejections;
    return nullptr;
  }
  if (fraction(mixed(seed_, call, r.exchanges)) >= share_) {
    r.answered = true;
    return nullptr;
  }
  auto const is_401 = [](std::size_t n) { return faults_of_exchanges()[n].word == "401"; };
  // A fresh session that does not hold is a server beyond recovery.
  auto const dealt = exchanges_.deal([&](std::size_t n) { return r.rejections == 0 || !is_401(n); });
  auto const& f = faults_of_exchanges()[dealt];
  ++figures_.faulty_exchanges;
  ++figures_.met[dealt];
  if (is_401(dealt))
    ++r.rejections;
  switch (f.outlook) {
  case outlook::harmless:
    r.answered = true;
    r.anonymously = f.anonymous;
    break;
  case outlook::recovers:
    r.met_a_recoverable = true;
    break;
  case outlook::fails:
    r.met_an_end = true;
    r.last_end = static_cast<std::uint8_t>(dealt);
    break;
  }
  return &f;
}

fault const* ledger::next_handshake() {
  std::lock_guard const lock(mutex_);
  handshakes_due_ += share_ * handshakes_a_fault;
  if (handshakes_due_ < 1)
    return nullptr;
  handshakes_due_ -= 1;
  auto const dealt = handshakes_.deal();
  ++figures_.planned[dealt];
  ++figures_.handshakes_spoiled;
  return &faults_of_handshakes()[dealt];
}

void ledger::went_away() {
  std::lock_guard const lock(mutex_);
  away_ = true;
}

void ledger::came_back() {
  std::lock_guard const lock(mutex_);
  away_ = false;
  tokens_missing_ = budget;
}

void ledger::login_arrived() {
  std::lock_guard const lock(mutex_);
  successes_since_login_ = 0;
}

// Of the calls that succeed after a login, only those under way already when it came may have had an older session.
bool ledger::settled() const {
  std::lock_guard const lock(mutex_);
  return !away_ && tokens_missing_ == 0 && successes_since_login_ > concurrency_;
}

void ledger::answered(std::uint64_t call, std::chrono::nanoseconds too_late, std::string const& wrong) {
  std::lock_guard const lock(mutex_);
  end(call, too_late);
  auto const& r = records_[call];
  ++figures_.succeeded;
  ++successes_since_login_;
  if (tokens_missing_ != 0 && --tokens_missing_ == 0)
    recovered_at_ = clock::now();
  if (!wrong.empty() && !r.anonymously) {
    ++figures_.wrong;
    explain(call, "was given another call's answer: " + wrong);
  }
  if (!r.answered && temper_of(call) != temper::commanding) { // a command's answer has no body to spoil
    ++figures_.unexpected;
    explain(call, "succeeded although the server never answered it");
  }
  if (temper_of(call) == temper::patient && r.met_a_recoverable && !r.met_an_end) {
    ++figures_.recoverable;
    ++figures_.recovered;
  }
  if (temper_of(call) == temper::commanding && r.exchanges > 1 + r.rejections) {
    ++figures_.repeated;
    explain(call, "was sent more than once although it changes something");
  }
}

void ledger::failed(std::uint64_t call, std::chrono::nanoseconds too_late, error const& e) {
  std::lock_guard const lock(mutex_);
  end(call, too_late);
  ++figures_.failed;
  ++figures_.ended_with[index_of(e.kind())];
  judge_failure(call, records_[call], e);
}

void ledger::end(std::uint64_t call, std::chrono::nanoseconds too_late) {
  auto& r = records_[call];
  if (++r.ends > 1) {
    ++figures_.ended_twice;
    explain(call, "ended twice");
  } else {
    ++figures_.ended;
  }
  figures_.latest = std::max(figures_.latest, too_late);
}

void ledger::judge_failure(std::uint64_t call, record const& r, error const& e) {
  auto const temper = temper_of(call);
  if (temper == temper::commanding) {
    if (r.exchanges > 1 + r.rejections) {
      ++figures_.repeated;
      explain(call, "was sent more than once although it changes something", &e);
    }
    bool const no_reply = e.kind() == error_kind::connection_lost || e.kind() == error_kind::attempt_timeout;
    if (no_reply && r.exchanges > r.rejections && !e.may_have_taken_effect()) {
      ++figures_.doubtful;
      explain(call, "reached the server, and does not say so", &e);
    }
    return;
  }
  if (temper == temper::hurried && (e.kind() == error_kind::deadline || e.retryable()))
    return; // there was no time to try again, and that is told at once
  if (temper == temper::fickle && e.kind() == error_kind::canceled)
    return;
  if (r.rejections > 1 && e.kind() == error_kind::auth && e.reason() == "refresh_failed")
    return;
  if (of_a_handshake(e))
    return;
  if (of_an_absence(e)) {
    ++figures_.away;
    return;
  }
  if (r.met_an_end) {
    auto const& f = faults_of_exchanges()[r.last_end];
    if (e.kind() == f.kind)
      return;
    ++figures_.unexpected;
    return explain(call, "met '" + std::string(f.word) + "', and told of something else", &e);
  }
  if (temper == temper::patient && r.met_a_recoverable)
    ++figures_.recoverable;
  else
    ++figures_.unexpected;
  explain(call, "met nothing it could not have got over", &e);
}

// Whether the error is that of a handshake which was spoiled beyond recovery. Which call pays for one is the client's
// choice, so only their number can be held against them.
bool ledger::of_a_handshake(error const& e) {
  if (!is_of_a_handshake(e))
    return false;
  ++figures_.of_handshakes[index_of(e.kind())];
  return true;
}

bool ledger::of_an_absence(error const& e) const {
  return e.retryable() && (away_ || tokens_missing_ != 0 || clock::now() - e.elapsed() < recovered_at_);
}

void ledger::explain(std::uint64_t call, std::string_view what, error const* e) {
  if (figures_.explanations.size() >= most_explanations)
    return;
  auto text = "call " + std::to_string(call) + ' ' + std::string(what);
  if (e != nullptr)
    text += ": " + e->message() + " [attempts " + std::to_string(e->attempts()) + ", stage " +
            std::string(to_string(e->stage())) + (e->connection_reused() ? ", reused" : "") + ", after " +
            std::to_string(e->elapsed().count() / 1000) + " ms, " + std::to_string(records_[call].exchanges) +
            " exchanges]";
  figures_.explanations.push_back(std::move(text));
}

std::uint64_t ledger::ended() const {
  std::lock_guard const lock(mutex_);
  return figures_.ended;
}

figures ledger::count() const {
  std::lock_guard const lock(mutex_);
  return figures_;
}

} // namespace hvc::soak
