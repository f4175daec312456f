#include "faults.hpp"

#include <array>
#include <utility>

namespace hvc::soak {

std::span<fault const> faults_of_exchanges() noexcept {
  using enum outlook;
  using k = error_kind;
  static constexpr std::array table{
      // Tried again
      fault{"503 without more", "503", recovers},
      fault{"503 without more", "503-upstream", recovers},
      fault{"503 without more", "503-standard", recovers},
      fault{"503 with retry-after", "503-retry-after", recovers},
      fault{"503 with retry-after", "503-retry-after-date", recovers},
      fault{"429 with and without", "429", recovers},
      fault{"429 with and without", "429-retry-after", recovers},
      fault{"502, 504, 408", "502", recovers},
      fault{"502, 504, 408", "504", recovers},
      fault{"502, 504, 408", "408", recovers},
      fault{"500-busy", "500-busy", recovers},
      fault{"401", "401", recovers},
      fault{"reset", "reset", recovers},
      fault{"close", "close", recovers},
      fault{"stall", "stall", recovers},
      fault{"truncate", "truncate", recovers},
      fault{"truncate-reset", "truncate-reset", recovers},
      fault{"truncate-head", "truncate-head", recovers},
      fault{"notify-in-body", "notify-in-body", recovers},
      fault{"no-length-truncated", "no-length-truncated", recovers},
      // Nothing to see for a caller
      fault{"close-after", "close-after", harmless},
      fault{"close-idle", "close-idle", harmless},
      fault{"no-close-notify", "no-close-notify", harmless},
      fault{"idle-bytes", "idle-bytes", harmless},
      fault{"same-lengths", "same-lengths", harmless},
      fault{"extra-bytes", "extra-bytes", harmless},
      fault{"no-length", "no-length", harmless},
      fault{"trailers, http-1.0", "trailers", harmless},
      fault{"trailers, http-1.0", "http-1.0", harmless},
      fault{"early-hints", "early-hints", harmless},
      fault{"of a newer server", "unknown-status", harmless, {}, true},
      fault{"of a newer server", "unknown-member", harmless},
      // The end of the call
      fault{"standard errors", "500", fails, k::standard},
      fault{"standard errors", "403", fails, k::standard},
      fault{"standard errors", "unknown-error", fails, k::standard},
      fault{"404-route", "404-route", fails, k::route_unknown},
      fault{"statuses without JSON", "404-empty", fails, k::http_status},
      fault{"statuses without JSON", "redirect", fails, k::http_status},
      fault{"503-retry-after-absurd", "503-retry-after-absurd", fails, k::http_status},
      fault{"no JSON", "html", fails, k::content},
      fault{"no JSON", "empty", fails, k::content},
      fault{"no JSON", "no-content", fails, k::content},
      fault{"no JSON", "gzip", fails, k::content},
      fault{"no JSON", "text-html", fails, k::content},
      fault{"no JSON", "utf-16", fails, k::content},
      fault{"stall-in-body", "stall-in-body", fails, k::deadline},
      fault{"slow", "slow", fails, k::deadline},
      fault{"lengths and chunks", "bad-length", fails, k::protocol},
      fault{"lengths and chunks", "huge-length", fails, k::protocol},
      fault{"lengths and chunks", "two-lengths", fails, k::protocol},
      fault{"lengths and chunks", "te-cl", fails, k::protocol},
      fault{"lengths and chunks", "folded-length", fails, k::protocol},
      fault{"lengths and chunks", "bad-te", fails, k::protocol},
      fault{"lengths and chunks", "bad-chunk", fails, k::protocol},
      fault{"lengths and chunks", "bad-chunk-end", fails, k::protocol},
      fault{"lengths and chunks", "http-1.0-chunked", fails, k::protocol},
      fault{"heads and records", "bad-field", fails, k::protocol},
      fault{"heads and records", "bad-status", fails, k::protocol},
      fault{"heads and records", "upgrade", fails, k::protocol},
      fault{"heads and records", "garbage", fails, k::protocol},
      fault{"beyond a limit", "huge-body", fails, k::limit},
      fault{"beyond a limit", "chunk-extensions", fails, k::limit},
      fault{"beyond a limit", "big-head", fails, k::limit},
      fault{"beyond a limit", "many-fields", fails, k::limit},
      fault{"beyond a limit", "many-hints", fails, k::limit},
      fault{"beyond a limit", "deep", fails, k::limit},
      fault{"bad JSON", "no-json", fails, k::decode},
      fault{"bad JSON", "trailing-junk", fails, k::decode},
      fault{"bad JSON", "bom", fails, k::decode},
      fault{"bad JSON", "bad-utf8", fails, k::decode},
      fault{"bad JSON", "not-a-number", fails, k::decode},
      fault{"not the page's JSON", "bad-number", fails, k::decode},
      fault{"not the page's JSON", "duplicate", fails, k::decode},
      fault{"not the page's JSON", "missing", fails, k::decode},
      fault{"not the page's JSON", "wrong-type", fails, k::decode},
      fault{"not the page's JSON", "null", fails, k::decode},
      fault{"not the page's JSON", "bad-time", fails, k::decode},
      fault{"not the page's JSON", "wrapped", fails, k::decode},
  };
  return table;
}

std::span<fault const> faults_of_handshakes() noexcept {
  using enum outlook;
  using k = error_kind;
  static constexpr std::array table{
      fault{"reset-in-handshake", "reset-in-handshake", recovers, k::tls_handshake},
      fault{"refuse", "refuse", recovers, k::tls_handshake},
      fault{"silent-handshake", "silent-handshake", fails, k::tls_timeout},
      fault{"plain-http", "plain-http", fails, k::tls_handshake},
      fault{"expired", "expired", fails, k::tls_verify},
      fault{"not-yet-valid", "not-yet-valid", fails, k::tls_verify},
      fault{"wrong-host", "wrong-host", fails, k::tls_verify},
      fault{"self-signed", "self-signed", fails, k::tls_verify},
      fault{"untrusted-root", "untrusted-root", fails, k::tls_verify},
      fault{"no-intermediate", "no-intermediate", fails, k::tls_verify},
      fault{"name-in-subject", "name-in-subject", fails, k::tls_verify},
      fault{"weak-key", "weak-key", fails, k::tls_verify},
      fault{"for-clients-only", "for-clients-only", fails, k::tls_verify},
      fault{"old-tls", "old-tls", fails, k::tls_handshake},
      fault{"client-certificate", "client-certificate", fails, k::tls_handshake},
      fault{"alpn-h2", "alpn-h2", fails, k::protocol},
  };
  return table;
}

deck::deck(std::span<fault const> faults, std::uint64_t seed) : random_(seed) {
  for (std::size_t n = 0; n != faults.size(); ++n) {
    if (n == 0 || faults[n].card != faults[n - 1].card)
      cards_.push_back({n, n, n});
    cards_.back().last = n + 1;
  }
  for (std::size_t n = 0; n != cards_.size(); ++n)
    order_.push_back(n);
  dealt_ = order_.size();
}

std::size_t deck::draw() {
  if (dealt_ == order_.size()) {
    std::shuffle(order_.begin(), order_.end(), random_);
    dealt_ = 0;
  }
  auto& c = cards_[order_[dealt_++]];
  auto const fault = c.next;
  c.next = fault + 1 == c.last ? c.first : fault + 1;
  return fault;
}

// The finalizer of SplitMix64, once for each number.
std::uint64_t mixed(std::uint64_t seed, std::uint64_t a, std::uint64_t b) noexcept {
  auto const stir = [](std::uint64_t x) {
    x += 0x9e3779b97f4a7c15;
    x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9;
    x = (x ^ (x >> 27)) * 0x94d049bb133111eb;
    return x ^ (x >> 31);
  };
  return stir(stir(stir(seed) ^ a) ^ b);
}

} // namespace hvc::soak
