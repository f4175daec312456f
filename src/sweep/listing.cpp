#include "sweep/listing.hpp"

#include <algorithm>
#include <utility>

namespace hvc::sweeping {
namespace {

constexpr std::size_t most_lists = 16; // at a time: as many as a client has connections, by default

} // namespace

listing::step listing::next() {
  if (!std::exchange(asked_, true))
    return {.what = step::type::list_links};
  if (lists_needed())
    return list_next_link();
  for (auto at = batches_.begin(); at != batches_.end();) {
    if (!at->answered && in_order_)
      break;
    if (at->answered && (at->failed || at->given < at->providers.size()))
      return give(*at);
    at = at->answered ? batches_.erase(at) : at + 1;
  }
  return {};
}

bool listing::lists_needed() const noexcept {
  return next_link_ < links_.size() && known_ < enough_ && open_lists_ < most_lists;
}

listing::step listing::list_next_link() {
  auto const& link = links_[next_link_].link;
  step s{.what = step::type::list_providers, .question = question(link, {}), .number = asked_lists_};
  batches_.push_back({.number = asked_lists_, .link = link}); // from here on nothing throws
  ++next_link_;
  ++asked_lists_;
  ++open_lists_;
  return s;
}

listing::step listing::give(batch& from) {
  step s{.what = from.failed ? step::type::tell : step::type::ask, .question = question(from.link, {})};
  --known_; // from here on nothing throws
  if (from.failed) {
    s.why = *std::move(from.failed);
    from.failed.reset();
  } else {
    s.question.provider = std::move(from.providers[from.given++].provider);
  }
  return s;
}

void listing::links(result<std::vector<link_summary>> answer) {
  answered_ = true;
  if (answer) {
    links_ = *std::move(answer);
    return;
  }
  batches_.push_back({.number = asked_lists_, .answered = true, .failed = answer.error()}); // of a link without a name
  ++known_;
  ++total_;
}

void listing::providers(std::uint64_t number, result<std::vector<provider_summary>> answer) {
  auto const of = std::lower_bound(batches_.begin(), batches_.end(), number,
                                   [](batch const& b, std::uint64_t n) { return b.number < n; });
  of->answered = true;
  if (answer)
    of->providers = *std::move(answer);
  else
    of->failed = answer.error();
  --open_lists_;
  std::size_t const found = of->failed ? 1 : of->providers.size();
  known_ += found;
  total_ += found;
}

bool listing::finished() const noexcept {
  return answered_ && next_link_ == links_.size() && open_lists_ == 0 && known_ == 0;
}

std::optional<std::uint64_t> listing::total() const noexcept {
  if (answered_ && next_link_ == links_.size() && open_lists_ == 0)
    return total_;
  return std::nullopt;
}

std::optional<std::uint64_t> listing::expected() const noexcept {
  std::uint64_t const came = asked_lists_ - open_lists_;
  if (came == 0)
    return total();
  return total_ + (links_.size() - came) * total_ / came;
}

} // namespace hvc::sweeping
