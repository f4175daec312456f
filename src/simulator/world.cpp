#include "world.hpp"

#include "generated_info.hpp"
#include "standard_replies.hpp"

#include <charconv>

namespace hvc::simulation {
namespace {

constexpr std::string_view link_prefix = "link-";
constexpr std::string_view provider_prefix = "provider-";

// The number of a default id, from 1; 0 if it is none.
unsigned number_of(std::string_view id, std::string_view prefix, unsigned count) {
  if (!id.starts_with(prefix))
    return 0;
  id.remove_prefix(prefix.size());
  unsigned n = 0;
  auto const [end, problem] = std::from_chars(id.data(), id.data() + id.size(), n);
  if (problem != std::errc() || end != id.data() + id.size() || id.front() == '0' || n > count)
    return 0;
  return n;
}

std::string id_of(std::string_view prefix, unsigned number) { return std::string(prefix) + std::to_string(number); }

} // namespace

std::vector<link_summary> world::list_links() const {
  std::vector<link_summary> all;
  for (unsigned n = 1; n <= links_; ++n)
    all.push_back({id_of(link_prefix, n), "Hybrid link " + std::to_string(n)});
  for (auto const& [id, change] : changes_)
    if (number_of(id, link_prefix, links_) == 0)
      all.push_back({id, "Hybrid link " + id});
  return all;
}

std::vector<provider_summary> world::list_providers(std::string_view link) const {
  std::vector<provider_summary> all;
  if (number_of(link, link_prefix, links_) != 0)
    for (unsigned n = 1; n <= providers_; ++n)
      all.push_back({id_of(provider_prefix, n)});
  if (auto const* const l = changes_of(link))
    for (auto const& [id, change] : l->providers)
      if (number_of(link, link_prefix, links_) == 0 || number_of(id, provider_prefix, providers_) == 0)
        all.push_back({id});
  return all;
}

bool world::has_link(std::string_view link) const {
  return number_of(link, link_prefix, links_) != 0 || changes_of(link) != nullptr;
}

bool world::has_provider(std::string_view link, std::string_view provider) const {
  if (number_of(link, link_prefix, links_) != 0 && number_of(provider, provider_prefix, providers_) != 0)
    return true;
  auto const* const l = changes_of(link);
  return l != nullptr && l->providers.find(provider) != l->providers.end();
}

link_health world::health_of(std::string_view link) const {
  link_health h;
  auto const n = number_of(link, link_prefix, links_);
  if (n == 0 || n % 4 != 0) {
    h.connection_health_status = health_status::healthy;
    return h;
  }
  h.connection_health_status = health_status::unhealthy;
  h.health_status_message =
      message("com.vmware.hvc.link.unreachable", "The remote side of link " + std::string(link) + " does not answer.",
              {std::string(link)});
  return h;
}

sync_info world::info(std::string_view link, std::string_view provider, date_time now) const {
  auto const* const l = changes_of(link);
  changed_provider const* p = nullptr;
  if (l != nullptr)
    if (auto const found = l->providers.find(provider); found != l->providers.end())
      p = &found->second;
  if (p == nullptr || !p->started)
    return info_before_start(l, p, link, provider, now);

  auto session = session_at(*p->started, sync_duration_, now);
  if (session.completion_time)
    return synced(link, provider, std::move(session));
  // Until it has ended, the status is that of the one before.
  auto i = info_before_start(l, p, link, provider, now);
  i.last_sync_time = session.start_time;
  i.current_session_info = std::move(session);
  return i;
}

sync_info world::info_before_start(changed_link const* l, changed_provider const* p, std::string_view link,
                                   std::string_view provider, date_time now) const {
  if (p != nullptr && p->set)
    return *p->set;
  auto const link_number = number_of(link, link_prefix, links_);
  auto const number = number_of(provider, provider_prefix, providers_);
  if ((l != nullptr && l->reset) || link_number == 0 || number == 0)
    return never_synced(link, provider);
  return generated_info(link, provider, link_number - 1 + number - 1, now);
}

void world::start(std::string_view link, std::string_view provider, date_time now) {
  changes_[std::string(link)].providers[std::string(provider)].started = now;
}

void world::reset(std::string_view link) {
  auto& l = changes_[std::string(link)];
  l.reset = true;
  for (auto& [id, p] : l.providers)
    p = changed_provider();
}

void world::set(std::string_view link, std::string_view provider, std::optional<sync_info> info) {
  auto& p = changes_[std::string(link)].providers[std::string(provider)];
  if (!info)
    return;
  p.set = std::move(info);
  p.started.reset();
}

world::changed_link const* world::changes_of(std::string_view link) const {
  auto const found = changes_.find(link);
  return found == changes_.end() ? nullptr : &found->second;
}

} // namespace hvc::simulation
